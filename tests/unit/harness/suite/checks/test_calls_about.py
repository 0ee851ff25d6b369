"""The calls that a finding about lost work shows: those about it, wherever they are."""

from typing import get_args

import pytest

from adsmock.harness.suite.case.model import Verb
from adsmock.harness.suite.checks.calls_about import calls_about, operations_of
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.checks.test_lost_work import task
from tests.unit.harness.suite.journal_rows import batch, call, record

CREATE, LIST = "sp.campaigns.create", "sp.keywords.list"


def shown(one, missing, *rows):
    view = CaseView.of(record("I12", *rows, tasks=(one,)))
    return [(each.seq, each.note) for each in calls_about(view, one, missing)]


def create(at, *names, **more):
    items = [{"name": name} for name in names]
    return call(CREATE, at, 207, request=batch("campaigns", *items), **more)


CREATES = task("create", resource="sp.campaigns", items=[{"name": "A"}, {"name": "B"}])


def test_batch_with_the_lost_item_is_shown_and_not_the_calls_after_it():
    rows = [create(1, "A"), create(2, "B"), create(3, "C"), call(LIST, 4), call(LIST, 5)]

    assert shown(CREATES, ["B"], *rows) == [(2, "about lost work")]


def test_item_that_was_never_sent_shows_the_calls_of_the_same_operation():
    rows = [create(1, "A"), call(LIST, 2), create(3, "C"), call(LIST, 4)]
    note = "one of the last sp.campaigns.create"

    assert shown(CREATES, ["B"], *rows) == [(1, note), (3, note)]


def test_without_such_a_call_the_last_calls_say_what_is_missing():
    note = "last calls for this profile; none is sp.campaigns.create"

    assert shown(CREATES, ["B"], call(LIST, 1), call(LIST, 2, profileId="12")) == [(1, note)]


def test_update_is_found_by_the_id():
    update = task("update", resource="sp.keywords", items=[{"keywordId": "8", "bid": 1}])
    rows = [
        call("sp.keywords.update", at, 207, request=batch("keywords", {"keywordId": own}))
        for at, own in enumerate(("7", "8", "9"), 1)
    ]

    assert shown(update, ["the update of 8"], *rows) == [(2, "about lost work")]


def test_list_is_found_by_its_filter():
    wanted = {"campaignIdFilter": {"include": ["7"]}}
    read = task("list", resource="sp.keywords", filter=wanted)
    rows = [call(LIST, 1, 500, request=wanted), call(LIST, 2, request={})]

    assert shown(read, ["the list of sp.keywords"], *rows) == [(1, "about lost work")]


def test_report_is_shown_with_its_polls():
    report = task("report", reportTypeId="spCampaigns")
    rows = [
        call(
            "reporting.create",
            1,
            request={"configuration": {"reportTypeId": "spCampaigns"}},
            reply={"reportId": "r1"},
        ),
        call("reporting.get", 2, path="/reporting/reports/r1"),
        call("reporting.get", 3, path="/reporting/reports/r2"),
    ]

    assert [seq for seq, _ in shown(report, ["2026-06-01"], *rows)] == [1, 2]


def test_export_is_found_by_its_kind():
    export = task("export", kind="targets")
    rows = [
        call("exports.targets.create", 1, reply={"exportId": "e1"}),
        call("exports.campaigns.create", 2, reply={"exportId": "e2"}),
        call("exports.get", 3, path="/exports/e1"),
        call("exports.get", 4, path="/exports/e2"),
    ]

    assert [seq for seq, _ in shown(export, ["export of targets"], *rows)] == [1, 3]


def test_task_without_a_profile_names_none():
    consume = {"verb": "consume_stream", "args": {"queueUrl": "http://127.0.0.1/ads"}}
    note = "last calls; none is sqs.ReceiveMessage"

    assert shown(consume, ["the messages of the queue"], call(LIST, 1)) == [(1, note)]


@pytest.mark.parametrize("verb", sorted({*get_args(Verb)} - {"idle"}))
def test_each_verb_has_operations(verb):
    assert operations_of({"verb": verb, "args": {}})
