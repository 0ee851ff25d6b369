"""A program over several days: who passes the time, and what only a clock of its own can show."""

import json
import sys
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.drivers import AdapterDriver, CommandDriver
from adsmock.harness.suite.drivers.days import days_of
from adsmock.harness.suite.journal import Ending
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.journal_rows import PROFILES
from tests.unit.harness.suite.sample_days import (
    DAY,
    at_noon,
    days,
    exported,
    listed,
    requested,
    synced,
)

CASE = load()["DY01"]

ADAPTER = """\
import json, sys
for line in sys.stdin:
    ask = json.loads(line)
    print(ask["verb"], file=sys.stderr)
    print(json.dumps({"id": ask["id"], "status": "done", "done": 1}), flush=True)
"""

PROGRAM = """\
import json, os, pathlib
task = json.loads(pathlib.Path(os.environ["ADSMOCK_TASK"]).read_text())
kept = pathlib.Path(os.environ["ADSMOCK_STATE"], "days.txt")
kept.write_text((kept.read_text() if kept.exists() else "") + "day ")
print(kept.read_text(), [row["verb"] for row in task["tasks"]])
raise SystemExit(3 if kept.read_text() == "day day " else 0)
"""


@dataclass
class FakePlane:
    passed: list = field(default_factory=list)

    def advance(self, sandbox, seconds):
        self.passed.append((sandbox, seconds))
        return seconds

    def journal(self, _sandbox):
        return [], 0


def setup_of(case=CASE):
    task = {
        "case": case.id,
        "seed": 7,
        "tasks": [{"verb": each.verb, "args": each.args} for each in case.tasks],
        "regions": {},
        "profiles": [*PROFILES],
        "credentials": {"clientId": "c", "clientSecret": "secret-1", "refreshToken": "refresh-1"},
    }
    return CaseSetup(case, "s1", "real", 0.0, task, PROFILES, {})


@pytest.fixture
def script(tmp_path):
    def written(text):
        path = tmp_path / "program.py"
        path.write_text(text, "utf-8")
        return f"{sys.executable} {path}"

    return written


def test_case_has_four_days_and_other_cases_have_one():
    found = list(days_of(setup_of()))

    assert [len(day.tasks) for day in found] == [3, 3, 3, 3]
    assert [day.pause for day in found] == [DAY, DAY, DAY, 0.0]
    whole = list(days_of(setup_of(load()["R09"])))
    assert [len(day.tasks) for day in whole] == [len(load()["R09"].tasks)]


def test_adapter_gets_the_work_and_the_suite_passes_the_time(script):
    plane, driver = FakePlane(), AdapterDriver(script(ADAPTER), 60)

    ending = driver.play(setup_of(), plane)
    driver.close()

    assert plane.passed == [("s1", DAY)] * 3
    assert [(claim["task"], claim["verb"]) for claim in ending.claims] == [
        (number, task.verb) for number, task in enumerate(CASE.tasks) if task.verb != "idle"
    ]


def test_adapter_that_waits_itself_gets_its_idle_tasks(script):
    plane, driver = FakePlane(), AdapterDriver(script(ADAPTER), 60)

    ending = driver.play(setup_of(load()["R09"]), plane)
    driver.close()

    assert plane.passed == []
    assert "idle" in [claim["verb"] for claim in ending.claims]


def test_program_is_started_once_a_day_and_keeps_its_folder(script):
    plane, driver = FakePlane(), CommandDriver(script(PROGRAM), 60, "http://127.0.0.1:1")

    ending = driver.play(setup_of(), plane)

    assert plane.passed == [("s1", DAY)] * 3
    assert ending.output.splitlines() == [
        f"{'day ' * number} {json.dumps(['list', 'report', 'sync_metadata'])}".replace('"', "'")
        for number in (1, 2, 3, 4)
    ]
    assert ending.exit_code == 3


def verdicts(record):
    found = judge_case(CASE, record)
    return {each.check: (each.status, each.sentence) for each in found.verdicts}


def test_lost_day_is_named_with_its_call():
    record = days(listed(0), listed(1), listed(2, 503), listed(3))

    status, sentence = verdicts(record)["DY01.work"]

    assert status == "FAIL"
    assert sentence == (
        "work succeeded on 3 of 4 days, the last time on 2023-07-01; then call 3 "
        "(sp.campaigns.list) got 503"
    )


def test_program_in_real_time_does_not_see_the_days_and_is_not_accused():
    record = days(listed(0), requested(0), listed(1), listed(2), listed(3))

    assert verdicts(record)["DY01.restated"][0] == "WARN"
    real = replace(record, timebase="monotonic")
    status, sentence = verdicts(real)["DY01.restated"]
    assert status == "UNPROVEN"
    assert sentence == (
        "the report was requested on 1 of 4 days; the program could not see the days pass, because "
        "its own clock is that of the machine"
    )


def test_report_that_was_refused_later_was_not_kept_for_good():
    later = requested(1, 401)
    record = days(listed(0), requested(0), listed(1), later, listed(2), listed(3))

    assert verdicts(record)["DY01.restated"] == (
        "UNPROVEN",
        "the requests of the later days failed",
    )


@pytest.mark.parametrize(
    ("later", "status"),
    [
        ((exported(1),), "PASS"),
        ((exported(3),), "PASS"),
        ((exported(0, at=4000),), "WARN"),
        ((at_noon("exports.get", 1, profileId="22"),), "WARN"),
        ((at_noon("profiles.list", 1, profileId="22"),), "WARN"),
        ((exported(1, profileId="11"),), "WARN"),
        ((exported(1, 429),), "UNPROVEN"),
        ((at_noon("sp.adGroups.list", 1, profileId="22"),), "PASS"),
        ((at_noon("history.list", 2, profileId="22"),), "PASS"),
    ],
    ids=["next", "last", "same day", "poll", "profiles", "other", "failed", "list", "history"],
)
def test_metadata_of_the_first_day_is_not_enough_for_four(later, status):
    others = (listed(1), listed(2), listed(3))

    assert verdicts(synced(listed(0), exported(0), *later, *others))["DY01.metadata"][0] == status


def test_metadata_that_an_adapter_does_not_support_is_not_judged():
    rows = (listed(0), exported(0), listed(1), listed(2), listed(3))
    claims = tuple({"task": n, "verb": "sync_metadata", "status": "unsupported"} for n in range(4))
    found = synced(*rows, ending=Ending(claims=claims))

    assert verdicts(found)["DY01.metadata"] == ("UNPROVEN", "no metadata was read with success")


def test_metadata_is_not_judged_before_the_last_day_or_in_real_time():
    short = synced(listed(0), exported(0), listed(1), listed(2))
    whole = synced(listed(0), exported(0), listed(1), listed(2), listed(3))

    sentence = (
        "metadata was read on 1 of 4 days; the program could not see the days pass, because its "
        "own clock is that of the machine"
    )

    assert verdicts(short)["DY01.metadata"] == ("UNPROVEN", "the client called the API on 3 days")
    assert verdicts(whole)["DY01.metadata"] == (
        "WARN",
        "metadata was read on 2023-06-28 and on none of the 3 days with calls after it",
    )
    assert verdicts(replace(whole, timebase="monotonic"))["DY01.metadata"] == (
        "UNPROVEN",
        sentence,
    )


def test_old_version_is_allowed_until_the_day_before_its_end():
    until = [listed(day) | {"operation": "", "path": "/v2/sp/campaigns"} for day in (0, 1)]
    until = [row | {"method": "GET", "request": None} for row in until]

    found = verdicts(days(*until, listed(2), listed(3)))

    assert (found["DY01.versions"][0], found["DY01.work"][0]) == ("PASS", "PASS")
