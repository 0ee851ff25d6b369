"""A small run whose cases all end alike, for what is made of runs."""

from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord
from tests.unit.harness.suite.samples import SAMPLES

CHECKS = ("A01.headers", "E02.once", "T01.early", "V01.stops", "X03.fresh")


def small_run(status: str, **facts: object) -> RunRecord:
    """Return the sample records of five cases, each with this status in its first check."""
    cases: tuple[CaseRecord, ...] = tuple(SAMPLES[check][status] for check in CHECKS)
    names = tuple(one.case for one in cases)
    return RunRecord(RunMeta("command", "sh", "sh", "core", 7, names, **facts), cases)
