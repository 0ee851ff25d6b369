"""A load run is judged by the cases of a peak: on one journal, and on what its maker tells."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from adsmock.harness.suite import peak
from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.judge import NO_ANSWER, judge_run
from adsmock.harness.suite.noise_monitor import SLEEP, MonitorSamples
from adsmock.harness.suite.report import folder
from tests.unit.harness.suite.sample_peak import read

ROOT = Path(__file__).parents[4]
SCHEMA = json.loads((ROOT / "contracts/meta/run.schema.json").read_text("utf-8"))
OUTAGE = {"fault": {"id": "prime-day-1", "kind": "http", "point": "before"}}
MADE = [("11", "Built 000001"), ("11", "Built 000002")]


class Ring:
    """A control plane with one journal that keeps so many rows, and its control client."""

    def __init__(self, keeps=10_000):
        self.rows, self.keeps, self.strange = [], keeps, 0

    def add(self, *rows):
        self.rows += [row | {"seq": len(self.rows) + at} for at, row in enumerate(rows, 1)]

    def journal(self, sandbox, after=0):
        assert sandbox == "load"
        kept = self.rows[-self.keeps :]
        return [row for row in kept if row["seq"] > after], len(self.rows) - len(kept)

    def orphans(self):
        return self.strange

    def health(self):
        return {"version": "1"}

    def samples(self):
        ends = range(400)
        samples = ({"tArrive": 499 + at * SLEEP, "tSend": 499 + at * SLEEP} for at in ends)
        return MonitorSamples(tuple(row | {"lagMs": 0.0} for row in samples))


def work(**more):
    state = {"11": {"sp.campaigns": [{"campaignId": str(n), "name": MADE[n][1]} for n in (0, 1)]}}
    members = {"least": 600, "hourly": 4500.0, "made": MADE, "state": state}
    return peak.Work("load:well-behaved", 7, 60.0, **members | more)


def calls(number, refused=40):
    """Return calls in which every ``refused``-th piece of work is throttled once, and one fails."""
    rows = [read(0, 503, "first", lagMs=0.0, **OUTAGE), read(0.1, 200, "first", lagMs=0.0)]
    for at in range(number):
        if at % refused == 0:
            rows.append(read(1 + at, 429, f"c{at}", lagMs=0.0))
        rows.append(read(1.5 + at, 200, f"c{at}", lagMs=0.0))
    return rows


def statuses(verdict):
    cases = (case for case in verdict.cases if not case.case.every)
    return {one.check: one.status for case in cases for one in case.verdicts}


def invariants(verdict):
    cases = (case for case in verdict.cases if case.case.every)
    return {one.check: one for case in cases for one in case.verdicts}


def judged(ring, work):
    return peak.LoadWatcher(ring, "load", ring).judge(work)


def test_cases_of_a_peak_are_judged_on_one_journal():
    ring = Ring()
    ring.add(*calls(700))

    verdict = judged(ring, work())

    assert statuses(verdict) == {
        "M01.ratio": "PASS",
        "M02.ratio": "PASS",
        "M03.calls": "PASS",
        "M04.spread": "UNPROVEN",
        "M05.estimate": "PASS",
        "M06.done": "N/A",
        "M06.lost": "PASS",
    }
    assert (verdict.word, verdict.exit_code) == ("passed", 0)


def test_work_with_too_many_calls_waste_and_loss_is_reported():
    ring = Ring()
    ring.add(*calls(700, refused=1))

    verdict = judged(ring, work(least=300, hourly=40_000.0, state={"11": {"sp.campaigns": []}}))

    assert statuses(verdict) | {"M04.spread": "", "M06.done": ""} == {
        "M01.ratio": "WARN",
        "M02.ratio": "WARN",
        "M03.calls": "WARN",
        "M04.spread": "",
        "M05.estimate": "INFO",
        "M06.done": "",
        "M06.lost": "WARN",
    }


def test_what_is_not_reported_is_not_judged():
    ring = Ring()
    ring.add(*calls(700))

    verdict = judged(ring, work(least=None, hourly=None, made=()))

    silent = {one.check: one.sentence for case in verdict.cases for one in case.verdicts}
    untold = {"M03.calls", "M05.estimate", "M06.done", "M06.lost"}
    assert {name for name, status in statuses(verdict).items() if status == "N/A"} == untold
    assert {silent[name] for name in untold} == {NO_ANSWER}


def test_invariants_are_judged_on_the_journal_of_the_load():
    ring = Ring()
    ring.add(*calls(700))
    profiles = ({"profileId": "11", "region": "NA"},)

    found = invariants(judged(ring, work(profiles=profiles)))

    assert {name for name, one in found.items() if one.status in {"FAIL", "WARN", "ERROR"}} == set()
    kept = {"I01.home", "I11.retired", "I12.lost", "I13.doubled"}
    assert {name for name, one in found.items() if one.status == "PASS"} == kept
    assert found["I01.home"].numbers["holds"] == ["M01"], "the records share one journal"
    exempt = {name for name, one in found.items() if one.numbers["exempt"]}
    assert exempt == {"I04.once", "I05.early", "I06.bounded", "I07.end", "I14.waits"}


def test_the_page_of_a_rehearsal_names_each_check_that_a_load_run_leaves_out():
    page = (Path(__file__).parents[4] / "docs/how-to/load-test.md").read_text("utf-8")
    section = page.partition("### What the suite judges")[2].partition("\n## ")[0]
    ring = Ring()
    ring.add(*calls(700))
    verdict = judged(ring, work(least=None, hourly=None, made=()))
    names = [*load()["M01"].exempt, *statuses(verdict)]

    missing = {each for each in names if each not in section and each[:3] not in section}
    assert missing == set()
    assert "users or copies" in load()["M01"].exempt["I05.early"]


def test_load_that_calls_another_region_and_loses_work_breaks_invariants():
    ring = Ring()
    ring.add(*calls(700), read(900, 401, "astray", lagMs=0.0, region="EU", profileId="11"))
    homes = {"11": ("NA", "US"), "22": ("EU", "DE")}
    profiles = tuple(
        {"profileId": own, "region": region, "countryCode": country}
        for own, (region, country) in homes.items()
    )

    found = invariants(judged(ring, work(profiles=profiles, state={"11": {"sp.campaigns": []}})))

    broken = {name for name, one in found.items() if one.status == "FAIL"}
    assert broken == {"I01.home", "I12.lost"}


def test_rows_are_taken_before_the_ring_drops_them_and_ends_are_awaited():
    ring = Ring(keeps=500)
    witness = peak.LoadWatcher(ring, "load", ring)
    rows = calls(700)
    under_way = rows[150]
    for start in range(0, len(rows), 300):
        part = rows[start : start + 300]
        ring.add(*(row | {"ended": "open"} if row is under_way else row for row in part))
        witness.look()
        ring.rows[150 : 150 + 1] = [under_way | {"seq": 151}]

    verdict = witness.judge(work())

    assert {case.record.dropped for case in verdict.cases} == {0}
    assert verdict.cases[0].record.rows[150]["ended"] == "complete"
    assert statuses(verdict)["M01.ratio"] == "PASS"


def test_a_mock_that_was_started_again_has_lost_no_rows_although_its_numbers_jump():
    ring = Ring()
    ring.add(*calls(700))
    ring.rows = [row | {"seq": row["seq"] + 1_000_000} for row in ring.rows]

    verdict = judged(ring, work())

    assert {case.record.dropped for case in verdict.cases} == {0}
    assert statuses(verdict)["M01.ratio"] == "PASS"


def test_a_part_of_a_run_is_judged_without_the_rows_before_it():
    ring = Ring()
    ring.add(*calls(300))
    witness = peak.LoadWatcher(ring, "load", ring)
    witness.start_here()
    before = len(ring.rows)
    ring.add(*calls(700))

    verdict = witness.judge(work())

    assert {case.record.dropped for case in verdict.cases} == {0}
    assert len(verdict.cases[0].record.rows) == len(ring.rows) - before


def test_a_journal_that_is_too_long_to_keep_says_nothing():
    ring = Ring()
    ring.add(*calls(700))
    witness = peak.LoadWatcher(ring, "load", ring, most=100_000)
    for _look in range(3):
        witness.look()

    verdict = witness.judge(work())

    rows = verdict.cases[0].record.rows
    assert 0 < len(rows) < len(ring.rows)
    assert verdict.cases[0].record.dropped == len(ring.rows) - len(rows)
    assert set(statuses(verdict).values()) == {"INCONCLUSIVE"}


def test_a_journal_that_lost_rows_says_nothing():
    ring = Ring(keeps=400)
    ring.add(*calls(700))

    assert set(statuses(judged(ring, work())).values()) == {"INCONCLUSIVE"}


def test_record_of_a_load_run_is_judged_again_and_fits_the_schema(tmp_path):
    ring = Ring()
    ring.add(*calls(700))
    verdict = judged(ring, work(manifest={"name": "acme", "estimated_calls_per_hour": 100}))
    paths = folder.write(verdict, tmp_path)
    again = judge_run(file.read(paths[folder.JOURNAL]), load())

    assert again.cases == verdict.cases
    assert statuses(again)["M05.estimate"] == "INFO", "the manifest's estimate counts"
    jsonschema_rs.validate(SCHEMA, json.loads(paths[folder.RUN].read_text("utf-8")))
    lines = paths[folder.JOURNAL].read_text("utf-8").splitlines()
    assert sum('"kind":"entry"' in line for line in lines) == len(ring.rows)
    assert "load: load:well-behaved" in paths[folder.HTML].read_text("utf-8")


@pytest.mark.parametrize("driver", ["reference", "mutant", "benign", "command", "adapter", "load"])
def test_every_way_to_drive_a_client_is_in_the_schema(driver):
    assert driver in SCHEMA["properties"]["client"]["properties"]["driver"]["enum"]
