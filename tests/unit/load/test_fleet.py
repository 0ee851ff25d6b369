import pytest

from loadtests.desk import Target
from loadtests.fleet import Fleet
from loadtests.plan import Plan, read
from loadtests.tally import Tally


class HandClock:
    def __init__(self):
        self.at = 1000.0
        self.slept = []

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds


class NoChance:
    def fraction(self):
        return 0.0


PLAN = Plan(
    user="integration",
    shape="steady",
    duration=10.0,
    users=3,
    seed=1,
    regions={"NA": {"ads": "http://127.0.0.1:1", "lwa": "http://127.0.0.1:1"}},
    credentials={"clientId": "c", "clientSecret": "s", "refreshToken": "r"},
    targets=(Target("1", "NA", "US", ("k0",), 0.02), Target("2", "NA", "CA", ("k1",), 0.02)),
    result="result.json",
)


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def fleet(clock):
    return Fleet(PLAN, clock, NoChance())


def test_plan_survives_its_file(tmp_path):
    PLAN.write(tmp_path / "plan.json")
    assert read(tmp_path / "plan.json") == PLAN


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


def test_fullest_desk_is_where_most_changes_wait(fleet):
    fleet.desks[1].arrive(2)
    assert fleet.fullest("NA") is fleet.desks[1]
    fleet.desks[0].arrive(3)
    assert fleet.fullest("NA") is fleet.desks[0]
    assert fleet.waiting() == 5


def test_tally_tells_outcomes_apart():
    tally = Tally()
    for status in (200, 207, 202, 429, 500, 0):
        tally.called("sp.keywords.update", status)
    assert tally.totals() == {"accepted": 3, "throttled": 1, "failed": 2}
    assert tally.rows()["sp.keywords.update"] == tally.totals()
    assert dict(tally.statuses) == {"sp.keywords.update 500": 1, "sp.keywords.update 0": 1}
