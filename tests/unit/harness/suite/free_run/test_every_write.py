"""Faults on every operation with which a program writes."""

import re

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.free_run.case_records import of_round
from adsmock.harness.suite.free_run.every_write import on_every_write, on_later_pages, plain_id
from adsmock.harness.suite.free_run.placement import plan
from adsmock.harness.suite.free_run.traffic import Traffic
from adsmock.harness.suite.free_run.update_case import on_updates
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.free_run.traffic_samples import (
    PROFILES,
    everything,
    lists,
    played,
    slot,
    updates,
)
from tests.unit.harness.suite.journal_rows import call, met

PROFILE = PROFILES["NA.US"]
UPDATE = "sp.keywords.update"


def own_case(name, traffic):
    return on_every_write(on_updates(load()[name], traffic), traffic)


def placed(name, traffic):
    (round_,) = plan([own_case(name, traffic)], traffic)
    return round_, round_.placed[0]


def operations(name, traffic):
    faults = placed(name, traffic)[1].faults
    return {operation for fault in faults for operation in fault.match["operation"]}


def test_item_fails_in_a_batch_of_every_kind_of_write():
    assert operations("B01", everything()) == {
        "sp.campaigns.create",
        "sp.adGroups.create",
        "sp.keywords.create",
        UPDATE,
    }


def test_call_fails_of_every_kind_of_write_and_request_of_a_job():
    assert operations("E05", everything()) == {
        "sp.campaigns.list",
        "sp.campaigns.create",
        "sp.adGroups.create",
        "sp.keywords.create",
        UPDATE,
        "exports.campaigns.create",
        "reporting.create",
    }


def test_faults_on_other_operations_are_one_for_each():
    faults = placed("E05", everything())[1].faults
    matches = [fault.match["operation"][0] for fault in faults]

    assert len(matches) == len(set(matches))
    assert len({fault.id for fault in faults}) == len(faults)


@pytest.mark.parametrize("name", ["B01", "E05"])
def test_control_plane_takes_the_ids_of_the_faults(name):
    for fault in placed(name, everything())[1].faults:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", fault.id)


@pytest.mark.parametrize("name", ["B02", "B03", "B07", "E04", "T01"])
def test_other_cases_stay_as_they_are(name):
    assert on_every_write(load()[name], everything()) is load()[name]


def test_program_with_one_kind_of_write_has_the_fault_there_only():
    assert operations("B01", updates()) == {UPDATE}


def judged(*rows):
    """Return the verdicts of B01 on a round in which an update of two keywords failed partly."""
    round_, mine = placed("B01", everything())
    fault = next(one.id for one in mine.faults if UPDATE in one.match["operation"])
    first = call(
        UPDATE,
        1,
        207,
        profileId=PROFILE,
        fault=met(fault, "partial"),
        request={"keywords": [{"keywordId": "5", "bid": 1.1}, {"keywordId": "6", "bid": 1.2}]},
        reply={
            "keywords": {
                "success": [{"index": 1, "keywordId": "6"}],
                "error": [{"index": 0, "errors": [{"errorType": "throttledError"}]}],
            }
        },
        chain="a",
    )
    clean = played(first | {"fault": None})
    record = of_round(mine, round_, clean, played(first, *rows), ())
    return {one.check: one.status for one in judge_case(load()["B01"], record).verdicts}


def again(*items):
    return call(
        UPDATE,
        4,
        207,
        profileId=PROFILE,
        request={"keywords": list(items)},
        reply={"keywords": {"success": [{"index": n} for n, _ in enumerate(items)], "error": []}},
        chain="b",
    )


FAILED, DONE = {"keywordId": "5", "bid": 1.1}, {"keywordId": "6", "bid": 1.2}


@pytest.mark.parametrize(
    ("rows", "only_failed", "resubmits"),
    [
        ([again(FAILED)], "PASS", "PASS"),
        ([again(FAILED, DONE)], "FAIL", "PASS"),
        ([], "UNPROVEN", "WARN"),
    ],
)
def test_checks_judge_the_other_operations_too(rows, only_failed, resubmits):
    found = judged(*rows)

    assert (found["B01.only-failed"], found["B01.resubmits"]) == (only_failed, resubmits)


@pytest.mark.parametrize(("name", "verb"), [("E10", "update"), ("E11", "archive")])
def test_lasting_failure_goes_on_each_kind_of_change_in_a_round_of_its_own(name, verb):
    kinds = [f"sp.{resource}.{verb}" for resource in ("campaigns", "adGroups", "keywords")]
    traffic = Traffic(tuple(map(slot, kinds)), concurrent=1, has_tree=False)
    round_, *twins = plan([own_case(name, traffic)], traffic)
    main = {fault.match["operation"][0] for fault in round_.placed[0].faults}
    assert main == {f"sp.keywords.{verb}"}
    assert [twin.replay for twin in twins] == [
        f"{name}:always__sp.{resource}.{verb}" for resource in ("adGroups", "campaigns")
    ]
    for twin in twins:
        (fault,) = twin.placed[0].faults
        assert fault.when["attempt"] == [1, 40]


def test_failure_for_a_task_of_a_case_is_placed_nowhere():
    rounds = plan([own_case("E10", everything())], everything())
    faults = [fault for round_ in rounds for fault in round_.placed[0].faults]

    assert {plain_id(fault.id.split(":")[1]) for fault in faults} == {"always", "once"}


def test_lasting_failure_has_a_round_for_the_later_pages_of_each_list():
    """A program may take the pages before a failure for the whole list."""
    traffic = Traffic(lists(calls=3), concurrent=1, has_tree=False)
    first, *later = plan([on_later_pages(load()["E06"], traffic)], traffic)

    assert first.replay == ""
    assert [one.replay for one in later] == [
        f"E06:for-ever__sp.{name}.list"
        for name in ("adGroups", "campaigns", "keywords", "productAds")
    ]
    for one in later:
        (rule,) = one.placed[0].faults
        assert (rule.match["body"], rule.when["times"]) == ({"nextToken": "*"}, 40)


def test_lasting_failure_has_one_round_without_later_pages():
    traffic = Traffic(lists(calls=1), concurrent=1, has_tree=False)
    (only,) = plan([on_later_pages(load()["E06"], traffic)], traffic)

    assert len(only.placed[0].faults) == 1
