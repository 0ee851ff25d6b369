"""The noise guard: what a control client shows, and which verdicts a noisy machine takes away."""

import io

import orjson
import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks import JUDGES, TIMED
from adsmock.harness.suite.checks.noise import LAG_LIMIT, LATE_LIMIT, reaches
from adsmock.harness.suite.journal import CaseRecord, CaseView, Noise, RunMeta, RunRecord
from adsmock.harness.suite.journal import record as journal
from adsmock.harness.suite.judge import judge_case, judge_run
from adsmock.harness.suite.noise_monitor import SLEEP, MonitorSamples, noise_of, percentile
from tests.unit.harness.suite.journal_rows import call
from tests.unit.harness.suite.samples import SAMPLES

QUIET = Noise(samples=40, mean=0.003, median=0.002, p99=0.006, spread=0.0003, lag_p99=0.006)
"""As measured on a quiet machine."""

NOISY = {
    "late": replace(QUIET, p99=LATE_LIMIT * 1.01),
    "lagging": replace(QUIET, lag_p99=LAG_LIMIT * 1.01),
    "starved": Noise(0, 0.0, 0.0, 0.0, 0.0, 0.0),
}
CHECKS = {check.id: check for case in load().values() for check in case.checks}
BREACHES = [
    (check, status)
    for check, records in SAMPLES.items()
    for status in records
    if status in {"FAIL", "WARN"}
]


def status_of(check, record):
    verdicts = judge_case(load()[record.case], record).verdicts
    return next(one for one in verdicts if one.check == check)


@pytest.mark.parametrize(("check", "status"), BREACHES)
def test_noisy_machine_takes_the_breach_from_timed_checks_and_from_no_other(check, status):
    record = SAMPLES[check][status]
    timed = CHECKS[check].judge in TIMED

    for noise in NOISY.values():
        verdict = status_of(check, replace(record, noise=noise))
        assert verdict.status == ("INCONCLUSIVE" if timed else status), verdict.sentence
    assert status_of(check, replace(record, noise=QUIET)).status == status


def test_statistics_and_upper_limits_are_timed():
    named = {"waits_grow", "waits_are_jittered", "returns_are_spread", "retries_are_paced"}

    assert named | {"work_resumes", "limit_is_used", "polling_ends"} <= TIMED < set(JUDGES)
    assert not TIMED & {
        "retry_after_is_kept",
        "lost_create_takes_effect_once",
        "silent_call_is_waited_for",
    }


BUSY = Noise(samples=68, mean=0.085, median=0.016, p99=2.924, spread=0.014, lag_p99=0.086)
"""As measured while other programs were built on the machine."""


@pytest.mark.parametrize(
    ("waits", "noise", "answer"),
    [
        ([0.5, 0.9], BUSY, True),  # far above the floor, whatever one stall did
        ([0.16, 0.2], BUSY, None),  # an immediate retry can be this late there
        ([0.005] * 10 + [2.9], BUSY, None),  # a stall moves the mean, not the median
        ([0.010, 0.012], BUSY, False),  # no machine makes a wait shorter
        ([0.030], QUIET, True),
        ([0.016], QUIET, None),  # with the noise of 3 ms it was below the floor, or not
        ([0.014], QUIET, False),
        ([0.015], None, True),
    ],
)
def test_floor_of_a_mean_is_decided_where_the_noise_cannot_change_it(waits, noise, answer):
    played = replace(SAMPLES["E01.paced"]["PASS"], noise=noise)

    assert reaches(CaseView.of(played), waits * 6, 0.015) is answer


def test_sentence_says_what_was_noisy_and_what_was_seen():
    record = replace(SAMPLES["T03.growth"]["WARN"], noise=NOISY["lagging"])

    sentence = status_of("T03.growth", record).sentence

    assert "the mock's event loop was late by 252 ms" in sentence


def test_noise_is_kept_in_the_record_and_judged_alike():
    record = RunRecord(
        RunMeta("command", "sh", "sh", "core", 7, ("T03",)),
        (replace(SAMPLES["T03.growth"]["WARN"], noise=NOISY["late"], timebase="monotonic"),),
    )
    kept = b"\n".join(orjson.dumps(line) for line in journal.lines(record))

    again = judge_run(journal.parse(io.BytesIO(kept)), load())

    assert again.cases == judge_run(record, load()).cases
    assert again.cases[0].status == "INCONCLUSIVE"


def beats(*errors, lag=2.0):
    """Return the control client's calls, each answered in 1 ms, with these errors between them."""
    at, rows = 500.0, []
    for error in (*errors, 0.0):
        rows.append({"tArrive": at, "tSend": at + 0.001, "lagMs": lag})
        at += 0.001 + SLEEP + error
    return MonitorSamples(tuple(rows))


def played(first, last, timebase="monotonic"):
    rows = (call("sp.campaigns.list", first, lagMs=1.0), call("sp.campaigns.list", last, lagMs=4.0))
    return CaseRecord("A01", 1, timebase, entries=2, rows=rows)


def test_case_gets_the_noise_of_its_own_time():
    seen = beats(*[0.002] * 40, *[0.4] * 10)

    early, late = seen.with_noise(played(0, 2)).noise, seen.with_noise(played(13, 15)).noise

    assert early.p99 == pytest.approx(0.002, abs=1e-6)
    assert late.p99 == pytest.approx(0.4, abs=1e-6)
    assert early.lag_p99 == 0.004


def test_case_in_virtual_time_or_without_a_call_has_no_noise():
    assert beats(0.4).with_noise(played(0, 2, "sandbox")).noise is None
    assert beats(0.4).with_noise(CaseRecord("A01", 1, "monotonic", entries=0)).noise is None


def test_figures_are_those_of_the_errors():
    noise = noise_of([0.001, 0.002, 0.003, 0.1], [0.0, 0.01])

    assert (noise.samples, noise.mean, noise.median) == (4, 0.0265, 0.0025)
    assert (noise.p99, noise.spread, noise.lag_p99) == (0.1, 0.001, 0.01)
    assert percentile([float(n) for n in range(200)]) == 198.0
    assert noise_of([], []).samples == 0
