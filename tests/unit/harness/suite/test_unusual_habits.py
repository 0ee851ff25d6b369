"""Correct programs with unusual habits, which a check accused because it knew only common ones."""

import pytest

from tests.unit.harness.suite.journal_rows import call, met, record, tasks_of
from tests.unit.harness.suite.sample_paging import HEAD, page
from tests.unit.harness.suite.sample_retry import failing
from tests.unit.harness.suite.sample_subscription import st11
from tests.unit.harness.suite.test_samples import verdict_of

PARTLY = {"claims": ({"task": 0, "verb": "subscribe_stream", "status": "partial", "failed": 1},)}
PROBE = page(1, None, "probe", body={"maxResults": 1})


def test_first_page_may_be_read_to_count_the_entities():
    rows = (PROBE, page(2, None, "a"), page(3, "a", None))

    assert verdict_of("P01.pages", record("P01", *rows)).status == "PASS"


def test_counted_list_may_be_read_in_one_page():
    whole = page(2, None, None, body={"maxResults": 100})
    followed = page(3, "a", None)

    assert verdict_of("I07.end", record("I07", PROBE, whole)).status == "N/A"
    assert verdict_of("I07.end", record("I07", PROBE, whole, followed)).status == "PASS"
    assert verdict_of("I07.end", record("I07", PROBE)).status == "WARN"


def test_list_that_is_counted_before_each_reading_is_restarted_once():
    dead = page(4, "b", None, status=400, reply={}, fault=met("token-expired"))
    read = (page(2, None, "a"), page(3, "a", "b"), dead)
    again = (page(6, None, "c"), page(7, "c", None))
    twice = (page(6, None, "c"), page(7, "c", None), page(8, None, "d"), page(9, "d", None))
    probe = page(5, None, "probe 2", body={"maxResults": 1})

    assert verdict_of("P05.restart", record("P05", PROBE, *read, probe, *again)).status == "PASS"
    assert verdict_of("P05.restart", record("P05", *read, *twice)).status == "WARN"


def test_list_that_is_only_counted_is_not_read():
    rows = (page(1, None, "a"), page(2, "a", None), page(3, None, "a"))

    assert verdict_of("P01.pages", record("P01", PROBE, page(2, None, "a"))).status == "FAIL"
    assert verdict_of("P01.pages", record("P01", *rows)).status == "FAIL"


def test_list_is_not_started_again_after_a_page_with_a_fault():
    again = (page(5, None, "a"), page(6, "a", "b"), page(7, "b", None))
    new = page(2, "a", "b", fault=met("new-values", "patch"))

    assert verdict_of("P02.order", record("P02", PROBE, *HEAD, page(5, "b", None))).status == "PASS"
    assert verdict_of("P02.order", record("P02", *HEAD, *again)).status == "FAIL"
    assert verdict_of("V04.reads-on", record("V04", page(1, None, "a"), new, *again)).status == (
        "FAIL"
    )


@pytest.mark.parametrize(
    ("attempts", "status"), [(11, "PASS"), (12, "FAIL")], ids=["ten retries", "eleven"]
)
def test_breaker_may_space_the_documented_retries_by_minutes(attempts, status):
    rows = failing("c", 0, (180,) * (attempts - 1), "for-ever", 500, success=False)

    assert verdict_of("E06.stops", record("E06", *rows)).status == status


@pytest.mark.parametrize(
    ("ending", "status"),
    [(PARTLY, "UNPROVEN"), ({"exit_code": 1}, "UNPROVEN"), ({"exit_code": 0}, "FAIL")],
    ids=["claim", "exit code", "says nothing"],
)
def test_subscription_that_is_reported_as_failed_is_not_missing(ending, status):
    found = st11()["FAIL"]
    reported = record(
        "ST11", *found.rows, ending=type(found.ending)(**ending), tasks=tasks_of("ST11")
    )

    assert verdict_of("ST11.pair", reported).status == status


@pytest.mark.parametrize("operation", ["exports.get", "v1.campaigns.query"])
def test_steady_lists_may_be_read_from_another_source(operation):
    rows = [call(operation, 1, profileId="33")]
    args = {"resource": "sp.campaigns", "profile": "33", "times": 3, "every": 2}
    task = {"verb": "steady", "args": args}

    assert verdict_of("I12.lost", record("I12", *rows, tasks=(task,))).status == "PASS"


def filtered(name):
    names = {"queryTermMatchType": "BROAD_MATCH", "include": [name]}
    args = {"resource": "sp.campaigns", "profile": "11", "filter": {"nameFilter": names}}
    return {"verb": "list", "args": args}


@pytest.mark.parametrize(("check", "status"), [("I05.early", 429), ("I14.waits", 503)])
def test_program_that_filters_by_itself_sends_one_list_for_several_tasks(check, status):
    answer = {"retryAfter": "3"} if status == 429 else {}
    rows = [call("sp.campaigns.list", 1 + n / 100, status, **answer) for n in range(9)]
    tasks = (filtered("one"), filtered("two"))

    assert verdict_of(check, record(check[:3], *rows, tasks=tasks)).status == "N/A"
    assert verdict_of(check, record(check[:3], *rows, tasks=tasks[:1])).status == "FAIL"


@pytest.mark.parametrize(("wait", "status"), [(31, "PASS"), (29, "WARN")])
def test_half_a_minute_is_a_long_wait_for_a_report_too(wait, status):
    creates = [row for n in range(5) for row in throttled_twice("reporting.create", n, wait)]
    lists = [row for n in range(5) for row in throttled_twice("sp.campaigns.list", n, wait + 1)]

    assert verdict_of("R06.slower", record("R06", *creates, *lists)).status == status


def throttled_twice(operation, number, wait):
    chain, fault = (
        f"{operation}{number}",
        "create-429" if operation == "reporting.create" else "list-429",
    )
    first = call(operation, number * 100, 429, chain=chain, fault=met(fault))
    return first, call(operation, number * 100 + wait, chain=chain)
