"""Single turns of checks that the sample journals do not take."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, grant, met, record
from tests.unit.harness.suite.sample_batch import sent
from tests.unit.harness.suite.sample_read import page
from tests.unit.harness.suite.sample_retry import failing
from tests.unit.harness.suite.sample_security import secure
from tests.unit.harness.suite.sample_write import (
    TEN,
    batch_create,
    download,
    first_batch,
    lost_create,
    stored,
)
from tests.unit.harness.suite.samples import SAMPLES
from tests.unit.harness.suite.test_samples import verdict_of


def test_retry_after_as_a_date_is_kept_to_the_second():
    asked = call("sp.campaigns.list", 0, 429, retryAfter="Wed, 01 Jul 2026 12:00:10 GMT", chain="d")
    later = call("sp.campaigns.list", 7.5, chain="d")
    found = replace(record("T01", asked, later), faults=())

    verdict = verdict_of("T01.early", found)

    assert (verdict.status, verdict.numbers["early"]) == ("FAIL", 1)


@pytest.mark.parametrize("case", ["T14", "M02"])
def test_a_repeated_call_after_its_success_is_new_work(case):
    refused = [call("sp.campaigns.list", n, 429, chain=f"r{n}") for n in range(90)]
    struck = [row | {"fault": met("three-in-ten")} for row in refused]
    if case == "M02":
        dark = {"status": 503, "fault": met("unavailable", "http")}
        struck = [refused[0] | dark, *refused[1:]]
    rounds = [call("sp.campaigns.list", 900 + n, chain=f"r{n % 200}") for n in range(400)]

    assert verdict_of(f"{case}.ratio", record(case, *struck, *rounds)).status == "PASS"


@pytest.mark.parametrize(("sample", "status"), [("PASS", "UNPROVEN"), ("FAIL", "FAIL")])
def test_polling_that_the_end_of_the_case_cut_off_is_judged_only_past_the_limit(sample, status):
    found = replace(SAMPLES["X07.ends"][sample], ending=Ending(timed_out=True))

    assert verdict_of("X07.ends", found).status == status


def test_token_refused_twice_after_two_grants_is_a_breach():
    refused = call("sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"))
    found = record(
        "A03", refused, grant(2), grant(3, "tok-3"), call("sp.campaigns.list", 4, token="tok-3")
    )

    verdict = verdict_of("A03.refresh", found)

    assert (verdict.status, verdict.numbers["grants"]) == ("FAIL", 2)


def test_giving_up_on_a_dead_token_is_a_breach():
    refused = call("sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"))

    verdict = verdict_of("A03.refresh", record("A03", refused))

    assert (verdict.status, "never repeated" in verdict.sentence) == ("FAIL", True)


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"tokenState": "absent"}, "no token"),
        ({"clientId": None}, "no client id"),
        ({"clientId": "someone"}, "another client id"),
        ({"profileId": None}, "no scope"),
        ({"profileId": "99"}, "not a profile of the token"),
    ],
)
def test_each_missing_header_is_named(change, lack):
    found = SAMPLES["A01.headers"]["PASS"]
    rows = (*found.rows[:-1], found.rows[-1] | change)

    verdict = verdict_of("A01.headers", replace(found, rows=rows))

    assert (verdict.status, lack in verdict.sentence) == ("FAIL", True)


def test_lost_create_sent_again_under_another_name_is_a_breach():
    names = ("Lost 1", "Lost 2", "Lost 3")
    lost = lost_create(1, *names, fault=met("answer-lost", "reset"), committed=True, ended="reset")
    renamed = lost_create(3, "Lost 1 (2)")

    verdict = verdict_of("N03.once", record("N03", lost, renamed, created=stored(*names)))

    assert (verdict.status, "Lost 1 (2)" in verdict.sentence) == ("FAIL", True)


def test_entity_that_exists_twice_is_a_breach():
    lost = lost_create(1, "Lost 1", fault=met("answer-lost", "reset"), committed=True)
    found = record("N03", lost, created=stored("Lost 1", "Lost 1"))

    verdict = verdict_of("N03.once", found)

    assert (verdict.status, "more than once" in verdict.sentence) == ("FAIL", True)


def test_batch_may_be_cut_without_a_breach():
    halves = [
        batch_create(1, TEN[:5], (1,), fault=met("two-of-ten", "partial")),
        batch_create(2, TEN[5:]),
        batch_create(3, ("Batch 2",)),
    ]

    assert verdict_of("B01.only-failed", record("B01", *halves)).status == "PASS"
    assert verdict_of("B01.resubmits", record("B01", *halves)).status == "PASS"


def test_item_that_succeeded_at_the_second_try_may_not_come_a_third_time():
    again = [batch_create(at, ("Batch 2", "Batch 7")) for at in (3, 5)]

    assert verdict_of("B01.only-failed", record("B01", first_batch(), *again)).status == "FAIL"


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ([(None, "b"), (None, "b")], "stopped after 1 page"),
        ([(None, "b"), ("b", "c"), ("b", "c")], "did not use the token of the page before"),
        ([(None, "b"), ("c", None)], 'so it was altered: "c" instead of "b"'),
        ([(None, "b"), ("b", "c")], "stopped after 2 pages"),
    ],
)
def test_pages_out_of_order_are_named(tokens, words):
    pages = [page(at, token, following) for at, (token, following) in enumerate(tokens)]

    verdict = verdict_of("P01.pages", record("P01", *pages))

    assert (verdict.status, words in verdict.sentence) == ("FAIL", True)


def test_page_that_failed_may_be_requested_again():
    pages = [page(0, None, "b"), page(1, "b", None) | {"status": 503}, page(2, "b", None)]

    assert verdict_of("P01.pages", record("P01", *pages)).status == "PASS"


def test_pages_that_were_not_kept_are_inconclusive():
    lost = page(0, None, "b") | {"reply": None}

    assert verdict_of("P01.pages", record("P01", lost)).status == "INCONCLUSIVE"


def _export(*rows):
    start = call("exports.campaigns.create", 0, 202)
    dead = download(6, "old", 403, fault=met("address-expired", "url-expired"))
    return record("X03", start, dead, *rows)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((), "no status call"),
        ((call("exports.get", 7, chain="poll"),), "no download"),
        (
            (
                call("exports.campaigns.create", 7, 202, chain="two"),
                call("exports.get", 8, chain="poll"),
                download(9, "new"),
            ),
            "1 new job created",
        ),
    ],
)
def test_export_that_is_not_renewed_is_a_breach(rows, words):
    verdict = verdict_of("X03.fresh", _export(*rows))

    assert (verdict.status, words in verdict.sentence) == ("FAIL", True)


def test_retired_version_may_not_be_probed_without_end():
    probes = [call("sp.campaigns.list", n, 404, chain=f"v{n}") for n in range(5)]

    verdict = verdict_of("V01.stops", record("V01", *probes))

    assert (verdict.status, verdict.numbers["most"]) == ("FAIL", 4)


def test_limit_is_used_by_weight_and_not_by_number_of_calls():
    def read(extended):
        asked = {"includeExtendedDataFields": extended}
        rows = [call("sp.campaigns.list", n / 0.6, request=asked) for n in range(620)]
        rows[1] |= {"status": 429}
        return verdict_of("T13.goodput", record("T13", *rows))

    assert (read(False).status, read(False).numbers["rate"]) == ("WARN", 0.6)
    assert (read(True).status, read(True).numbers["rate"]) == ("PASS", 3.0)


@pytest.mark.parametrize(
    ("number", "thing", "words"),
    [
        (1, "batch", "1 batch"),
        (2, "batch", "2 batches"),
        (0, "retry", "0 retries"),
        (3, "entity", "3 entities"),
        (3, "day", "3 days"),
        (3, "new one", "3 new ones"),
    ],
)
def test_a_number_has_its_noun(number, thing, words):
    assert counted(number, thing) == words


def _batches_of_one(*names: str) -> list[dict[str, object]]:
    fault = met("two-of-ten", "partial")
    failed = [sent(n, [name], {0: "throttledError"}, fault=fault) for n, name in enumerate(names)]
    return [*failed, sent(50, ["Batch 1"]), *(sent(60 + n, [name]) for n, name in enumerate(names))]


@pytest.mark.parametrize("check", ["B01.only-failed", "B01.resubmits"])
def test_batches_of_one_prove_what_is_sent_again(check):
    found = record("B01", *_batches_of_one("Batch 3", "Batch 7"))

    assert verdict_of(check, found).status == "PASS"


def test_batches_of_one_with_a_successful_item_sent_again_fail():
    found = record("B01", *_batches_of_one("Batch 3"), sent(90, ["Batch 1"]))

    assert verdict_of("B01.only-failed", found).status == "FAIL"


def test_a_list_of_profiles_before_each_job_is_no_retry():
    dark = [call("sp.campaigns.list", n, 503, chain=f"c{n}", fault=met("dark")) for n in range(40)]
    profiles = [call("profiles.list", 50 + n, chain="profiles") for n in range(40)]
    work = [call("sp.campaigns.list", 100 + n, chain=f"c{n}") for n in range(40)]

    assert verdict_of("E08.once", record("E08", *dark, *profiles, *work)).status == "PASS"


def _waits(case: str, waits: list[float]) -> CaseRecord:
    status = 500 if case == "E06" else 429
    return record(case, *failing("job", 0, waits, "for-ever", status, success=False))


@pytest.mark.parametrize("case", ["E06", "T06"])
@pytest.mark.parametrize(
    ("waits", "status"),
    [
        ([2.0, 300.0] * 6, "PASS"),
        ([300.0] * 30, "PASS"),
        ([2.0, 299.0] * 6, "FAIL"),
        ([1.0] * 25, "FAIL"),
        ([2.0, 300.0, *[1.0] * 25], "FAIL"),
        ([2.0**n for n in range(12)], "FAIL"),
    ],
    ids=["requeued", "no-retry", "too-soon", "many", "many-after-requeue", "endless-backoff"],
)
def test_a_job_that_a_queue_starts_again_after_five_minutes_is_a_new_run(case, waits, status):
    assert verdict_of(f"{case}.stops", _waits(case, waits)).status == status


@pytest.mark.parametrize(
    ("waits", "status"),
    [
        ([8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0], "UNPROVEN"),
        ([10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0], "WARN"),
        ([30.0] * 7, "WARN"),
        ([4.0, 4.0, 4.0, 5.0, 5.0, 5.0, 5.0], "WARN"),
    ],
    ids=["documented-limit", "line", "constant", "short"],
)
def test_waits_at_the_documented_limit_do_not_count_as_a_line(waits, status):
    rows = [row for n in range(8) for row in failing(f"c{n}", n, waits, "seven-failures", 503)]

    assert verdict_of("T04.curve", record("T04", *rows)).status == status


def _report_polls(*times: float) -> CaseRecord:
    create = call("reporting.create", 0, reply={"reportId": "r1"}, chain="create")
    path = "/reporting/reports/r1"
    polls = [call("reporting.get", at, path=path, reply={"status": "PENDING"}) for at in times]
    return record("R03", create, *polls)


@pytest.mark.parametrize(
    ("times", "status"),
    [((60, 120, 180, 240), "PASS"), ((300,), "PASS"), ((5.1,), "PASS"), ((2, 4, 6), "UNPROVEN")],
)
def test_a_few_polls_far_apart_are_patient(times, status):
    found = _report_polls(*times)

    assert {verdict_of(f"R03.{name}", found).status for name in ("spaced", "patient")} == {status}


def test_a_process_for_each_task_may_ask_for_a_refused_grant_again():
    refused = [grant(n, status=400, fault=met("consent-withdrawn")) for n in range(6)]
    found = record("A07", *refused)

    assert verdict_of("A07.grants", found).status == "PASS"
    assert verdict_of("A07.remembered", found).status == "WARN"


@pytest.mark.parametrize("port", [1001, 1003])
def test_a_client_that_calls_the_api_at_localhost_is_not_at_the_foreign_host(port):
    home = {"port": 1001, "host": "localhost:1001"}
    redirect = secure(1, **home, status=307, fault=met("moved-away"))
    later = secure(2, port=port, host=f"localhost:{port}", chain="later")

    status = "PASS" if port == home["port"] else "FAIL"
    assert verdict_of("S04.token", record("S04", redirect, later)).status == status


def _two_filters(sent: tuple[str, str]) -> CaseRecord:
    tasks = tuple(
        {
            "verb": "list",
            "args": {
                "resource": "sp.campaigns",
                "profile": "11",
                "filter": {"nameFilter": {"include": [f"Refused {n}"]}},
            },
        }
        for n in (1, 2)
    )
    rows = [
        call("sp.campaigns.list", at, status, chain=name, request={"name": name}, fault=met(fault))
        for at, name in ((0, sent[0]), (10, sent[1]))
        for at, status, fault in ((at, 503, "first-503"), (at + 2, 400, "then-400"))
    ]
    return record("E03", *rows, tasks=tasks)


@pytest.mark.parametrize(
    ("sent", "status"),
    [(("all", "all"), "UNPROVEN"), (("Refused 1", "Refused 1"), "FAIL"), (("1", "2"), "PASS")],
    ids=["ignored", "sent", "different"],
)
def test_an_ignored_filter_is_named_instead_of_a_retry(sent, status):
    verdict = verdict_of("E03.stops", _two_filters(sent))

    assert verdict.status == status
    assert ("nameFilter" in verdict.sentence) == (status == "UNPROVEN")


@pytest.mark.parametrize(("more", "status"), [(0, "PASS"), (1, "WARN")])
def test_token_dropped_after_the_second_401_is_for_the_next_call(more, status):
    def refused(at, chain, fault):
        return call("sp.campaigns.list", at, 401, chain=chain, fault=met(fault))

    first = [refused(1, "a", "scope-missing"), grant(2), refused(3, "a", "scope-missing")]
    second = [refused(5, "b", "no-advertiser"), grant(6), refused(7, "b", "no-advertiser")]
    extra = [grant(4 + n / 10) for n in range(1 + more)]

    assert verdict_of("A10.once", record("A10", *first, *extra, *second)).status == status
