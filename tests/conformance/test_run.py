"""Runs against a real mock: repeatable, judged again alike, and safe side by side."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from msgspec.structs import replace

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.suite import runner
from adsmock.harness.suite.case import load, select
from adsmock.harness.suite.control import Plane, Server
from adsmock.harness.suite.drivers import LibraryDriver, mutant, reference
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.unlisted_checks import CLAIM

CHANGES_WITH_THE_RUN = {
    "tArrive",
    "tSend",
    "tEnd",
    "lagMs",
    "connection",
    "host",  # free ports
    "port",
    "replyBytes",  # compressed, with a free port in the address of a download
}


def play(driver, control, *names, seed=7):
    cases = tuple(load()[name] for name in names) or tuple(load().values())
    return runner.run(driver, runner.Selection(cases, "core", bool(names)), seed, control)


def steady(record):
    """Return the record without what no seed decides."""

    def without_ports(value):
        # A confirmation contains a URL with a port, which changes its digest.
        text = re.sub(r'"MD5OfBody": "\w+"', '"MD5OfBody": ""', json.dumps(value))
        return json.loads(re.sub(r"(127\.0\.0\.1|localhost):\d+", "mock", text))

    def stable(row):
        kept = {key: value for key, value in row.items() if key not in CHANGES_WITH_THE_RUN}
        kept["headers"] = {k: v for k, v in row["headers"].items() if k != "host"}
        if (row["operation"] or "").startswith(("sqs.", "sns.")):
            # The port is in the signature, and in the queue's URL, which a chain is made from.
            del kept["headers"]["authorization"], kept["chain"]
        return without_ports(kept)

    return [
        replace(
            case,
            rows=tuple(stable(row) for row in case.rows),
            tasks=tuple(without_ports(task) for task in case.tasks),
        )
        for case in record.cases
    ]


def serial(profile):
    """Return the ids of a profile's cases, without those whose order the machine decides.

    Workers side by side draw their jitter in the order in which the machine runs them.
    """
    chosen = select(load(), profile, ())
    return [case.id for case in chosen if not case.together and not case.sandbox.scale]


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["quick", pytest.param("full", marks=pytest.mark.deep)])
def test_two_runs_with_one_seed_leave_the_same_journal_but_for_times(profile):
    runs = []
    for _run in range(2):
        with Server.started() as server:  # a sandbox made again has other access tokens
            runs.append(steady(play(reference(), server.control, *serial(profile))))
    first, second = runs

    for one, other in zip(first, second, strict=True):
        assert one.rows == other.rows, one.case
        assert one == other


def test_another_seed_leaves_another_journal(control):
    first, second = (steady(play(reference(), control, "T01", seed=seed)) for seed in (7, 8))

    assert first[0].client_id != second[0].client_id


def test_record_of_a_run_is_judged_again_alike(control, tmp_path):
    found = play(mutant("no-retry-after"), control, "T01", "E02")
    file.write(found, tmp_path / "journal.ndjson")

    again = file.read(tmp_path / "journal.ndjson")

    assert judge_run(again, load()).cases == judge_run(found, load()).cases
    assert judge_run(again, load()).exit_code == 1


def test_run_takes_its_sandboxes_away_again(control):
    play(reference(), control, "A01", "P01")

    plane = Plane(control)
    left = [row["id"] for row in plane.sandboxes()]
    plane.close()
    assert not [name for name in left if name.endswith(("-a01", "-p01"))]


class _NoRetry(RetryPolicy):
    def is_retryable(self, attempt):
        del attempt
        return False


class GivesUp(AdsClient):
    """Takes the first failure for the last word."""

    policy_class = _NoRetry


def test_client_that_gives_up_breaks_what_it_should_and_nothing_it_must(control):
    found = play(LibraryDriver("mutant", "gives-up", GivesUp), control, "T01", "G01", "T03")
    verdicts = [one for case in judge_run(found, load()).cases for one in case.verdicts]

    assert {one.check: one.status for one in verdicts} == {
        "T01.early": "UNPROVEN",
        "T01.resumes": "WARN",
        "G01.region": "PASS",
        "G01.resumes": "WARN",
        "T03.growth": "UNPROVEN",
        CLAIM: "PASS",
    }


@pytest.mark.slow
def test_reference_client_passes_in_real_time_as_well(control):
    found = play(reference(real_time=True), control, "A01", "A03", "G01", "B01")
    verdict = judge_run(found, load())

    assert {case.record.timebase for case in verdict.cases} == {"monotonic"}
    assert [
        one.sentence for case in verdict.cases for one in case.verdicts if one.status != "PASS"
    ] == []


class _Waiting(LibraryDriver):
    """Plays until it is stopped."""

    def __init__(self):
        super().__init__("reference", "waiting", AdsClient)
        self.plays = Event()

    def play(self, stage, plane):
        self.plays.set()
        assert self._stopped.wait(60), "nobody stopped it"
        return super().play(stage, plane)


def test_interrupt_while_cases_are_assigned_stops_those_that_run(control, monkeypatch):
    driver = _Waiting()

    class Interrupted(ThreadPoolExecutor):
        def submit(self, *words, **more):
            super().submit(*words, **more)
            assert driver.plays.wait(60)
            raise KeyboardInterrupt

    monkeypatch.setattr(runner, "ThreadPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        play(driver, control, "A01", "A02")
    assert driver._stopped.is_set()
