"""A long-lived program as the client: asked line by line, judged by the journal, heard besides."""

import json
import os
import shlex
import sys
from collections import Counter
from pathlib import Path

import jsonschema_rs
import pytest

from adsmock.harness.suite import runner
from adsmock.harness.suite.case import load
from adsmock.harness.suite.drivers import AdapterDriver
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.judge import judge_run

REFERENCE = shlex.join([sys.executable, "-m", "adsmock.harness.client.adapter"])
META = Path(__file__).parents[2] / "contracts" / "meta"


def fake_adapter(mode, note):
    return shlex.join(
        [sys.executable, str(Path(__file__).parent / "fake_adapter.py"), mode, str(note)]
    )


def play(control, command, *names, timeout=300.0, through_proxy=False):
    cases = tuple(load()[name] for name in names)
    driver = AdapterDriver(command, timeout)
    selection = runner.Selection(cases, "core", filtered=True, through_proxy=through_proxy)
    found = runner.run(driver, selection, 7, control)
    return judge_run(found, load())


def statuses(verdict):
    return [(one.check, one.status) for case in verdict.cases for one in case.verdicts]


def requests_in(note):
    return [json.loads(line) for line in note.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def form():
    schemas = [
        json.loads((META / f"{name}.schema.json").read_text("utf-8"))
        for name in ("task", "adapter")
    ]
    registry = jsonschema_rs.Registry([(one["$id"], one) for one in schemas])
    return jsonschema_rs.validator_for(
        {"$ref": "adsmock:adapter/1#/$defs/request"}, registry=registry
    )


def test_reference_adapter_passes_and_its_claims_agree(control):
    verdict = play(control, REFERENCE, "A01", "B01", "N03", "C01")

    assert set(statuses(verdict)) >= {("A01.headers", "PASS"), ("x.claim", "PASS")}
    assert {status for _, status in statuses(verdict)} == {"PASS"}
    assert verdict.exit_code == 0


def test_adapter_that_lies_fails_by_its_claims_and_passes_nothing(control, tmp_path):
    verdict = play(control, fake_adapter("lies", tmp_path / "note"), "A01", "B01")

    assert statuses(verdict) == [
        ("A01.headers", "UNPROVEN"),
        ("x.claim", "FAIL"),
        ("B01.only-failed", "UNPROVEN"),
        ("B01.resubmits", "UNPROVEN"),
        ("B01.paced", "UNPROVEN"),
        ("x.claim", "FAIL"),
    ]
    assert verdict.exit_code == 1
    assert "no list of profiles succeeded" in verdict.cases[0].verdicts[1].sentence


def test_requests_fit_their_schema_and_carry_the_credentials_of_their_case(control, tmp_path, form):
    note = tmp_path / "note"
    play(control, fake_adapter("lies", note), "A01", "B01")

    asked = requests_in(note)
    assert [one for one in asked if not form.is_valid(one)] == []
    clients = {one["case"]: one["credentials"]["clientId"] for one in asked if "case" in one}
    assert set(clients) == {"A01", "B01"}
    assert len(set(clients.values())) == 2


def test_adapter_verifies_the_certificates_of_the_cases_with_tls(control):
    verdict = play(control, REFERENCE, "S01", "S02", "S04", "S05")

    found = statuses(verdict)
    assert {check for check, _ in found} >= {"S01.refused", "S02.refused", "S04.token", "S05.clear"}
    assert {status for _, status in found} == {"PASS"}
    assert verdict.exit_code == 0


def test_requests_name_certificate_and_proxy_where_the_case_has_them(control, tmp_path, form):
    notes = [tmp_path / "tls", tmp_path / "proxy", tmp_path / "plain"]
    play(control, fake_adapter("lies", notes[0]), "S01")
    play(control, fake_adapter("lies", notes[1]), "A01", through_proxy=True)
    play(control, fake_adapter("lies", notes[2]), "A01")
    tls, proxy, plain = (requests_in(note)[0] for note in notes)

    assert all(form.is_valid(one) for one in (tls, proxy, plain))
    assert tls["caBundle"].endswith(".pem")
    assert "proxy" not in tls
    assert proxy["proxy"].startswith("http://127.0.0.1:")
    assert proxy["regions"]["EU"]["ads"] == "https://advertising-api-eu.amazon.com"
    assert plain.keys().isdisjoint({"caBundle", "proxy"})


def test_program_finds_the_certificate_in_its_environment_too(control, tmp_path):
    note = tmp_path / "note"
    play(control, fake_adapter("trusts", note), "S01")
    play(control, fake_adapter("trusts", note), "A01")
    first, *_, last = requests_in(note)

    assert first["REQUESTS_CA_BUNDLE"] == first["NODE_EXTRA_CA_CERTS"] == first["caBundle"]
    assert "caBundle" not in last
    assert last["NODE_EXTRA_CA_CERTS"] == os.environ.get("NODE_EXTRA_CA_CERTS")


def test_reference_adapter_reaches_amazons_hosts_through_the_proxy(control):
    verdict = play(control, REFERENCE, "A01", through_proxy=True)

    assert statuses(verdict) == [("A01.headers", "PASS"), ("x.claim", "PASS")]


def test_every_program_is_asked_to_shut_down_in_the_end(control, tmp_path):
    note = tmp_path / "note"
    play(control, fake_adapter("lies", note), "A01", "B01")

    verbs = Counter(one["verb"] for one in requests_in(note))
    assert 1 <= verbs["shutdown"] <= 2
    assert requests_in(note)[-1]["verb"] == "shutdown"


def test_program_that_dies_is_started_again_and_the_case_says_so(control, tmp_path):
    note = tmp_path / "note"
    verdict = play(control, fake_adapter("dies", note), "A01")
    (case,) = verdict.cases
    ending = case.record.ending

    assert ending.exit_code == 9
    assert "the adapter ended with exit code 9 at task 2" in ending.error
    assert "out of memory, <clientSecret>" in ending.output
    assert [one["task"] for one in ending.claims] == [0, 2, 4, 6]  # every second task kills it


def test_line_that_is_no_reply_is_shown(control, tmp_path):
    verdict = play(control, fake_adapter("chats", tmp_path / "note"), "B01")

    assert "working on it" in verdict.cases[0].record.ending.error


def test_program_that_does_not_answer_is_stopped(control, tmp_path):
    verdict = play(control, fake_adapter("deaf", tmp_path / "note"), "B01", timeout=1.0)
    ending = verdict.cases[0].record.ending

    assert ending.timed_out
    assert ending.claims == ()


def test_claims_are_kept_in_the_record(control, tmp_path):
    verdict = play(control, fake_adapter("lies", tmp_path / "note"), "A01")
    file.write(verdict.record, tmp_path / "journal.ndjson")

    again = judge_run(file.read(tmp_path / "journal.ndjson"), load())

    assert again.cases == verdict.cases
