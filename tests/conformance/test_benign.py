"""Lawful clients are not told off: no check of a MUST fails for any of them."""

import pytest

from harness.benign import BENIGN
from harness.suite import runner
from harness.suite.case import load
from harness.suite.drivers import benign
from harness.suite.judge import judge_run

CASES = ("A01", "A03", "B01", "E01", "L01", "N04", "R02", "T01", "X02")


@pytest.mark.slow
@pytest.mark.parametrize("name", BENIGN)
def test_lawful_variation_passes_every_must(control, name):
    cases = tuple(load()[one] for one in CASES)
    found = judge_run(
        runner.run(benign(name), runner.Selection(cases, "core", True), 7, control), load()
    )

    assert {
        one.check: one.sentence
        for case in found.cases
        for one in case.verdicts
        if one.severity == "MUST" and one.status != "PASS"
    } == {}


def test_every_variation_says_what_it_does_otherwise():
    assert all(row.habit and row.name == name for name, row in BENIGN.items())
