"""Scenarios: rows that can be played, and do what they say."""

import pytest

from adsmock.mockserver.control.schema import check
from adsmock.mockserver.services.sandboxes.scenario import scenarios
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import ENDPOINTS, campaign, value

NAMES = [
    "region-dark",
    "prime-day",
    "stream-storm",
    "rush-hour",
    "throttle-storm",
    "slow-exports",
    "slow-reports",
    "hanging-reports",
    "throttled-account",
    "deprecation",
    "reporting-v3-ends",
    "flaky-207",
]


def test_the_promised_scenarios_are_there():
    assert list(scenarios()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_row_fits_the_schema_and_names_itself(name):
    row = scenarios()[name]
    assert row.title
    assert row.describes.endswith(".")
    for rule in row.faults:
        check("FaultRule", rule)
        assert rule["id"].startswith(f"{name}.")


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_can_be_played_twice(control, name):
    first = control.do("scenarios.apply", {"name": name})
    assert control.do("scenarios.apply", {"name": name}) == first
    assert len(control.do("faults.list")["faults"]) == len(first["faults"])


def test_they_are_listed_with_their_rules(control):
    rows = control.do("scenarios.list")["scenarios"]
    assert [row["name"] for row in rows] == NAMES
    assert rows[0]["faults"] == ["region-dark.eu"]


def test_an_unknown_scenario_is_refused_with_those_that_come_near(control):
    refused = control.refuse("scenarios.apply", {"name": "prime-days"})
    assert (refused["pointer"], refused["near"]) == ("/name", ["prime-day"])


def test_region_dark_is_dark_in_one_region_for_ten_minutes(control):
    control.do("scenarios.apply", {"name": "region-dark"})
    server = control.server

    def wire(region):
        return server.send(
            "POST", "/sp/campaigns/list", b"{}", server.headers(), ENDPOINTS[region]
        ).fault

    assert wire("EU").effect.mode == "reset"
    assert wire("NA") is None
    control.do("clock.advance", {"seconds": 600})
    assert wire("EU") is None


def test_slow_exports_take_fifteen_minutes(control):
    control.do("scenarios.apply", {"name": "slow-exports"})
    control.do("faults.clear")
    export(control)
    (job,) = control.do("jobs.list")["jobs"]
    assert job["due"] == "2026-07-01T12:15:00.000Z"
    control.do("sandboxes.reset", {"scope": ["faults", "jobs"]})
    export(control)
    (job,) = control.do("jobs.list")["jobs"]
    assert job["due"] == "2026-07-01T12:00:05.000Z"


def test_deprecation_ends_the_family_after_seven_days(control):
    control.do("scenarios.apply", {"name": "deprecation"})
    assert control.server.call("/sp/campaigns/list", {}).status == 200
    fired = control.do("clock.advance", {"seconds": 7 * 86_400})["fired"]
    assert ("shut-off", "sp") in [(row["kind"], row["id"]) for row in fired]
    assert control.server.call("/sp/campaigns/list", {}).status == 404


def test_flaky_batches_fail_at_the_first_and_fourth_item(control):
    control.do("scenarios.apply", {"name": "flaky-207"})
    failed = set()
    for number in range(40):
        body = {"campaigns": [campaign(f"{number}-{place}") for place in range(5)]}
        reply = value(control.server.call("/sp/campaigns", body))
        failed.add(tuple(row["index"] for row in reply["campaigns"]["error"]))
    assert failed == {(), (0, 3)}


def test_a_storm_throttles_about_four_in_ten(control):
    control.do("scenarios.apply", {"name": "throttle-storm"})
    replies = [control.server.call("/sp/campaigns/list", {"maxResults": 1 + n}) for n in range(100)]
    throttled = [reply for reply in replies if reply.status == 429]
    assert 25 <= len(throttled) <= 55
    assert {"Retry-After" in reply.headers for reply in throttled} == {True, False}


def test_prime_day_presses_on_each_region_from_its_own_midnight(control):
    control.do("scenarios.apply", {"name": "prime-day"})
    throttle, clock = control.server.sandbox.throttle, control.server.sandbox.clock

    def shares():
        return [throttle.share(region, "sp.read", clock.now()) for region in ("FE", "EU", "NA")]

    assert shares() == [1.0, 1.0, 1.0]
    seen = []
    for hours in (6, 7, 9, 54):
        control.do("clock.advance", {"seconds": hours * 3600})
        seen.append(shares())
    assert seen == [[0.3, 1.0, 1.0], [0.8, 0.3, 1.0], [0.8, 0.8, 0.3], [1.0, 1.0, 1.0]]


def test_prime_day_can_be_played_in_two_minutes(control):
    played = control.do("scenarios.apply", {"name": "prime-day", "over": "PT2M"})
    assert played["throttle"]["loadWindows"] > 9
    throttle, now = control.server.sandbox.throttle, control.server.sandbox.clock.now()
    assert max(window.end for window in throttle.load_windows) <= now + 120
    (dark,) = [rule for rule in played["faults"] if rule["id"] == "prime-day.dark"]
    assert dark["when"]["from"] == "+PT77.368421S"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "prime-day", "over": "soon"}, "/over"),
        ({"name": "prime-day", "over": "PT0S"}, "/over"),
        ({"name": "flaky-207", "over": "PT1M"}, "/over"),
    ],
)
def test_a_length_that_cannot_be_is_refused(control, body, pointer):
    assert control.refuse("scenarios.apply", body)["pointer"] == pointer


def test_load_windows_can_be_set_read_back_and_frozen(control):
    window = {"region": "EU", "from": "+PT0S", "until": "+PT1M", "share": 0.5, "waiting": 3}
    control.do("throttle.put", {"loadWindows": [window]})  # and the quotas of the contracts
    shown = control.do("throttle.get")
    row = shown["loadWindows"][0]
    assert row == window | {"from": "2026-07-01T12:00:00.000Z", "until": "2026-07-01T12:01:00.000Z"}
    control.do("throttle.put", shown)
    assert control.do("throttle.get")["loadWindows"] == [row]
    control.do("throttle.put", {})
    assert control.do("throttle.get")["loadWindows"] == []


@pytest.mark.parametrize("name", NAMES)
def test_undo_restores_what_was_before(control, name):
    control.do("throttle.put", {"pressure": {"NA": 0.7}})
    control.do("versions.put", {"families": {"sp": {"shutOff": "2027-01-01"}}})
    control.do("faults.put", {"effect": {"kind": "outage"}}, fault="own")
    before = [control.do(each) for each in ("throttle.get", "versions.get", "faults.list")]
    choices = control.do("sandboxes.get")["choices"]
    for _ in range(2):
        control.do("scenarios.apply", {"name": name})
    control.do("scenarios.apply", {"name": "rush-hour"})
    control.do("scenarios.undo")
    after = [control.do(each) for each in ("throttle.get", "versions.get", "faults.list")]
    assert after == before
    assert control.do("sandboxes.get")["choices"] == choices


def test_a_snapshot_keeps_what_undo_needs(control):
    control.do("scenarios.apply", {"name": "rush-hour"})
    control.do("snapshots.create", {"name": "busy"})
    control.do("scenarios.undo")
    control.do("snapshots.restore", snapshot="busy")
    assert control.sandbox.throttle.load_windows
    control.do("scenarios.undo")
    assert not control.sandbox.throttle.load_windows


def test_a_scenario_is_listed_with_everything_that_it_changes(control):
    rows = {row["name"]: row for row in control.do("scenarios.list")["scenarios"]}
    assert rows["deprecation"]["shutOff"]
    assert len(rows["prime-day"]["loadWindows"]) > 3
    for row in rows.values():
        assert any(
            row[each] for each in ("faults", "pressure", "shutOff", "choices", "loadWindows")
        )


def test_the_kinds_are_listed_with_what_a_form_needs(control):
    found = control.do("faults.kinds")
    http = next(row for row in found["kinds"] if row["kind"] == "http")
    assert http["settings"]["status"]["maximum"] == 599
    assert {"region", "operation"} <= found["match"].keys()
    assert "probability" in found["when"]
    assert "sp.campaigns.create" in found["operations"]
