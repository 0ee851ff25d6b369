"""The time limit of a case: the user's limits slow cases too, and a cut case says so."""

import argparse

import pytest
from msgspec.structs import replace
from rich.progress import Progress

from adsmock.harness.command import partner_files
from adsmock.harness.command.progress import Cases, _RunningColumn
from adsmock.harness.command.suite_run import _limit_words
from adsmock.harness.suite.case import load
from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.drivers import AdapterDriver
from adsmock.harness.suite.journal import Ending
from adsmock.harness.suite.judge import judge_case
from adsmock.harness.suite.runner import Step, in_turn
from adsmock.harness.suite.time_limit import UNFINISHED
from tests.unit.harness.suite.samples import SAMPLES


def judged(check, status, ran):
    sample = SAMPLES[check][status]
    timed_out = replace(sample, ending=replace(sample.ending, timed_out=True, stopped_after=ran))
    found = judge_case(load()[sample.case], timed_out)
    return next(one for one in found.verdicts if one.check == check)


def limits(arguments, manifest=None):
    named = argparse.Namespace(client="reference", cmd=None, adapter=None, free=None)
    named.timeout, named.manifest, named.baseline = arguments, manifest, None
    partner_files.load(named, load()).complete(named, 300.0)
    return [
        load()[case].time_limit(named.timeout, is_strict=named.has_time_limit)
        for case in ("T01", "T03", "X07")
    ]


def test_limit_of_the_user_counts_for_slow_cases_too(tmp_path):
    manifest = tmp_path / "ads-client.toml"
    manifest.write_text('name = "acme"\n[start]\ncommand = "x"\ntimeout_seconds = 90\n', "utf-8")

    assert limits(None) == [300, 1200, 4000]
    assert limits(120.0) == [120, 120, 120]
    assert limits(None, manifest) == [90, 90, 90]
    assert limits(5000.0) == [5000, 5000, 5000]


def test_case_cut_by_the_limit_is_unproven_with_the_reason():
    open_one = judged("T03.growth", "UNPROVEN", 120.0)
    silent = judged("T06.stops", "PASS", 120.0)

    for one, seconds in ((open_one, 1200), (silent, 960)):
        assert one.status == "UNPROVEN"
        assert one.sentence.startswith(
            f"the client was stopped at the time limit of 120 s, and this case may take {seconds} s"
        )
        assert "--timeout" in one.sentence


def test_work_that_is_missing_after_a_cut_accuses_nobody():
    assert judged("T08.resumes", "WARN", 960.0).status == "WARN"
    assert judged("T08.resumes", "WARN", 120.0).status == "UNPROVEN"


def test_judges_of_unfinished_work_exist():
    assert set(JUDGES) >= UNFINISHED


def test_adapter_is_stopped_at_the_limit_of_the_user():
    case = replace(load()["A01"], timeout=600)
    secrets = {"clientId": "c", "clientSecret": "a-secret", "refreshToken": "a-token"}
    tasks = [{"verb": "list_profiles", "args": {}}]
    task = {"case": "A01", "tasks": tasks, "credentials": secrets}
    driver = AdapterDriver("sleep 600", 0.5, is_strict=True)

    ending = driver.play(CaseSetup(case, "box", "real", 0.0, task, (), {}), None)

    assert (ending.timed_out, ending.stopped_after) == (True, 0.5)


@pytest.mark.parametrize(("check", "status"), [("T06.stops", "FAIL"), ("T03.growth", "WARN")])
def test_breach_that_was_seen_before_the_cut_stays(check, status):
    assert judged(check, status, 120.0).status == status


def test_client_that_ended_by_itself_is_judged_as_ever():
    sample = SAMPLES["T03.growth"]["UNPROVEN"]
    found = judge_case(load()["T03"], replace(sample, ending=Ending(exit_code=0)))

    assert "time limit" not in found.verdicts[0].sentence


def test_slow_running_case_is_shown_with_its_time_and_limit():
    time = iter([0.0, 0.0, 30.0, 615.0])
    cases = Cases(3, {"T03": 1200.0, "A01": 300.0}, lambda: next(time))
    for name in ("T03", "I01"):
        cases.note(Step(name, "started"))

    assert cases.line == "0/3 cases, running: I01 T03"
    assert cases.times == ""
    assert cases.times == " (T03 615 of 1200 s)"


def test_slow_cases_start_first_and_quick_ones_between_them():
    cases = [load()[name] for name in ("A01", "A02", "E10", "R11", "T03", "A03", "A04", "X07")]

    assert [case.id for case in in_turn(cases)] == (
        ["X07", "A01", "T03", "A02", "E10", "A03", "R11", "A04"]
    )


def test_the_bar_of_a_terminal_shows_how_long_a_case_has_run():
    time = iter([0.0, 0.0, 95.0])
    cases = Cases(3, {"E10": 960.0}, lambda: next(time))
    bar = Progress(_RunningColumn(cases))
    bar.add_task("cases", total=3)
    assert str(_RunningColumn(cases).render(bar.tasks[0])) == "cases"
    cases.note(Step("E10", "started"))

    assert str(_RunningColumn(cases).render(bar.tasks[0])) == "E10 (E10 95 of 960 s)"


def test_a_run_names_the_cases_that_last_until_a_program_gives_up():
    limits = {name: max(300.0, load()[name].timeout) for name in ("A01", "E02", "E10", "R11")}
    *_, lasting = _limit_words(300.0, limits)

    assert lasting.startswith("E10, R11: a call fails until your program gives up")
    assert len(list(_limit_words(1000.0, limits))) == 1
