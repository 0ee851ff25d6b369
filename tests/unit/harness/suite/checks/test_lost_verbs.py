"""Lost work of each verb: what settles a piece of it, and what does not."""

import json

import pytest

from adsmock.harness.suite.case.model import VERBS
from adsmock.harness.suite.checks.lost_work import FILE_VERBS, FINDERS, work_is_not_lost
from adsmock.harness.suite.checks.missing_calls import work_by_verb
from adsmock.harness.suite.checks.workflow_entry import CREATE as EXECUTE
from adsmock.harness.suite.checks.workflow_entry import SCHEDULES, STORES
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.checks.test_lost_work import LIST, judged, lost, task
from tests.unit.harness.suite.journal_rows import batch, call, met, outcomes, record

IDLE = "idle"


def test_every_verb_of_tasks_says_what_its_work_is():
    by_calls, by_code = set(work_by_verb()), {*FINDERS, *FILE_VERBS}

    assert by_calls | by_code == VERBS
    assert not by_calls & by_code
    assert {verb for verb, row in work_by_verb().items() if not row.operations} == {IDLE}


def test_idle_task_has_no_work():
    assert judged([{"verb": IDLE, "args": {"seconds": 5}}]).outcome == "unproven"


PROFILES = {"verb": "list_profiles", "args": {}}


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], "the list of profiles"),
        ([call("profiles.list", 1, profileId=None)], ""),
        ([call("profiles.list", 1, 403, profileId=None)], ""),
        ([call("profiles.list", 1, 500, profileId=None)], "the list of profiles"),
        ([call("sp.campaigns.list", 1)], "the list of profiles"),
    ],
)
def test_profiles_are_listed_in_some_region(rows, left):
    assert lost(PROFILES, *rows) == left


@pytest.mark.parametrize("operation", ["profiles.list", LIST])
def test_damaged_answer_is_no_work(operation):
    one = PROFILES if operation == "profiles.list" else GETS
    found = record("E09", call(operation, 1, fault=met("page", "html"), **BOTH), tasks=(one,))

    assert work_is_not_lost(CaseView.of(found)).outcome == "broken"


GETS = task("get", resource="sp.keywords", ids=["7", "8"])
BOTH = {"request": {"keywordIdFilter": {"include": ["7", "8"]}}}


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], "the read of 7, the read of 8"),
        ([call(LIST, 1, **BOTH)], ""),
        ([call(LIST, 1, reply={"keywords": [{"keywordId": 7}, {"keywordId": 8}]})], ""),
        ([call(LIST, 1, reply={"keywords": [{"keywordId": "7"}]})], "the read of 8"),
        ([call("sp.keywords.get", 1, path="/sp/keywords/8")], "the read of 7"),
        ([call(LIST, 1, reply=None)], ""),
        ([call(LIST, 1, 500, **BOTH)], "the read of 7, the read of 8"),
        ([call(LIST, 1, profileId="12", **BOTH)], "the read of 7, the read of 8"),
        ([call("exports.get", 1)], ""),
        ([call("exports.get", 1, 500)], "the read of 7, the read of 8"),
    ],
)
def test_entities_with_known_ids_are_read(rows, left):
    assert lost(GETS, *rows) == left


@pytest.mark.parametrize(("calls", "left"), [(3, 0), (4, 0), (2, 1), (0, 3)])
def test_each_list_at_an_interval_counts(calls, left):
    steady = task("steady", resource="sp.campaigns", times=3, every=1)
    found = judged([steady], *[call("sp.campaigns.list", at) for at in range(calls)])

    assert found.numbers == {"intended": 3, "lost": left}
    assert found.outcome == ("broken" if left else "holds")


RAISES = task("modify", resource="sp.keywords", **{"raise": {"bid": 0.1}})
PAUSES = task("modify", resource="sp.keywords", set={"state": "PAUSED"})
KEYWORDS = [
    {"adGroupId": "1", "keywordId": "7", "bid": 1, "state": "ENABLED", "keywordText": "a"},
    {"adGroupId": "1", "keywordId": "8", "bid": 2, "state": "PAUSED", "keywordText": "b"},
]


def listed(at=0, **more):
    return call(LIST, at, reply={"keywords": KEYWORDS}, **more)


def updated(*ids, at=1):
    reply = outcomes("keywords", dict(enumerate(ids)))
    items = [{"keywordId": one, "bid": 3} for one in ids]
    return call("sp.keywords.update", at, 207, request=batch("keywords", *items), reply=reply)


@pytest.mark.parametrize(
    ("modification", "rows", "left"),
    [
        (RAISES, [], "the change of all sp.keywords"),
        (RAISES, [listed()], "the change of 7, the change of 8"),
        (RAISES, [listed(), updated("7")], "the change of 8"),
        (RAISES, [listed(), updated("7", "8")], ""),
        (PAUSES, [listed()], "the change of 7"),
        (PAUSES, [listed(), updated("7")], ""),
        (PAUSES, [call(LIST, 0, reply={"keywords": []})], ""),
        (PAUSES, [updated("7"), listed(2)], ""),
        (PAUSES, [call(LIST, 0, 403)], ""),
        (PAUSES, [call(LIST, 0, 500)], "the change of all sp.keywords"),
    ],
)
def test_entities_that_were_read_are_modified(modification, rows, left):
    assert lost(modification, *rows) == left


def test_update_of_other_members_does_not_end_what_was_read():
    renamed = call("sp.keywords.update", 0, request=batch("keywords", {"keywordId": "9", "bid": 1}))

    assert lost(PAUSES, renamed, listed(1)) == "the change of 7"
    assert lost(RAISES, renamed, listed(1)) == "the change of all sp.keywords"


def test_entity_that_the_program_created_itself_is_none_to_modify():
    made = {"11": {"sp.keywords": KEYWORDS[:1]}}

    assert lost(PAUSES, listed(), created=made) == ""


def test_filter_of_a_modification_limits_what_was_read():
    wanted = {"keywordIdFilter": {"include": ["7"]}}
    own = task("modify", resource="sp.keywords", set={"state": "PAUSED"}, filter=wanted)

    assert lost(own, listed(), updated("7")) == ""
    assert lost(own, listed(request=wanted), updated("9")) == "the change of 7"


SUBSCRIBES = task("subscribe_stream", datasets=["sp-traffic", "sp-conversion"], queueArn="arn")


def subscribed(dataset, status=200, **more):
    return call("stream.subscriptions.create", 1, status, request={"dataSetId": dataset}, **more)


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], "the subscription of sp-traffic, the subscription of sp-conversion"),
        ([subscribed("sp-traffic")], "the subscription of sp-conversion"),
        ([subscribed("sp-traffic"), subscribed("sp-conversion", 400)], ""),
        ([subscribed("sp-traffic"), subscribed("sp-conversion", 503, committed=True)], ""),
        (
            [subscribed("sp-traffic"), subscribed("sp-conversion", 503)],
            "the subscription of sp-conversion",
        ),
    ],
)
def test_each_dataset_is_subscribed_or_refused(rows, left):
    assert lost(SUBSCRIBES, *rows) == left


QUEUE = {"queueUrl": "http://127.0.0.1/ads", "seconds": 30}
CONSUMES = {"verb": "consume_stream", "args": {**QUEUE, "datasets": ["sp-traffic"], "metrics": []}}
RAISE = task("raise_budgets", **QUEUE, percent=80, amount=5)


def received(*messages, status=200):
    bodies = [
        {"MessageId": str(n), "ReceiptHandle": str(n), "Body": json.dumps(one)}
        for n, one in enumerate(messages)
    ]
    answer = {"Messages": bodies} if bodies else {}
    return call("sqs.ReceiveMessage", 0, status, profileId=None, reply=answer)


def usage(campaign, percent):
    return {
        "dataset_id": "budget-usage",
        "budget_scope_id": campaign,
        "budget_usage_percentage": percent,
        "budget": 20,
    }


def budgeted(*campaigns):
    items = [{"campaignId": one, "budget": {"budget": 25}} for one in campaigns]
    reply = outcomes("campaigns", dict(enumerate(campaigns)))
    return call("sp.campaigns.update", 1, 207, request=batch("campaigns", *items), reply=reply)


@pytest.mark.parametrize("one", [CONSUMES, RAISE], ids=["consume", "raise"])
def test_queue_of_a_task_is_read(one):
    assert lost(one, received(status=503)) == "the messages of the queue"
    assert lost(one, received()) == ""


def test_task_without_a_profile_names_none():
    assert judged([CONSUMES]).sentence.startswith("task 1 (consume_stream) lost the messages")


@pytest.mark.parametrize(
    ("raised", "left"),
    [((), "the raise of 7, the raise of 8"), (("7",), "the raise of 8"), (("7", "8"), "")],
)
def test_each_budget_that_is_nearly_used_is_raised(raised, left):
    messages = received(usage("7", 80), usage("8", 95), usage("9", 79))

    assert lost(RAISE, messages, *([budgeted(*raised)] if raised else [])) == left


APPLIES = task("apply_recommendations", campaignIds=["7", "8"])


def advised(*campaigns, status=200, **more):
    rows = [{"campaignId": one, "suggestedBudget": 30} for one in campaigns]
    asked = {"request": {"campaignIds": ["7", "8"]}}
    reply = {"budgetRecommendationsSuccessResults": rows}
    return call("sp.advice.budgets", 0, status, reply=reply, **asked, **more)


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], "the recommended budget of 7, the recommended budget of 8"),
        ([advised("7", "8"), budgeted("7")], "the recommended budget of 8"),
        ([advised("7", "8"), budgeted("7", "8")], ""),
        ([advised("7"), budgeted("7")], ""),
        ([advised(status=400)], ""),
        ([advised(status=503)], "the recommended budget of 7, the recommended budget of 8"),
        ([advised(profileId="12")], "the recommended budget of 7, the recommended budget of 8"),
    ],
)
def test_recommended_budgets_are_applied_or_missing(rows, left):
    assert lost(APPLIES, *rows) == left


RUNS = task("run_workflow", instance={}, sqlQuery="SELECT 1", days=7)
RESULT = "the result of SELECT 1"


def executed(query="SELECT 1", status=200, execution="e-1", **more):
    reply = {"workflowExecutionId": execution} if status == 200 else {}
    sent = {"request": {"workflow": {"sqlQuery": query}}, "reply": reply}
    return call(EXECUTE, 1, status, **sent | more)


def downloaded(path="/amc/e-1-ver1.csv", **more):
    return call("storage.get", 2, path=path, profileId=None, **more)


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], RESULT),
        ([executed()], RESULT),
        ([executed(), downloaded()], ""),
        ([executed(), downloaded(path="/amc/e-2.csv")], RESULT),
        ([executed(), downloaded(ended="cut")], RESULT),
        ([executed("SELECT 2"), downloaded()], RESULT),
        ([executed(status=400)], ""),
        ([executed(status=500)], RESULT),
        ([executed(status=500, committed=True), downloaded()], ""),
    ],
)
def test_result_of_a_query_is_downloaded_or_the_query_refused(rows, left):
    assert lost(RUNS, *rows) == left


ROUTINE = task("schedule_workflow", instance={}, sqlQuery="SELECT 1", aggregationPeriod="Daily")
STORED = call(STORES[0], 0, request={"workflowId": "w", "sqlQuery": "SELECT 1"})
UNSCHEDULED = "the schedule of SELECT 1"


def scheduled(status=200):
    return call(SCHEDULES[0], 1, status, request={"scheduleId": "s", "workflowId": "w"})


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], UNSCHEDULED),
        ([STORED], UNSCHEDULED),
        ([STORED, scheduled()], ""),
        ([STORED, scheduled(400)], ""),
        ([STORED, scheduled(503)], UNSCHEDULED),
        ([executed()], ""),
    ],
)
def test_routine_query_is_scheduled_executed_or_refused(rows, left):
    assert lost(ROUTINE, *rows) == left
