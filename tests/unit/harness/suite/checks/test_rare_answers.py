"""Answers of checks that no sample journal shows: cut bodies, stopped clients, odd requests."""

from base64 import b64encode

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.checks.claim import claims_match_journal
from adsmock.harness.suite.checks.lost_work import work_is_not_lost
from adsmock.harness.suite.checks.profile_use import calls_name_the_profile_of_their_work
from adsmock.harness.suite.checks.security import tls_is_modern
from adsmock.harness.suite.checks.timeouts import slow_body_is_limited
from adsmock.harness.suite.checks.version import deprecated_paths_are_not_called
from adsmock.harness.suite.journal import CaseView, Ending
from adsmock.harness.suite.journal.item import own_id
from tests.unit.harness.suite.checks.findings import CHECKS, view_of
from tests.unit.harness.suite.journal_rows import batch, call, met, outcomes, record, tasks_of
from tests.unit.harness.suite.sample_auth import LIST
from tests.unit.harness.suite.sample_export import DONE, made, media, poll
from tests.unit.harness.suite.sample_read import backing_off, page
from tests.unit.harness.suite.sample_stream import reports
from tests.unit.harness.suite.sample_subscription import confirm
from tests.unit.harness.suite.sample_version import V3
from tests.unit.harness.suite.sample_workflow import FRESH, HIDDEN, PLAIN, QUERY, SETTLED
from tests.unit.harness.suite.sample_workflow import create as execution
from tests.unit.harness.suite.sample_workflow import look as execution_look
from tests.unit.harness.suite.samples import SAMPLES

STOPPED = Ending(exit_code=-15, timed_out=True)


def judged(check, found):
    """Return the outcome and the sentence of a check on a record."""
    one = CHECKS[check]
    finding = JUDGES[one.judge](view_of(found), **one.numbers)
    return finding.outcome, finding.sentence


def rows_of(check, status):
    return SAMPLES[check][status].rows


# Marketing Stream


def test_token_of_a_confirmation_may_be_in_its_query():
    query = "Action=ConfirmSubscription&Token=signed-1"
    start = rows_of("ST01.confirmed", "PASS")
    by_query = [
        row | {"request": None, "query": query}
        if row["operation"] == confirm(0)["operation"]
        else row
        for row in start
    ]
    other = [row | {"query": row.get("query", "").replace("signed", "other")} for row in by_query]

    assert judged("ST01.confirmed", record("ST01", *by_query))[0] == "holds"
    assert judged("ST01.confirmed", record("ST01", *other))[0] == "broken"


def test_missing_sum_of_a_day_has_no_cause():
    found = replace(SAMPLES["ST16.sums"]["FAIL"], ending=reports(None))
    outcome, sentence = judged("ST16.sums", found)

    assert outcome == "broken"
    assert "records" not in sentence.rpartition(":")[2]


# Waits


@pytest.mark.parametrize("end", [{"ended": "open"}, {"tEnd": 0, "cEnd": 0}])
def test_call_in_progress_when_the_journal_was_read_decides_nothing(end):
    row = call(LIST, 1, fault=met("dripping", "drip")) | end
    found = record("N05", row, timebase="monotonic")

    answer = slow_body_is_limited(CaseView.of(found), "dripping", 300)
    assert (answer.outcome, answer.sentence) == (
        "inconclusive",
        "the journal was read before the call had ended",
    )


def test_wait_that_a_retry_after_sets_shows_no_backoff():
    waits = [1.0, 2.0, 4.0, 8.0, 16.0]
    chains = [backing_off(f"c{n}", n, waits) for n in range(8)]
    guided = [row | {"retryAfter": "2"} for row in chains[0]]

    assert (
        judged("T03.growth", record("T03", *(row for rows in chains for row in rows)))[0] == "holds"
    )
    rows = [row for rows in [guided, *chains[1:]] for row in rows]
    assert judged("T03.growth", record("T03", *rows)) == (
        "unproven",
        "7 calls had 5 retries in a row without Retry-After; 8 such calls are needed",
    )


@pytest.mark.parametrize("text", ["soon", "1.5", "Wed"])
def test_retry_after_that_is_no_number_and_no_date_is_not_judged(text):
    rows = [
        call(LIST, 1, 429, chain="a", took=0.0, retryAfter=text, fault=met("wait-3")),
        call(LIST, 1.5, chain="a"),
    ]

    assert judged("T01.early", record("T01", *rows))[0] == "unproven"


def test_call_that_was_on_its_way_is_no_early_retry():
    rows = [
        call(LIST, 1, 429, chain="a", took=2.0, retryAfter="3", fault=met("wait-3")),
        call(LIST, 2, chain="a"),
        call(LIST, 9, chain="a"),
    ]

    assert judged("T01.early", record("T01", *rows[:2]))[0] == "unproven"


# Versions


def test_only_paths_with_an_end_are_deprecated():
    past = {"cArrive": 1673352000, "cSend": 1673352000}
    known = {"headers": {"accept": V3, "content-type": V3}}
    generic = call("generic.other", 6, path="/sp/other", generic=True) | past
    own = call(LIST, 6, path="/v2/sp/campaigns", **known) | past

    for row in (generic, own):
        found = deprecated_paths_are_not_called(view_of(record("V02", row)))
        assert (found.outcome, found.sentence) == ("holds", "1 call, none to a deprecated path")


# Marketing Cloud


def test_window_is_in_the_time_zone_that_it_names():
    span = ("2026-06-22T08:00:00", "2026-06-29T08:00:00")
    west = execution(1, "e1", span=span)
    west["request"]["timeWindowTimeZone"] = "America/Los_Angeles"

    assert judged("MC01.settled", record("MC01", execution(1, "e1", span=span)))[0] == "holds"
    outcome, sentence = judged("MC01.settled", record("MC01", west))
    assert outcome == "broken"
    assert "ended 45 hours before" in sentence


@pytest.mark.parametrize("span", [("then", "now"), ("2026-06-22T00:00:00", "now")])
def test_window_that_is_no_date_is_unknown(span):
    assert judged("MC01.settled", record("MC01", execution(1, "e1", span=span)))[0] == "unproven"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(None, "holds"), ("MOST_RECENT_DAY", "holds"), ("MOST_RECENT_WEEK", "unproven")],
)
def test_relative_window_has_the_days_of_its_type(kind, outcome):
    row = execution(1, "e1")
    row["request"] = {"workflow": {"sqlQuery": QUERY}} | ({"timeWindowType": kind} if kind else {})
    task = {"verb": "run_workflow", "args": {"sqlQuery": QUERY, "days": 1}}

    assert judged("MC01.settled", record("MC01", row, tasks=(task,)))[0] == outcome


def test_early_window_is_replaced_by_a_later_execution_of_the_same_one():
    early = execution(1, "e1", span=FRESH)
    days = 3 * 86_400
    again = execution(days, "e2", span=FRESH)
    other_window = execution(days, "e2", span=SETTLED)
    other_query = execution(days, "e2", f"{QUERY} LIMIT 9", span=FRESH)

    assert judged("MC01.settled", record("MC01", early, again))[0] == "holds"
    for row in (other_window, other_query):
        assert judged("MC01.settled", record("MC01", early, row))[0] == "broken"
    assert judged("MC01.settled", record("MC01", again, early))[0] == "broken"


def test_query_may_be_encoded_and_stored_before_it_is_executed():
    def encoded(text):
        return {"query": [b64encode(text.encode()).decode()]}

    def varied(body):
        refused, plain = SAMPLES["MC03.varied"]["PASS"].rows
        later = execution(3, "e3") | {"request": body}
        return judged("MC03.varied", record("MC03", refused, plain, later, tasks=tasks_of("MC03")))

    changed = HIDDEN.replace("user_id", "MAX(user_id)")
    assert varied({"workflow": encoded(PLAIN)})[0] == "holds"
    assert varied({"workflow": encoded(changed)})[0] == "broken"
    assert varied({"workflow": {"query": ["a"]}})[0] == "holds"
    assert varied({"workflowId": "unknown"})[0] == "holds"

    stored = call("amc.workflows.create", 0, request={"workflowId": "w", "sqlQuery": changed})
    refused, plain = SAMPLES["MC03.varied"]["PASS"].rows
    later = execution(3, "e3") | {"request": {"workflowId": "w"}}
    rows = (stored, refused, plain, later)
    assert judged("MC03.varied", record("MC03", *rows, tasks=tasks_of("MC03")))[0] == "broken"


def test_execution_may_be_wrapped_in_an_answer():
    fails = met("execution-fails", "async-fail")
    wrapped = [
        row | {"reply": {"workflowExecution": row["reply"]}}
        for row in (execution(1, "e1", fault=fails), execution_look(11, "e1", "FAILED"))
    ]
    again = [execution(at, f"again-{at}") for at in (20, 40, 60, 80)]

    found = record("MC02", *wrapped, *again)
    assert judged("MC02.left", found)[0] == "broken"
    assert judged("MC02.left", record("MC02", *wrapped, *again[:3]))[0] == "holds"


# Work, profiles and jobs


@pytest.mark.parametrize(
    ("resource", "item", "own"),
    [
        ("sp.campaigns", {"adGroupId": 4, "campaignId": 5}, "5"),
        ("sp.unknown", {"state": "ON", "thingId": 7, "otherId": 8}, "7"),
        ("sp.unknown", {"name": "A", "bid": 1}, "A"),
        ("sp.campaigns", {"name": "A"}, "A"),
    ],
)
def test_item_has_one_id(resource, item, own):
    assert own_id(resource, item) == own


TREE = {"name": "one", "adGroups": [{"name": "group", "keywords": [{"name": "leaf"}]}]}
OWNED = {
    "create": (
        {"resource": "sp.campaigns", "items": [{"name": "one"}]},
        "campaigns",
        {"name": "one"},
    ),
    "update": (
        {"resource": "sp.campaigns", "items": [{"campaignId": 5}]},
        "campaigns",
        {"name": "new", "campaignId": "5"},
    ),
    "create_tree": ({"campaigns": [TREE]}, "keywords", {"name": "leaf"}),
}


@pytest.mark.parametrize("verb", OWNED)
@pytest.mark.parametrize(("profile", "outcome"), [("12", "broken"), ("11", "unproven")])
def test_names_and_ids_of_tasks_belong_to_their_profile(verb, profile, outcome):
    args, envelope, item = OWNED[verb]
    row = call(f"sp.{envelope}.create", 1, 207, request=batch(envelope, item), profileId=profile)
    task = {"verb": verb, "args": {"profile": 11, **args}}

    found = calls_name_the_profile_of_their_work(CaseView.of(record("I02", row, tasks=(task,))))
    assert found.outcome == outcome
    assert outcome != "broken" or found.sentence.endswith("belongs to profile 11")


SCHEDULE = {"verb": "schedule_workflow", "args": {"sqlQuery": QUERY}}


@pytest.mark.parametrize(
    ("operation", "status", "outcome"),
    [
        ("amc.schedules.create", 200, "holds"),
        ("amc.schedules.create", 400, "broken"),
        ("sp.campaigns.list", 200, "broken"),
    ],
)
def test_claimed_schedule_needs_a_call_to_marketing_cloud(operation, status, outcome):
    said = {"task": 0, "verb": "schedule_workflow", "status": "done"}
    row = call(operation, 1, status, profileId=None)
    found = record("MC01", row, tasks=(SCHEDULE,), ending=Ending(claims=(said,)))

    answer = claims_match_journal(CaseView.of(found))
    assert answer.outcome == outcome
    assert outcome == "holds" or "no call to Marketing Cloud succeeded" in answer.sentence


def test_creation_of_an_export_names_its_media_type():
    vague = made(0, headers={"accept": media("campaigns"), "content-type": "application/json"})
    outcome, sentence = judged("X01.types", record("X01", vague, poll(5, DONE)))

    assert outcome == "broken"
    assert 'and Content-Type "application/json"' in sentence


EXPORT = {"verb": "export", "args": {"kind": "campaigns", "profile": "11"}}
REPORT = {
    "verb": "report",
    "args": {
        "profile": "11",
        "reportTypeId": "spCampaigns",
        "startDate": "2026-06-01",
        "endDate": "2026-06-02",
    },
}


@pytest.mark.parametrize(
    ("task", "row"),
    [(EXPORT, made(1)), (REPORT, call("reporting.create", 1, path="/reporting/reports"))],
)
@pytest.mark.parametrize(("status", "outcome"), [(403, "holds"), (503, "broken")])
def test_file_that_was_refused_for_good_is_not_lost(task, row, status, outcome):
    refused = row | {"status": status, "reply": {}}
    found = work_is_not_lost(CaseView.of(record("I12", refused, tasks=(task,))))

    assert found.outcome == outcome


def test_page_token_of_a_page_that_the_journal_left_out_is_not_judged():
    first, second = page(0, None, "b"), page(1, "b", None)
    unread = first | {"reply": None}

    assert judged("I07.token", record("I07", first, second))[0] == "holds"
    assert judged("I07.token", record("I07", first, page(1, "x", None)))[0] == "broken"
    assert judged("I07.token", record("I07", unread, page(1, "x", None)))[0] == "holds"


@pytest.mark.parametrize(
    ("kind", "outcome"), [("throttledError", "holds"), ("duplicateValueError", "broken")]
)
def test_create_may_be_sent_again_until_an_error_says_that_it_exists(kind, outcome):
    lost, known = rows_of("N03.once", "PASS")
    count = len(lost["request"]["campaigns"])
    refused = outcomes("campaigns", {}, dict.fromkeys(range(count), kind))
    again = [known | {"reply": refused}, known]
    found = replace(SAMPLES["N03.once"]["PASS"], rows=record("N03", lost, *again).rows, entries=3)

    assert judged("N03.once", found)[0] == outcome


def test_nothing_is_known_to_be_repeated_where_no_answer_is_in_the_journal():
    """A body that is too large for the journal is left out of it."""
    found = SAMPLES["C03.once"]["WARN"]
    cut = record("C03", *(row | {"reply": None} for row in found.rows))

    assert judged("C03.once", found)[0] == "broken"
    assert judged("C03.once", cut) == (
        "unproven",
        "no answer in the journal names a created item",
    )


def test_handshakes_without_faults_decide_where_no_host_is_trusted():
    refused = call("tls.handshake", 1, request={"flaw": "old-protocol", "error": "PROTOCOL"})
    view = CaseView.of(record("S06", refused))

    assert tls_is_modern(view).outcome == "unproven"
    assert tls_is_modern(view, modern=2).sentence == (
        "no handshake was completed here; elsewhere in the run 2 handshakes, all with TLS 1.2 or "
        "newer"
    )
