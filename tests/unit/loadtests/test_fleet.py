import pytest

from adsmock.loadtests.behavior import tempers
from adsmock.loadtests.plan import read
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shared_state import SharedState
from tests.unit.loadtests.stand import HandClock, NoChance, ToldHand, plan


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def fleet(clock):
    return SharedState(plan(), clock, NoChance())


def let_work_arrive(fleet, clock, seconds):
    for _second in range(seconds):
        clock.at += 1.0
        fleet.feed()


def test_plan_survives_its_file(tmp_path):
    plan().write(tmp_path / "plan.json")
    assert read(tmp_path / "plan.json") == plan()


def test_work_arrives_by_the_shape_whether_or_not_anyone_does_it(fleet, clock):
    let_work_arrive(fleet, clock, 50)
    # 30 users at level 0.4 over two regions: six for each profile, fifty seconds.
    for name, role in ROLES.items():
        assert fleet.tally.work(name)["arrived"] == pytest.approx(12 * role.rate * 50, abs=2)
    let_work_arrive(fleet, clock, 100)
    arrived = fleet.tally.work()["arrived"]
    let_work_arrive(fleet, clock, 50)
    assert fleet.tally.work()["arrived"] == arrived


@pytest.mark.parametrize("of", [1, 2, 3, 4, 7])
def test_several_processes_share_the_profiles_the_keywords_and_the_work(clock, of):
    fleets = [SharedState(plan(workers=of), clock, NoChance(), index, of) for index in range(of)]
    held = [{word for desk in one.desks for word in desk.target.keyword_ids} for one in fleets]
    assert sorted(word for words in held for word in words) == [f"k{n}" for n in range(6)]
    clock.at += 20.0
    for one in fleets:
        one.feed()
    whole = sum(one.tally.work("optimiser")["arrived"] for one in fleets)
    assert whole == pytest.approx(12 * 2 * 20, abs=of)


def test_who_shares_a_profile_never_builds_a_campaign_of_the_same_name(clock):
    fleets = [SharedState(plan(workers=4), clock, NoChance(), index, 4) for index in range(4)]
    names = []
    for one in fleets:
        for desk in one.desks:
            if desk.role == "builder":
                desk.arrive(5, clock.at)
                numbers = [number for number, _at in desk.take(5)]
                names += [(desk.target.profile_id, number) for number in numbers]
    assert len(names) == len(set(names)) == 20


def test_a_turn_writes_what_has_gathered_at_the_desk_that_waited_longest(fleet, clock):
    let_work_arrive(fleet, clock, 3)
    hand = ToldHand()
    fleet.work("optimiser", hand)
    ((verb, resource, _profile, items),) = hand.written
    assert (verb, resource) == ("update", "sp.keywords")
    assert len(items) == 3  # no keyword twice
    assert fleet.tally.work("optimiser")["done"] == 3
    assert set(fleet.tally.bids) == {item["keywordId"] for item in items}


def test_what_failed_waits_again(fleet, clock):
    let_work_arrive(fleet, clock, 3)
    before = fleet.tally.waiting("builder")
    fleet.work("builder", ToldHand("again"))
    fleet.work("reader", ToldHand(came=False))
    assert fleet.tally.waiting("builder") == before
    assert fleet.tally.work("reader")["done"] == 0
    assert not fleet.tally.made


def test_a_desk_that_is_held_is_left_to_its_holder(fleet, clock):
    let_work_arrive(fleet, clock, 3)
    for desk in fleet.desks:
        desk.is_held = True
    hand = ToldHand()
    fleet.work("optimiser", hand)
    assert hand.written == []


def test_what_a_killed_worker_had_in_hand_is_doubtful(fleet, clock):
    let_work_arrive(fleet, clock, 3)
    desk = next(desk for desk in fleet.desks if desk.role == "optimiser" and desk.waiting)
    desk.take(1, lambda change: ROLES["optimiser"].subject(desk.target, change))
    assert len(fleet.on_the_way()) == 1


def test_new_workers_take_the_roles_with_the_fewest(fleet):
    assert {fleet.enlist() for _each in ROLES} == set(ROLES)
    fleet.dismiss("reader")
    assert fleet.enlist() == "reader"


def test_tempers_differ_in_data_alone():
    well, careless = tempers()["well-behaved"], tempers()["careless"]
    assert (well.batch, well.page) > (careless.batch, careless.page)
    waits = [well.first_poll]
    for _poll in range(4):
        waits.append(well.next_poll(waits[-1]))
    assert waits == [2.0, 4.0, 8.0, 8.0, 8.0]
    assert careless.next_poll(0.0) == 0.0


def test_fleet_fetches_one_token_for_all_workers_until_it_is_about_to_expire(fleet, clock):
    granted = []

    def grant(region):
        granted.append(region)
        return f"token {len(granted)}", 3600.0

    assert [fleet.token("NA", grant) for _worker in range(3)] == ["token 1"] * 3
    clock.at += 3600.0 - 59.0
    assert fleet.token("NA", grant) == "token 2"


def test_fleet_fetches_again_after_a_token_was_refused(fleet):
    fleet.token("NA", lambda _region: ("old", 3600.0))
    fleet.forget_token("NA")
    assert fleet.token("NA", lambda _region: ("new", 3600.0)) == "new"


def test_slot_waits_for_its_interval_and_no_longer(fleet, clock):
    with fleet.slot("NA", "sp.write") as first:
        assert first is not None
    with fleet.slot("NA", "sp.write") as second:
        assert second is first
    assert clock.slept[-1] == pytest.approx(1.0 / first.rate)


def test_slot_is_left_to_the_next_turn_when_the_lane_is_held(fleet, clock):
    with fleet.slot("NA", "sp.write") as pace:
        pace.throttled(clock.now(), 5.0, 0.0)
    with fleet.slot("NA", "sp.write") as held:
        assert held is None
    clock.at += 5.0
    with fleet.slot("NA", "sp.write") as free:
        assert free is pace


def test_slot_lets_one_worker_at_a_time_onto_a_lane(fleet):
    with fleet.slot("NA", "sp.write"):
        with fleet.slot("NA", "sp.write") as other:
            assert other is None
        with fleet.slot("NA", "sp.read") as elsewhere:
            assert elsewhere is not None


def test_slot_frees_its_lane_when_a_call_breaks(fleet, clock):
    with pytest.raises(OSError, match="broken"), fleet.slot("NA", "sp.write"):
        raise OSError("broken")
    clock.at += 10.0
    with fleet.slot("NA", "sp.write") as pace:
        assert pace is not None


def test_a_run_of_hours_is_counted_by_minutes_and_looked_at_as_often(clock):
    fleet = SharedState(plan(duration=36_000.0), clock, NoChance())
    seen = set()
    for _step in range(300):
        clock.at += 1.0
        fleet.look()
        seen.add(fleet.second())
    assert seen == {0, 60, 120, 180, 240, 300}
    looks = {second: times for (second, region), times in fleet.tally.of("jobs") if region == "NA"}
    assert set(looks) == seen


def test_what_waits_is_looked_at_once_a_second_in_a_short_run(fleet, clock):
    let_work_arrive(fleet, clock, 3)
    fleet.look()
    fleet.look()
    waits = sum(times for (_second, _region), times in fleet.tally.of("wait"))
    assert waits == sum(len(desk.waiting) for desk in fleet.desks)
