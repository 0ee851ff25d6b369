"""Reports on the sandbox's clock: life, duplicates, refusals, files."""

import gzip
from urllib.parse import urlsplit

import pytest

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.core.fault import Match
from tests.unit.mockserver.fixtures import create_server, value
from tests.unit.mockserver.services.reporting.report_requests import (
    account,
    ask,
    fetch,
    finished,
    look,
    start,
    wish,
)

MEMBERS = {
    "reportId", "status", "name", "startDate", "endDate", "configuration", "createdAt",
    "updatedAt", "generatedAt", "fileSize", "url", "urlExpiresAt", "failureReason",
}  # fmt: skip


def test_report_is_pending_then_processing_then_completed():
    server = create_server()
    report = start(server, wish())
    seen = []
    for _ in range(3):
        seen.append(value(look(server, report))["status"])
        server.sandbox.clock.advance(5)

    assert seen == ["PENDING", "PROCESSING", "COMPLETED"]


def test_report_shows_all_members_with_nulls_from_the_start():
    server = create_server()
    made = value(ask(server, wish(name="mine")))

    assert set(made) == MEMBERS
    assert {name for name, held in made.items() if held is None} == {
        "generatedAt", "fileSize", "url", "urlExpiresAt", "failureReason",
    }  # fmt: skip
    assert (made["name"], made["configuration"]["filters"]) == ("mine", None)


def test_report_is_answered_in_the_type_that_accept_names():
    server = create_server(choices={"gateway": "documented"})
    plain = server.call("/reporting/reports", wish(), media="application/json")
    own = ask(server, wish(timeUnit="DAILY"))

    assert (plain.status, plain.content_type) == (200, "application/json")
    assert own.content_type == "application/vnd.createasyncreportresponse.v3+json"


def test_equal_request_is_refused_with_the_id_until_the_first_has_ended():
    server = create_server()
    report = start(server, wish())

    again = ask(
        server, wish(name="other", columns=list(reversed(wish()["configuration"]["columns"])))
    )

    assert again.status == 425
    assert value(again) == {"code": "425", "detail": f"The Request is a duplicate of : {report}"}
    server.sandbox.clock.advance(10)
    assert ask(server, wish()).status == 200


@pytest.mark.parametrize(
    "change", [{"timeUnit": "DAILY"}, {"endDate": "2026-06-20"}, {"columns": ["clicks"]}]
)
def test_other_request_is_no_duplicate(change):
    server = create_server()
    start(server, wish())

    assert ask(server, wish(**change)).status == 200


def test_other_profile_has_reports_of_its_own():
    server = create_server()
    report = start(server, wish())
    other = [each.id for each in server.sandbox.profiles.values() if each.region == "NA"][1]
    scope = {"Amazon-Advertising-API-Scope": other}

    assert ask(server, wish(), **scope).status == 200
    assert look(server, report, **scope).status == 404


def test_pending_report_can_be_taken_back_and_asked_for_again():
    server = create_server()
    report = start(server, wish())

    gone = look(server, report, method="DELETE")

    assert (gone.status, value(gone)["code"], value(gone)["reportId"]) == (200, "200", report)
    assert look(server, report).status == 404
    assert ask(server, wish()).status == 200


def test_report_under_way_cannot_be_taken_back():
    server = create_server()
    report = start(server, wish())
    server.sandbox.clock.advance(5)

    late = look(server, report, method="DELETE")

    assert (late.status, "PROCESSING" in value(late)["detail"]) == (400, True)
    assert look(server, report).status == 200


def test_each_look_brings_a_fresh_url_that_lives_an_hour():
    server = create_server()
    report = start(server, wish())
    server.sandbox.clock.advance(10)
    first, second = (value(look(server, report)) for _ in range(2))
    assert first["url"] != second["url"]
    assert parse_utc(first["urlExpiresAt"]) == server.sandbox.clock.now() + 3600

    server.sandbox.clock.advance(3601)

    assert fetch(server, first["url"]).status == 403
    assert fetch(server, value(look(server, report))["url"]).status == 200


def test_report_without_rows_is_the_gzip_of_an_empty_array():
    server = create_server()
    report = start(server, wish())
    server.sandbox.clock.advance(10)
    done = value(look(server, report))
    file = fetch(server, done["url"])

    assert (gzip.decompress(file.body), file.content_type) == (b"[]", "application/octet-stream")
    assert done["fileSize"] == len(file.body)


@pytest.mark.parametrize(("kind", "status"), [("async-stuck", "PENDING"), ("async-fail", "FAILED")])
def test_async_faults_decide_how_a_report_ends(kind, status):
    server = create_server()
    server.plan(kind, match=Match(operation=("reporting.create",)))
    report = start(server, wish())

    server.sandbox.clock.advance(10_000)
    done = value(look(server, report))

    assert done["status"] == status
    assert (done["failureReason"] is not None) is (status == "FAILED")


def test_report_takes_as_long_as_the_sandbox_chooses():
    server = create_server(choices={"report.seconds": "600"})
    report = start(server, wish())
    server.sandbox.clock.advance(599)
    assert value(look(server, report))["status"] == "PROCESSING"

    server.sandbox.clock.advance(1)

    assert value(look(server, report))["status"] == "COMPLETED"


def test_export_and_report_do_not_answer_for_each_other():
    server = create_server()
    report = start(server, wish())

    found = server.call(f"/exports/{report}", b"", "GET", media="*/*")

    assert found.status == 404


def test_throttled_create_brings_no_retry_after():
    server = create_server(quotas={})
    burst = int(server.runtime.contract_set.quotas["reporting.create"].burst)
    columns = ["clicks", "cost", "spend", "impressions", "sales1d", "sales7d"]
    replies = [ask(server, wish(columns=[name])) for name in columns]

    assert [reply.status for reply in replies] == [200] * burst + [429]
    assert "Retry-After" not in replies[-1].headers


def test_url_expired_fault_kills_one_url_and_a_fresh_one_works():
    server = create_server()
    report = start(server, wish())
    server.sandbox.clock.advance(10)
    server.plan("url-expired", times=1, match=Match(operation=("storage.get",)))
    url = value(look(server, report))["url"]

    assert [fetch(server, url).status for _ in range(2)] == [403, 403]
    assert urlsplit(url).path.endswith(".json.gz")
    assert fetch(server, value(look(server, report))["url"]).status == 200


def test_a_range_may_end_on_the_day_of_utc_before_it_begins_in_the_profile():
    server = account()
    server.sandbox.clock.advance(14 * 3_600)  # 2026-07-09T02:00Z, when it is July 8 in the US

    def ask_until(end):
        return ask(server, wish(startDate="2026-07-08", endDate=end, timeUnit="DAILY"))

    assert ask_until("2026-07-10").status == 400
    body = wish(
        startDate="2026-07-08",
        endDate="2026-07-09",
        timeUnit="DAILY",
        columns=["date", "impressions"],
    )
    assert {row["date"] for row in finished(server, body)} == {"2026-07-08"}
    assert finished(server, body | {"startDate": "2026-07-09"}) == []
