"""``adsmock list`` and ``adsmock explain`` show all names and the whole case."""

import os

from adsmock.harness.mutants import MUTANTS
from tests.conformance.test_exit import adsmock


def test_list_names_every_case_and_client():
    done = adsmock("list", env=os.environ | {"COLUMNS": "80"})

    assert done.returncode == 0
    assert all(name in done.stdout for name in ("T01.early", "X03.fresh", *MUTANTS))


def test_explain_shows_claim_work_fault_check_and_fix():
    done = adsmock("explain", "t01", env=os.environ | {"COLUMNS": "300"})

    assert done.returncode == 0
    for word in ("Retry-After", "wait-3", "T01.early", "mutant:no-retry-after", "how to fix"):
        assert word in done.stdout


def test_explain_says_who_passes_the_days():
    done = adsmock("explain", "MC06.once", env=os.environ | {"COLUMNS": "300"})

    assert done.returncode == 0
    assert "the suite advances the clock of the mock for idle" in done.stdout
    assert "advances" not in adsmock("explain", "A05").stdout


def test_explain_shows_of_a_long_batch_one_item():
    done = adsmock("explain", "B01", env=os.environ | {"COLUMNS": "300"})

    assert "and 9 more" in done.stdout
    assert "Batch 2" not in done.stdout
