"""run.json fits its schema, junit.xml says what CI must hear, the folder holds all files."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from msgspec.structs import replace
from rich.console import Console

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import RunRecord
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import badge, counts, folder, junit, run_json, terminal
from adsmock.harness.suite.report.html.header import page_view
from adsmock.harness.suite.unlisted_checks import UNLISTED
from tests.unit.harness.suite.small_run import small_run
from tests.unit.harness.suite.test_record import whole

ROOT = Path(__file__).parents[4]
SCHEMA = json.loads((ROOT / "contracts/meta/run.schema.json").read_text("utf-8"))


@pytest.fixture(params=["PASS", "FAIL", "UNPROVEN"])
def verdict(request):
    return judge_run(whole(request.param), load())


def test_run_json_fits_its_schema(verdict):
    jsonschema_rs.validate(SCHEMA, run_json.render(verdict))


def test_run_json_counts_every_declared_check(verdict):
    document = run_json.render(verdict)
    declared = [check.id for case in verdict.cases for check in case.case.checks]

    shown = [one["id"] for case in document["cases"] for one in case["checks"]]
    assert [name for name in shown if name not in UNLISTED] == declared
    assert sum(document["counts"].values()) == len(shown)


def test_junit_has_a_testcase_for_each_check_and_skips_what_has_no_verdict(verdict):
    document = run_json.render(verdict)
    root = ET.fromstring(junit.render(document))
    wanted = {"FAIL": "failure", "ERROR": "error", "INCONCLUSIVE": "error"}
    wanted |= {"UNPROVEN": "skipped", "N/A": "skipped"}

    seen = {one.get("name"): {child.tag for child in one} for one in root.iter("testcase")}
    for case in document["cases"]:
        for check in case["checks"]:
            tag = wanted.get(check["status"], "system-out")
            assert seen[check["id"]] == {"properties", tag}
    for one in root.iter("skipped"):
        assert ": " in one.get("message")
    for one, case in zip(root.iter("testsuite"), document["cases"], strict=True):
        assert float(one.get("time")) == pytest.approx(case["seconds"], abs=0.01)
        assert int(one.get("skipped")) == len(list(one.iter("skipped")))


def test_junit_survives_what_xml_cannot_hold():
    document = run_json.render(judge_run(whole("FAIL"), load()))
    document["cases"][0]["checks"][0]["sentence"] = "bell \x07 and <tag> \ud800"

    assert "bell ? and <tag> ?" in ET.tostring(
        ET.fromstring(junit.render(document)), "unicode"
    ).replace("&lt;", "<").replace("&gt;", ">")


def test_folder_has_every_report_of_a_run(verdict, tmp_path):
    paths = folder.write(verdict, tmp_path / "deep" / "reports")

    assert sorted(path.name for path in paths.values()) == [
        "badge.json",
        "coverage.csv",
        "journal.ndjson",
        "junit.xml",
        "report.html",
        "run.json",
    ]
    assert file.read(paths[folder.JOURNAL]) == verdict.record
    assert paths[folder.HTML].read_text("utf-8").lstrip().lower().startswith("<!doctype html")


def test_page_of_a_selection_never_says_conformant(tmp_path):
    full = small_run("PASS")
    part = RunRecord(replace(full.meta, filtered=True), full.cases)
    pages = [
        folder.write(judge_run(run, load()), tmp_path / name)[folder.HTML].read_text("utf-8")
        for name, run in (("full", full), ("part", part))
    ]

    assert ["Selection passed" in page for page in pages] == [False, True]
    assert ["Conformant" in page for page in pages] == [True, False]


def test_junit_shows_a_warning_as_output_and_property():
    document = run_json.render(judge_run(small_run("PASS"), load()))
    case = document["cases"][0]
    case["checks"] = [case["checks"][0] | {"status": "WARN", "sentence": "too fast"}]
    (one,) = ET.fromstring(junit.render(document | {"cases": [case]})).iter("testcase")

    assert one.findtext("system-out") == "WARN: too fast"
    assert ("warning", "too fast") in {
        (row.get("name"), row.get("value")) for row in one.iter("property")
    }


def printed(document, width=80, **options):
    console = Console(record=True, width=width, file=StringIO())
    terminal.show(document, console, **options)
    return console.export_text()


def test_terminal_shows_breaches_first_and_passes_only_when_verbose():
    document = run_json.render(judge_run(whole("FAIL"), load()))
    text = printed(document)
    first = next(line for line in text.splitlines()[1:] if line)

    assert first.startswith("FAIL ")
    assert "\nPASS " not in text
    assert "\nPASS " in "\n" + printed(
        run_json.render(judge_run(whole("PASS"), load())), verbose=True
    )


def test_terminal_and_badge_count_alike():
    document = run_json.render(judge_run(whole("FAIL"), load()))
    counted = counts.words(document)

    assert counted in printed(document, width=300)
    assert badge.render(document)["message"].startswith(counted)


def test_every_number_of_a_run_counts_checks():
    document = run_json.render(judge_run(whole("FAIL"), load()))
    found = [check["status"] for case in document["cases"] for check in case["checks"]]
    last = printed(document, width=300).splitlines()[-1]
    tests = list(ET.fromstring(junit.render(document)).iter("testcase"))

    assert document["counts"] == dict(Counter(found))
    assert len(tests) == len(found)
    for word in set(found) - {"PASS", "INFO"}:
        assert f"{found.count(word)} {word}" in last
    assert f"{len(document['cases'])} cases, {len(found)} checks: " in " ".join(
        printed(area_of_all(document), width=300).split()
    )


def area_of_all(document):
    return document | {"cases": [case | {"area": "all"} for case in document["cases"]]}


def test_report_of_a_passing_core_run_fits_on_one_screen():
    record = small_run("PASS")
    cases = [one for one in load().values() if "core" in one.profiles]
    document = run_json.render(judge_run(record, load()))
    check = document["cases"][0]["checks"][0]
    document["cases"] = [
        document["cases"][0]
        | {"id": one.id, "area": one.area, "checks": [check | {"id": k.id} for k in one.checks]}
        for one in cases
    ]

    assert len(printed(document).splitlines()) < 25


def absent(case, reason):
    check = case["checks"][0] | {"status": "N/A", "sentence": reason, "toProve": None}
    return case | {"id": f"X{reason}", "status": "N/A", "checks": [check]}


def test_terminal_shows_a_few_reasons_of_absence_unless_verbose():
    document = run_json.render(judge_run(small_run("PASS"), load()))
    case = document["cases"][0]
    document["cases"] += [absent(case, str(number)) for number in range(7)]

    text = printed(document)
    assert [line for line in text.splitlines() if line.startswith("N/A: ")][-1] == "N/A: 4: X4"
    assert "N/A for 2 more reasons: see the report, or --verbose" in text
    assert "N/A: 6: X6" in printed(document, verbose=True)


def test_terminal_says_how_to_declare_what_an_adapter_does_not_support():
    document = run_json.render(judge_run(small_run("PASS"), load()))
    reason = "the client made no call: the adapter does not support sp.campaigns"
    check = document["cases"][0]["checks"][0]
    check |= {"status": "UNPROVEN", "sentence": reason, "toProve": None}
    document["cases"][0]["checks"][0] = check

    assert "adsmock init --from JOURNAL" in printed(document, width=200)


def test_terminal_says_the_word_the_sentence_and_the_fix():
    console = Console(record=True, width=200, file=StringIO())
    terminal.show(run_json.render(judge_run(whole("FAIL"), load())), console)
    text = console.export_text()

    assert "attempt 2 came 1.02 s after the 429, but Retry-After was 3" in text
    assert "non-conformant" in text
    assert load()["T01"].how_to_fix[:40] in text


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        ("command", "non-conformant: no MUST check failed, but with --strict each WARN counts"),
        ("mutant", "for a bundled broken client each WARN counts"),
    ],
)
def test_verdict_without_a_failure_says_that_each_warn_counts(driver, words):
    document = run_json.render(judge_run(whole("PASS"), load())) | {"verdict": "non-conformant"}
    document["client"] = document["client"] | {"driver": driver}
    document["cases"] = [one for one in document["cases"] if one["status"] == "PASS"]

    assert words in printed(document, width=200).splitlines()[-1]


def incomplete(*checks, hint=None):
    rows = [
        {"id": name, "severity": severity, "status": status, "sentence": "s", "baseline": None}
        | {"toProve": None, "call": None, "howToFix": ""}
        for name, severity, status in checks
    ]
    document = run_json.render(judge_run(whole("PASS"), load())) | {"verdict": "incomplete"}
    case = document["cases"][0] | {"status": "UNPROVEN", "checks": rows}
    return printed(document | {"cases": [case], "hint": hint}, width=400).splitlines()[-1]


def test_incomplete_run_names_every_undecided_must_check_or_the_reason():
    many = [(f"T{n:02}.early", "MUST", "UNPROVEN") for n in range(1, 12)]
    named = incomplete(*many, ("T20.x", "SHOULD", "UNPROVEN"), ("T21.x", "MUST", "INCONCLUSIVE"))

    assert named.startswith("incomplete: 12 MUST checks could not be decided: T21.x, T01.early, ")
    assert all(name in named for name, _, _ in many)
    assert "T20.x" not in named
    nothing = [("T01.early", "MUST", "N/A")]
    assert incomplete(*nothing).startswith(
        "incomplete: no MUST check passed: the program gave none an opportunity ("
    )
    assert incomplete(*nothing, hint="It failed.").startswith("incomplete: the first lines say why")


def test_run_without_a_call_shows_the_hint_instead_of_one_reason_for_each_check():
    made = small_run("PASS")
    silent = tuple(replace(each, rows=(), entries=0) for each in made.cases)
    run = run_json.render(judge_run(replace(made, cases=silent), load()))
    text = " ".join(printed(run, width=200).split())

    assert "never reached the mock" in text
    assert "incomplete: no call came, so 5 MUST checks could not be decided" in text
    assert "UNPROVEN A01" not in text
    assert "UNPROVEN A01" in " ".join(printed(run, width=200, verbose=True).split())
    adapter = run | {"client": run["client"] | {"driver": "adapter"}}
    assert "UNPROVEN A01" in " ".join(printed(adapter, width=200).split())


def test_matrix_shows_which_client_failed_where():
    console = Console(record=True, width=120, file=StringIO())
    terminal.matrix(
        [("reference", {"T01": "PASS"}, "exact"), ("deaf", {"T01": "FAIL"}, "not caught by T03")],
        ["T01"],
        console,
    )
    text = console.export_text()

    assert "·" in text
    assert "F" in text
    assert "not caught by T03" in text


@pytest.mark.parametrize(
    ("status", "standing", "tag"),
    [
        ("FAIL", "expected", "system-out"),
        ("UNPROVEN", "expected", "system-out"),
        ("FAIL", "expired", "failure"),
        ("PASS", "stale", "failure"),
        ("WARN", "unexpected", "failure"),
        ("UNPROVEN", "open", "skipped"),
        ("N/A", "open", "skipped"),
        ("INCONCLUSIVE", "open", "error"),
    ],
)
def test_junit_is_red_where_the_baseline_does_not_hold(status, standing, tag):
    document = run_json.render(judge_run(whole("FAIL"), load()))
    case = document["cases"][0]
    (check, *_) = case["checks"]
    row = {"standing": standing, "status": "FAIL", "reason": "soon", "issue": None, "until": "2027"}
    row |= {"place": "line 3 of baseline.toml"}
    case["checks"] = [check | {"status": status, "baseline": row}]
    root = ET.fromstring(junit.render(document | {"cases": [case]}))
    (one,) = root.iter("testcase")
    (suite,) = root.iter("testsuite")

    assert {child.tag for child in one} == {"properties", tag}
    assert (suite.get("failures"), suite.get("errors")) == (
        str(int(tag == "failure")),
        str(int(tag == "error")),
    )


def test_matrix_that_is_too_wide_names_only_what_did_not_pass():
    console = Console(record=True, width=80, file=StringIO())
    names = [f"T{number:02}" for number in range(60)]
    statuses = dict.fromkeys(names, "PASS") | {"T07": "FAIL", "T42": "UNPROVEN"}
    terminal.matrix([("deaf", statuses, "exact")], names, console)
    text = console.export_text()

    assert "T07 F  T42 ?" in text
    assert "T08" not in text


def test_matrix_of_runs_shows_their_verdicts():
    console = Console(record=True, width=80, file=StringIO())
    rows = [("acme", {"T01": "FAIL"}, "non-conformant"), ("other", {"T01": "PASS"}, "conformant")]
    good = frozenset({"conformant"})
    terminal.matrix(rows, ["T01"], console, title="runs", good=good)
    lines = console.export_text().splitlines()

    assert any("acme" in line and "non-conformant" in line for line in lines)
    assert not any("yes" in line for line in lines)


def test_page_shows_how_many_calls_got_a_fault():
    document = run_json.render(judge_run(whole("FAIL"), load()))
    (case,) = (one for one in page_view(document, []).cases if one.id == "T01")

    assert case.met == sum(fault["met"] for fault in document_of(document, "T01")["faults"]) > 0


def document_of(document, name):
    return next(one for one in document["cases"] if one["id"] == name)
