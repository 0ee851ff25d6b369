import pytest

from adsmock.loadtests.behavior import behaviors
from adsmock.loadtests.plan import document, parse
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shared_state import SharedState
from tests.unit.loadtests.fixtures import FixedCaller, ManualClock, NoChance, plan


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def shared(clock):
    return SharedState(plan(), clock, NoChance())


def let_work_arrive(shared, clock, seconds):
    for _second in range(seconds):
        clock.at += 1.0
        shared.add_arrivals()


def test_plan_survives_its_file(tmp_path):
    plan().write(tmp_path / "plan.json")
    assert parse(document(str(tmp_path / "plan.json"))) == plan()


def test_work_arrives_by_the_shape_whether_or_not_anyone_does_it(shared, clock):
    let_work_arrive(shared, clock, 50)
    # 30 users at level 0.4 over two regions: six for each profile, fifty seconds.
    for name, role in ROLES.items():
        assert shared.counters.work(name)["arrived"] == pytest.approx(12 * role.rate * 50, abs=2)
    let_work_arrive(shared, clock, 100)
    arrived = shared.counters.work()["arrived"]
    let_work_arrive(shared, clock, 50)
    assert shared.counters.work()["arrived"] == arrived


@pytest.mark.parametrize("of", [1, 2, 3, 4, 7])
def test_several_processes_share_the_profiles_the_keywords_and_the_work(clock, of):
    shares = [SharedState(plan(workers=of), clock, NoChance(), index, of) for index in range(of)]
    held = [{word for queue in one.queues for word in queue.target.keyword_ids} for one in shares]
    assert sorted(word for words in held for word in words) == [f"k{n}" for n in range(6)]
    clock.at += 20.0
    for one in shares:
        one.add_arrivals()
    whole = sum(one.counters.work("optimizer")["arrived"] for one in shares)
    assert whole == pytest.approx(12 * 2 * 20, abs=of)


def test_who_shares_a_profile_never_builds_a_campaign_of_the_same_name(clock):
    shares = [SharedState(plan(workers=4), clock, NoChance(), index, 4) for index in range(4)]
    names = []
    for one in shares:
        for queue in one.queues:
            if queue.role == "builder":
                queue.arrive(5, clock.at)
                numbers = [number for number, _at in queue.take(5)]
                names += [(queue.target.profile_id, number) for number in numbers]
    assert len(names) == len(set(names)) == 20


def test_a_turn_writes_the_queue_that_waited_longest(shared, clock):
    let_work_arrive(shared, clock, 3)
    caller = FixedCaller()
    shared.work("optimizer", caller)
    ((verb, resource, _profile, items),) = caller.written
    assert (verb, resource) == ("update", "sp.keywords")
    assert len(items) == 3  # no keyword twice
    assert shared.counters.work("optimizer")["done"] == 3
    assert set(shared.counters.bids) == {item["keywordId"] for item in items}


def test_what_failed_waits_again(shared, clock):
    let_work_arrive(shared, clock, 3)
    before = shared.counters.waiting("builder")
    shared.work("builder", FixedCaller("again"))
    shared.work("reader", FixedCaller(came=False))
    assert shared.counters.waiting("builder") == before
    assert shared.counters.work("reader")["done"] == 0
    assert not shared.counters.made


def test_a_held_queue_is_left_to_its_worker(shared, clock):
    let_work_arrive(shared, clock, 3)
    for queue in shared.queues:
        queue.is_held = True
    caller = FixedCaller()
    shared.work("optimizer", caller)
    assert caller.written == []


def test_unfinished_writes_of_a_killed_worker_are_doubtful(shared, clock):
    let_work_arrive(shared, clock, 3)
    queue = next(queue for queue in shared.queues if queue.role == "optimizer" and queue.waiting)
    queue.take(1, lambda change: ROLES["optimizer"].subject(queue.target, change))
    assert len(shared.unfinished_writes()) == 1


def test_new_workers_take_the_roles_with_the_fewest(shared):
    assert {shared.assign_role() for _each in ROLES} == set(ROLES)
    shared.release_role("reader")
    assert shared.assign_role() == "reader"


def test_behaviors_differ_only_in_data():
    well, misbehaving = behaviors()["well-behaved"], behaviors()["misbehaving"]
    assert (well.batch, well.page) > (misbehaving.batch, misbehaving.page)
    waits = [well.first_poll]
    for _poll in range(4):
        waits.append(well.next_poll(waits[-1]))
    assert waits == [2.0, 4.0, 8.0, 8.0, 8.0]
    assert misbehaving.next_poll(0.0) == 0.0


def test_workers_share_one_token_until_shortly_before_it_expires(shared, clock):
    granted = []

    def grant(region):
        granted.append(region)
        return f"token {len(granted)}", 3600.0

    assert [shared.token("NA", grant) for _worker in range(3)] == ["token 1"] * 3
    clock.at += 3600.0 - 59.0
    assert shared.token("NA", grant) == "token 2"


def test_a_refused_token_is_replaced(shared):
    shared.token("NA", lambda _region: ("old", 3600.0))
    shared.forget_token("NA")
    assert shared.token("NA", lambda _region: ("new", 3600.0)) == "new"


def test_slot_waits_for_its_interval_and_no_longer(shared, clock):
    with shared.slot("NA", "sp.write") as first:
        assert first is not None
    with shared.slot("NA", "sp.write") as second:
        assert second is first
    assert clock.slept[-1] == pytest.approx(1.0 / first.rate)


def test_slot_is_left_to_the_next_turn_when_the_quota_is_taken(shared, clock):
    with shared.slot("NA", "sp.write") as pace:
        pace.throttled(clock.now(), 5.0, 0.0)
    with shared.slot("NA", "sp.write") as held:
        assert held is None
    clock.at += 5.0
    with shared.slot("NA", "sp.write") as free:
        assert free is pace


def test_slot_lets_one_worker_at_a_time_call_under_a_quota(shared):
    with shared.slot("NA", "sp.write"):
        with shared.slot("NA", "sp.write") as other:
            assert other is None
        with shared.slot("NA", "sp.read") as elsewhere:
            assert elsewhere is not None


def test_slot_frees_its_quota_when_a_call_breaks(shared, clock):
    with pytest.raises(OSError, match="broken"), shared.slot("NA", "sp.write"):
        raise OSError("broken")
    clock.at += 10.0
    with shared.slot("NA", "sp.write") as pace:
        assert pace is not None


def test_a_run_of_hours_is_counted_by_minutes_and_looked_at_as_often(clock):
    shared = SharedState(plan(duration=36_000.0), clock, NoChance())
    seen = set()
    for _step in range(300):
        clock.at += 1.0
        shared.sample()
        seen.add(shared.second())
    assert seen == {0, 60, 120, 180, 240, 300}
    looks = {
        second: times for (second, region), times in shared.counters.of("jobs") if region == "NA"
    }
    assert set(looks) == seen


def test_what_waits_is_looked_at_once_a_second_in_a_short_run(shared, clock):
    let_work_arrive(shared, clock, 3)
    shared.sample()
    shared.sample()
    waits = sum(times for (_second, _region), times in shared.counters.of("wait"))
    assert waits == sum(len(queue.waiting) for queue in shared.queues)
