"""Scenarios of Marketing Stream: a consumer that removes duplicates and adds up loses nothing."""

import json
from collections import Counter

from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.services.faults.kinds.stream_poison import UNKNOWN_DATASET
from adsmock.mockserver.services.faults.schema import ParseContext
from adsmock.mockserver.services.sandboxes.scenario import apply, scenarios
from adsmock.mockserver.services.stream.facts import measures
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import contract_set
from tests.unit.mockserver.services.reporting.report_requests import account
from tests.unit.mockserver.services.stream.stream_calls import PATH, call, queue_arn
from tests.unit.mockserver.services.stream.test_delivery import catch_up, subscribed

HOUR = 3_600
PEAK = 27  # in North America the peak begins after 22 hours
DATASET = "sp-traffic"
EXPECTED = {
    "truncated", "unknown-dataset", "unknown-member", "duplicate", "late", "correction", "reorder",
    "burst",
}  # fmt: skip


def test_the_sums_stay_the_same_and_every_kind_takes_effect():
    plain, _ = delivered()
    found, own = delivered("stream-storm")
    readable = [row for row in map(parsed, found) if row and row["dataset_id"] == DATASET]
    met = {each.rule.id.partition(".")[2] for each in own.sandbox.faults.rules() if each.triggered}

    assert met == EXPECTED
    assert len(found) > 3 * len(plain)
    assert sums(readable) == sums(map(json.loads, plain))
    assert len(readable) < len(found)
    assert returns(map(json.loads, plain)) == 0
    assert returns(readable) > 20
    assert UNKNOWN_DATASET in {row["dataset_id"] for row in map(parsed, found) if row}


def test_the_peak_event_has_its_faults_and_keeps_the_sums():
    plain, _ = delivered(hours=PEAK)
    found, own = delivered("prime-day", hours=PEAK)
    rules = own.sandbox.faults.rules()
    met = {each.rule.id.partition(".stream-")[2] for each in rules if each.triggered}

    assert met == {"duplicate", "reorder", "correction", "burst-na"}
    assert len(found) > 1.5 * len(plain)
    assert sums(map(json.loads, found)) == sums(map(json.loads, plain))


def returns(rows):
    """Return how many records come after one of a later hour, but for those that take back."""
    found, newest = 0, ""
    for row in rows:
        if row["impressions"] <= 0:
            continue
        found += row["time_window_start"] < newest
        newest = max(newest, row["time_window_start"])
    return found


def delivered(scenario=None, hours=12):
    """Return the bodies of some hours of one subscription, after the last correction."""
    own = account(budget=4_000.0, clock_start=fixtures.NOON)
    subscription = subscribed(own, DATASET)
    if scenario is not None:
        now = own.sandbox.clock.now()
        apply(scenarios()[scenario], own.sandbox, ParseContext(contract_set(), now, Mint(0)))
    own.sandbox.clock.advance(hours * HOUR)
    call(own, "PUT", f"{PATH}/{subscription}", {"status": "ARCHIVED"})
    catch_up(own)
    assert Subscriptions(own.sandbox, own.sandbox.clock.now()).get(subscription).ended == "ARCHIVED"
    own.sandbox.clock.advance(25 * HOUR)
    queue = own.sandbox.queues[queue_arn()]
    return [each.body for each in queue.peek(100_000, own.sandbox.clock.now())], own


def parsed(body):
    """Return the record of a body, None if it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def sums(rows):
    """Return the sums by campaign and hour, each ``idempotency_id`` once, amounts in cents."""
    found, seen = Counter(), set()
    for row in rows:
        if row["idempotency_id"] in seen:
            continue
        seen.add(row["idempotency_id"])
        for name, units in measures(DATASET, "US").items():
            found[row["campaign_id"], row["time_window_start"], name] += round(row[name] * units)
    return {key: number for key, number in found.items() if number}
