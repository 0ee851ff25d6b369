"""Cases about batches, for a program that only updates."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.case.model import Trigger
from adsmock.harness.suite.free_run.case_records import of_clean, of_round
from adsmock.harness.suite.free_run.opportunity import lack, mode
from adsmock.harness.suite.free_run.placement import plan
from adsmock.harness.suite.free_run.traffic import Traffic
from adsmock.harness.suite.free_run.update_case import on_updates
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.free_run.traffic_samples import (
    PROFILES,
    everything,
    played,
    slot,
    updates,
)
from tests.unit.harness.suite.journal_rows import call, met

UPDATE = "sp.keywords.update"
PROFILE = PROFILES["NA.US"]


def faults(name, traffic):
    (one,) = plan([on_updates(load()[name], traffic)], traffic)
    return one.placed[0].faults


@pytest.mark.parametrize("name", ["B01", "B02", "B03", "B04", "B07"])
def test_program_that_only_updates_gives_an_opportunity(name):
    traffic = updates()

    assert lack(load()[name], traffic) is not None
    assert lack(on_updates(load()[name], traffic), traffic) is None


@pytest.mark.parametrize("name", ["B01", "B02", "B03", "B04", "B07"])
def test_its_batches_of_updates_get_the_partial_faults(name):
    placed = faults(name, updates())

    assert {fault.effect["kind"] for fault in placed} == {"partial"}
    assert {name for fault in placed for name in fault.match["operation"]} == {UPDATE}


def test_update_that_is_sent_twice_is_no_doubled_work():
    case = load()["B05"]

    assert on_updates(case, updates()) is case
    assert "create entities" in (lack(case, updates()) or "")


def test_faults_stay_on_creates_where_the_program_creates():
    case = load()["B01"]

    assert on_updates(case, everything()) is case


def test_rows_are_reordered_in_the_lists_of_the_updated_resource():
    assert {path for fault in faults("B03", updates()) for path in fault.effect["shuffle"]} == {
        "/keywords/success",
        "/keywords/error",
    }


def test_every_item_of_the_batch_fails_where_none_may_succeed():
    (fault,) = faults("B04", updates(items=30))

    assert fault.effect["indexes"] == list(range(30))


def test_so_few_items_of_a_large_batch_fail_that_the_journal_keeps_the_reply():
    (fault,) = faults("B04", updates(items=1000))

    assert len(fault.effect["indexes"]) == 50


def test_permanent_and_throttled_item_are_in_batches_of_different_profiles():
    places = [fault.match["profileId"]["$profile"] for fault in faults("B02", updates())]

    assert len(set(places)) == 2


def sent(number, bids, failed=(), **more):
    items = [{"keywordId": str(key), "bid": bid} for key, bid in bids.items()]
    error = [{"index": at, "errors": [{"errorType": "throttledError"}]} for at in failed]
    kept = [at for at in range(len(items)) if at not in failed]
    success = [{"index": at, "keywordId": items[at]["keywordId"]} for at in kept]
    reply = {"keywords": {"success": success, "error": error}}
    body = {"keywords": items}
    return call(UPDATE, number, 207, profileId=PROFILE, request=body, reply=reply, **more)


def judged(name, *rows):
    """Return the status of each check of a case that is placed on one batch of three updates."""
    traffic = Traffic((slot(UPDATE, calls=1),), 1, has_tree=False)
    case = on_updates(load()[name], traffic)
    (one,) = plan([case], traffic)
    (placed,) = one.placed
    rows = [
        row | ({"fault": met(placed.faults[0].id)} if not n else {}) for n, row in enumerate(rows)
    ]
    found = played(*rows)
    record = of_round(placed, one, found, found, ())
    return {one.check: one.status for one in judge_case(load()[name], record).verdicts}


WHOLE = {1: 0.5, 2: 0.6, 3: 0.7}


def test_program_that_sends_the_whole_batch_again_breaks_b01():
    assert judged("B01", sent(1, WHOLE, failed=[1]), sent(5, WHOLE))["B01.only-failed"] == "FAIL"


def test_program_that_sends_only_the_throttled_update_again_passes_b01():
    statuses = judged("B01", sent(1, WHOLE, failed=[1]), sent(5, {2: 0.6}))

    assert statuses["B01.only-failed"] == statuses["B01.resubmits"] == "PASS"


def test_entity_that_is_changed_to_another_value_and_back_is_not_sent_again():
    rows = sent(1, WHOLE, failed=[1]), sent(5, {2: 0.6}), sent(6, {1: 0.9}), sent(7, {1: 0.5})

    assert judged("B01", *rows)["B01.only-failed"] == "PASS"


def test_amounts_are_judged_in_a_pass_without_faults_except_by_the_tasks():
    case, traffic = load()["D03"], updates()
    record = of_clean(case, played(sent(1, {1: 0.6930000000000001})), traffic)
    judged_alone = replace(case, trigger=Trigger())
    statuses = {one.check: one.status for one in judge_case(judged_alone, record).verdicts}

    assert lack(case, traffic) is None
    assert mode(case) == "clean"
    assert statuses == {"D03.amounts": "N/A", "D03.rounded": "FAIL"}
