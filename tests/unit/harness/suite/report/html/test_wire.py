import json
import tomllib
from importlib.resources import files

import pytest

from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.labels import ENDINGS, answer, document, practice, tone
from adsmock.harness.suite.report.html.masking import MASK, mask, mask_text
from adsmock.harness.suite.report.html.wire_log import (
    BODY_CHARACTERS,
    CASE_CHARACTERS,
    PLAIN_BODY_CHARACTERS,
    ROWS_SHOWN,
    body,
    log,
)
from tests.unit.harness.suite.report.html.unpacked import opened

NOBODY = frozenset()
SECRET = "Atza|IwEBIJ-secret_part.9+x=="


@pytest.mark.parametrize(
    "name", ["access_token", "refresh_token", "client_secret", "Authorization", "X-Amz-Signature"]
)
def test_members_with_secrets_are_masked_at_any_depth(name):
    shown = json.dumps(mask({"a": [{name: "hunter2"}]}))
    assert "hunter2" not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {SECRET}",
        f"token={SECRET}",
        "https://s3/x?X-Amz-Date=1&X-Amz-Signature=secret_part&y=2",
        "Atzr|secret_part",
    ],
)
def test_text_shaped_like_a_secret_is_masked(text):
    assert "secret_part" not in mask_text(text)


def test_no_secret_reaches_the_page_by_any_way(run, case, check, entry):
    row = entry(
        1,
        0.0,
        path=f"/x/{SECRET}",
        query=f"access={SECRET}",
        request={"refresh_token": SECRET, "note": SECRET},
        reply=f"<html>{SECRET}</html>",
        headers={"authorization": "Bearer secret_part", "x": SECRET},
    )
    evidence = [{"seq": 1, "note": SECRET, "allowedFrom": None}]
    checks = [check("T01.a", "FAIL", f"saw {SECRET}", rows=evidence, numbers={"t": SECRET})]
    ending = {"exitCode": 1, "timedOut": False, "output": SECRET, "error": SECRET}
    text = opened(render(run([case("T01", "FAIL", checks, ending=ending)]), [row]))
    assert "redacted" in text
    assert "secret_part" not in text


def test_rows_are_capped_and_the_page_says_so(run, case, check, entry):
    rows = [entry(seq, float(seq)) for seq in range(1, ROWS_SHOWN + 51)]
    last = rows[-1]["seq"]
    evidence = [{"seq": last, "note": "late", "allowedFrom": None}]
    made = case("T01", "FAIL", [check("T01.a", "FAIL", "late", rows=evidence)])
    text = opened(render(run([made]), rows))
    assert text.count('<details class="wire"') == ROWS_SHOWN
    assert f"{ROWS_SHOWN} of {ROWS_SHOWN + 50} calls are shown" in text
    assert f'id="row-T01-{last}"' in text


def test_bodies_are_cut_and_say_so():
    text = body({"text": "x" * 3 * BODY_CHARACTERS}, CASE_CHARACTERS)
    assert len(text) < BODY_CHARACTERS + 100
    assert "more characters: see journal.ndjson" in text


@pytest.mark.parametrize(
    ("more", "first", "limit"),
    [
        ({}, NOBODY, PLAIN_BODY_CHARACTERS),
        ({}, frozenset({1}), BODY_CHARACTERS),
        ({"status": 429}, NOBODY, BODY_CHARACTERS),
        ({"fault": {"id": "f", "kind": "latency"}}, NOBODY, BODY_CHARACTERS),
    ],
    ids=["plain", "evidence", "refused", "fault"],
)
def test_a_success_that_is_no_evidence_is_cut_earlier(entry, more, first, limit):
    (row,) = log([entry(1, 0.0, reply="x" * 9000, **more)], "monotonic", first).rows
    assert row.reply.startswith("x" * limit + "\n")


def test_bodies_of_one_case_share_a_size_limit(entry):
    rows = [entry(seq, float(seq), request={"t": "x" * 9000}) for seq in range(1, 101)]
    shown = log(rows, "monotonic", NOBODY).rows
    assert sum(len(row.request) + len(row.reply) for row in shown) < CASE_CHARACTERS + 20_000
    assert "left out to keep this report small" in shown[-1].request


def test_log_is_in_order_of_arrival_by_the_case_s_own_clock(entry):
    rows = [entry(1, 5.0), entry(2, 1.0), entry(3, 3.0)]
    assert [row.seq for row in log(rows, "sandbox", NOBODY).rows] == [2, 3, 1]
    assert [row.time for row in log(rows, "sandbox", NOBODY).rows] == ["+0 s", "+2 s", "+4 s"]


@pytest.mark.parametrize(
    ("more", "css"),
    [
        ({"status": 200}, "ok"),
        ({"status": 202}, "ok"),
        ({"status": 429}, "throttle"),
        ({"status": 425}, "throttle"),
        ({"status": 404}, "refuse"),
        ({"status": 503}, "broken"),
        ({"status": 0}, "lost"),
        ({"status": 200, "ended": "truncated"}, "lost"),
        ({"status": 207, "reply": {"campaigns": {"error": [{"index": 1}]}}}, "part"),
        ({"status": 207, "reply": {"campaigns": {"error": [], "success": [{}]}}}, "ok"),
        ({"status": 207, "reply": None, "fault": {"id": "f", "kind": "partial"}}, "part"),
    ],
)
def test_tone_follows_what_the_client_got(entry, more, css):
    assert tone({**entry(1, 0.0), **more}) == css


@pytest.mark.parametrize(("ended", "words"), ENDINGS.items())
def test_an_ending_that_is_not_whole_is_named(entry, ended, words):
    assert answer(entry(1, 0.0, 0, ended=ended)) == words
    assert answer(entry(1, 0.0, 200, ended=ended)) == f"200 {words}"


@pytest.mark.parametrize(
    "anchor",
    ["javascript:alert(1)", "//evil.example/x", "a/../../b", "a b", "", None, "https://x/y"],
)
def test_an_anchor_that_is_no_page_path_is_no_link(anchor):
    address = document(anchor)
    assert address is None or address.startswith("https://advertising.amazon.com/API/docs/en-us/")
    assert address is None or "evil" in address


def test_every_practice_of_a_case_has_a_title_and_a_source():
    folder = files("adsmock.harness.suite").joinpath("cases")
    cases = [tomllib.loads(path.read_text("utf-8")) for path in folder.iterdir()]
    codes = {code for case in cases for code in case["practice"]}
    assert codes
    assert {code for code in codes if not (practice(code).title and practice(code).link)} == set()
    assert {case["id"] for case in cases if document(case["anchor"]) is None} == set()
