"""Known failures: accepted with a reason and until a day, found out when stale, never for harm."""

import tomllib
from dataclasses import asdict
from dataclasses import replace as replaced
from io import StringIO

import pytest
from msgspec.structs import replace
from rich.console import Console

from adsmock.harness.command.suite_run import stopped_cases
from adsmock.harness.config_file import DocumentError
from adsmock.harness.suite import baseline
from adsmock.harness.suite.baseline import listing
from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Ending, Noise, RunMeta, RunRecord
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import junit, run_json, terminal
from adsmock.harness.suite.report.html.header import page_view
from adsmock.harness.suite.unlisted_checks import CLAIM
from tests.unit.harness.suite.journal_rows import call, record
from tests.unit.harness.suite.samples import SAMPLES

TODAY = "2026-11-24"
T01, T03, N03 = SAMPLES["T01.early"], SAMPLES["T03.growth"], SAMPLES["N03.once"]


def row(check="T01.early", expect="fail", reason="the library knows no Retry-After", **more):
    return {"check": check, "expect": expect, "reason": reason, **more}


def run(*cases, rows=None, **facts):
    listing = None if rows is None else {"file": "b.toml", "values": {"expect": rows}, "lines": {}}
    names = tuple(one.case for one in cases)
    meta = RunMeta("command", "sh", "sh", "core", 7, names, date=TODAY, baseline=listing)
    return baseline.settle(judge_run(RunRecord(replace(meta, **facts), cases), load()))


def standings(found):
    return {one.check: one.standing for case in found.cases for one in case.verdicts}


@pytest.mark.parametrize(
    ("cases", "rows", "facts", "word", "standing"),
    [
        ([T01["FAIL"]], None, {}, "non-conformant", None),
        ([T01["FAIL"]], [], {}, "non-conformant", None),
        ([T01["FAIL"]], [row()], {}, "as-expected", "expected"),
        ([T01["FAIL"]], [row(until=TODAY)], {}, "as-expected", "expected"),
        ([T01["FAIL"]], [row(until="2026-11-23")], {}, "non-conformant", "expired"),
        ([T01["PASS"]], [row()], {}, "outdated-baseline", "stale"),
        ([T01["PASS"], T03["WARN"]], [row()], {}, "outdated-baseline", "stale"),
        ([T01["PASS"], N03["FAIL"]], [row()], {}, "non-conformant", "stale"),
        ([T01["UNPROVEN"]], [row()], {}, "incomplete", "open"),
        ([T01["UNPROVEN"]], [row(expect="unproven")], {}, "as-expected", "expected"),
        ([T01["FAIL"]], [row(expect="unproven")], {}, "non-conformant", "unexpected"),
        ([T01["FAIL"], T03["WARN"]], [row()], {"strict": True}, "non-conformant", "expected"),
        ([T01["FAIL"], T03["WARN"]], [row()], {}, "as-expected", "expected"),
        ([T01["PASS"]], [row("T03.growth", "warn")], {}, "conformant", None),
        ([replace(T01["FAIL"], failure="no disk")], [row()], {}, "error", "open"),
    ],
)
def test_run_with_its_baseline_has_one_outcome(cases, rows, facts, word, standing):
    found = run(*cases, rows=rows, **facts)

    assert found.word == word
    assert standings(found)["T01.early"] == standing


def test_listed_warning_of_a_lenient_run_stays_conformant_until_it_is_stale():
    rows = [row("T03.growth", "warn")]

    assert run(T03["WARN"], rows=rows).word == "conformant"
    stale = run(T03["PASS"], rows=rows)
    assert (stale.word, stale.exit_code) == ("outdated-baseline", 1)


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "baseline.toml"
        path.write_text(text, "utf-8")
        return path

    return write


GOOD = '[[expect]]\ncheck = "T01.early"\nexpect = "fail"\nreason = "soon"\nuntil = 2027-01-31\n'


def test_baseline_is_read_with_its_day(written):
    found = baseline.read(written(GOOD), load())

    assert found.values["expect"] == [row(reason="soon", until="2027-01-31")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("T01.early", "T99.early"), "line 2: unknown check 'T99.early': did you mean"),
        (("T01.early", "x.work"), "line 2: x.work guards against lost.*can never be listed"),
        (("T01.early", "I12.lost"), "line 2: I12.lost guards against lost.*can never be listed"),
        (("T01.early", "x.claim"), "line 2: x.claim guards against .*can never be listed"),
        (("T01.early", "N03.once"), "N03.once guards against duplicates and can never be listed"),
        (('"soon"', '""'), "line 4, column 1: .*reason"),
        (('reason = "soon"\n', ""), "reason is missing"),
        (('"fail"', '"warn"'), 'T01.early is a MUST check: write expect = "fail"'),
        (('"fail"', '"pass"'), "line 3"),
        (("T01.early", "T03.growth"), 'T03.growth is a SHOULD check: write expect = "warn"'),
        (("until = 2027-01-31", 'until = "soon"'), "line 5"),
        (("reason", "because"), "unknown key|reason is missing"),
        (("[[expect]]", GOOD + "[[expect]]"), "T01.early is listed twice"),
    ],
)
def test_baseline_that_does_not_fit_is_refused_by_line(written, change, reason):
    with pytest.raises(DocumentError, match=reason):
        baseline.read(written(GOOD.replace(*change)), load())


def test_template_lists_what_failed_without_a_reason():
    rows = tomllib.loads(baseline.template(run(T01["FAIL"], T03["PASS"])))["expect"]

    assert [(one["check"], one["expect"], one["reason"]) for one in rows] == [
        ("T01.early", "fail", "")
    ]
    assert str(rows[0]["until"]) == "2027-02-22"


def test_template_is_accepted_once_a_reason_is_written(written):
    text = baseline.template(run(T01["FAIL"]))

    with pytest.raises(DocumentError, match="reason"):
        baseline.read(written(text), load())
    found = baseline.read(written(text.replace('reason = ""', 'reason = "soon"')), load())
    assert run(T01["FAIL"], rows=found.values["expect"]).exit_code == 0


def test_template_says_what_can_never_be_listed():
    text = baseline.template(run(N03["FAIL"]))

    assert "N03.once guards against duplicates" in text
    assert "expect" not in tomllib.loads(text)


def test_nothing_is_offered_when_nothing_failed_or_no_client_called():
    silent = replace(T01["UNPROVEN"], rows=(), entries=0)

    assert baseline.template(run(T01["PASS"], T03["WARN"])) == ""
    assert baseline.template(run(silent)) == ""
    assert baseline.template(run(T01["FAIL"], rows=[row()])) == ""


def test_update_drops_what_passes_and_adds_what_fails(tmp_path):
    path = tmp_path / "b.toml"
    rows = [row(), row("T03.growth", "warn", 'fixed "sleeps" ⏱'), row("A01.headers")]
    change = baseline.update(
        run(T01["PASS"], T03["WARN"], SAMPLES["E02.once"]["FAIL"], rows=rows), path, "1"
    )
    kept = tomllib.loads(path.read_text("utf-8"))

    assert (change.added, change.removed, change.kept) == (1, 1, 2)
    assert kept["suite"] == "1"
    assert {one["check"]: one["reason"] for one in kept["expect"]} == {
        "T03.growth": 'fixed "sleeps" ⏱',
        "A01.headers": "the library knows no Retry-After",
        "E02.once": "added by --update-baseline: write the reason",
    }


def test_update_of_a_clean_run_leaves_an_empty_baseline(tmp_path):
    path = tmp_path / "b.toml"
    baseline.update(run(T01["PASS"]), path, "1")

    assert baseline.read(path, load()).values["expect"] == []


def test_update_writes_toml_alone(tmp_path):
    with pytest.raises(DocumentError, match="TOML"):
        baseline.update(run(T01["FAIL"]), tmp_path / "b.yaml", "1")


def test_verdict_with_a_baseline_is_the_same_from_a_file(tmp_path):
    first = run(T01["FAIL"], rows=[row(until="2026-11-24")])
    file.write(first.record, tmp_path / "journal.ndjson")
    again = baseline.settle(judge_run(file.read(tmp_path / "journal.ndjson"), load()))

    assert asdict(again.cases[0].verdicts[0]) == asdict(first.cases[0].verdicts[0])
    assert again.word == first.word == "as-expected"


def test_what_can_never_be_listed_is_what_does_harm():
    assert listing.harm_of("N03.once", "MUST") == "duplicates"
    assert listing.harm_of("S03.hidden", "MUST") == "secrets"
    assert listing.harm_of("D03.amounts", "MUST") == "spend"
    assert listing.harm_of("x.claim", "MUST") == "lost or falsely reported work"
    assert listing.harm_of("T01.early", "MUST") is None
    assert listing.harm_of("B01.resubmits", "SHOULD") is None


def test_file_that_update_writes_is_accepted_by_the_next_run(tmp_path):
    path = tmp_path / "b.toml"
    found = run(T01["FAIL"], T03["WARN"], N03["FAIL"], strict=True)
    baseline.update(found, path, "0.1.0")
    listed = baseline.read(path, load()).values["expect"]
    again = run(T01["FAIL"], T03["WARN"], rows=listed, strict=True)

    assert {row["check"] for row in listed} >= {"T01.early", "T03.growth"}
    assert again.word == "as-expected"


def test_contradicted_report_of_success_is_never_listed(tmp_path):
    found = run(T01["FAIL"])
    (case,) = found.cases
    lie = replaced(case.verdicts[0], check=CLAIM)
    baseline.update(
        replaced(found, cases=(replaced(case, verdicts=(lie,)),)), tmp_path / "b.toml", "0.1.0"
    )

    assert not (tmp_path / "b.toml").exists()


@pytest.fixture
def printed():
    """Return a function that prints to a terminal of 100 columns and returns the text."""

    def show(print_to):
        output = StringIO()
        print_to(Console(file=output, width=100))
        return output.getvalue()

    return show


def test_stale_row_is_named_with_its_line_in_the_terminal_and_the_reports(written, printed):
    listing = baseline.read(written("\n\n" + GOOD), load()).record()
    rendered = run_json.render(run(T01["PASS"], baseline=listing))
    text = printed(lambda console: terminal.show(rendered, console))

    assert f"stale: T01.early passes; remove its row at line 3 of {listing['file']}" in text
    assert "outdated baseline: nothing fails" in text
    assert "non-conformant" not in text
    assert f"remove the row at line 3 of {listing['file']}" in junit.render(rendered)
    assert f"at line 3 of {listing['file']}." in page_view(rendered, []).sentence


def test_failures_that_can_never_be_listed_offer_nothing_and_write_no_file(tmp_path, printed):
    found = run(N03["FAIL"])
    path = tmp_path / "b.toml"
    baseline.update(found, path, "1")
    text = printed(
        lambda console: terminal.offer(
            baseline.template(found), console, accepts_nothing=baseline.accepts_nothing(found)
        )
    )

    assert not path.exists()
    assert "nothing of this can be accepted" in text
    assert "paste" not in text
    assert not baseline.accepts_nothing(run(T01["FAIL"], N03["FAIL"]))
    assert not baseline.accepts_nothing(run(T01["PASS"]))


def test_update_removes_stale_rows_from_a_file_even_if_nothing_is_left(tmp_path):
    path = tmp_path / "b.toml"
    path.write_text(GOOD, "utf-8")
    baseline.update(run(T01["PASS"], N03["FAIL"], rows=[row()]), path, "1")

    assert baseline.read(path, load()).values["expect"] == []


def test_template_shows_failures_first_and_counts_the_rest():
    names = [name for name in SAMPLES if name[0] in "AEPT" and name != "T03.growth"]
    failed = {
        SAMPLES[name]["FAIL"].case: SAMPLES[name]["FAIL"]
        for name in names
        if "FAIL" in SAMPLES[name]
    }
    text = baseline.template(run(T03["UNPROVEN"], *failed.values()))
    rows = tomllib.loads(text)["expect"]

    assert len(rows) == 3
    assert {one["expect"] for one in rows} == {"fail"}
    assert "more: --baseline FILE --update-baseline writes all rows" in text


def test_undecided_invariant_names_the_case_whose_journal_is_to_be_recorded_again():
    tasks = ({"verb": "list", "args": {"resource": "sp.campaigns", "profile": "11"}},)
    ending = Ending(exit_code=-15, timed_out=True)
    stopped = record("T03", call("sp.campaigns.list", 0, 500), tasks=tasks, ending=ending)
    found = run(stopped, cases=("T03", "I12"))

    assert {one.check for one in found.cases[1].verdicts if one.status == "INCONCLUSIVE"}
    assert baseline.undecided(found) == ["T03"]

    output = StringIO()
    terminal.advise_again(["T03"], stopped_cases(found), Console(file=output, width=200))

    assert "with a longer --timeout: --cases T03\n" in output.getvalue()
    assert "quieter machine" not in output.getvalue()


def test_undecided_check_is_run_again_and_no_row_to_paste():
    late = Noise(samples=40, mean=0.1, median=0.02, p99=3.0, spread=0.01, lag_p99=0.1)
    found = run(T01["PASS"], replace(SAMPLES["E01.paced"]["PASS"], noise=late))
    (e01,) = [one for one in found.cases if one.case.id == "E01"]
    assert "INCONCLUSIVE" in {one.status for one in e01.verdicts}

    output = StringIO()
    again = baseline.undecided(found)
    terminal.advise_again(again, stopped_cases(found), Console(file=output, width=200))

    assert "Run these cases again, after noise on a quieter machine: --cases E01\n" in (
        output.getvalue()
    )
    assert "inconclusive" not in baseline.template(found)
    assert baseline.undecided(run(T01["PASS"], T03["UNPROVEN"])) == []
