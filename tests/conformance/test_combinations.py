"""Several habits or defects at once: no correct combination is accused, no broken one passes.

``make combinations`` plays 200 in all cases; here are a few in few cases.
"""

import pytest

from adsmock.cli.main import main
from adsmock.harness.proof import combined_client, play, random_combinations
from adsmock.harness.suite.case import load
from tests.conformance.test_benign import CASES

pytestmark = pytest.mark.one_python

SEED, COUNT, CASES_OF_A_BROKEN_ONE = 11, 8, 4


def cases_of(client):
    """Return the cases of a short run: those that must catch the client, or a few of all areas."""
    listed = sorted(client.cases & load().keys())  # a claim is judged in every case
    return tuple(listed[:CASES_OF_A_BROKEN_ONE]) or CASES


@pytest.mark.slow
@pytest.mark.parametrize(
    "client", random_combinations(COUNT, SEED).clients, ids=lambda client: client.label
)
def test_combination_is_judged_rightly(control, client):
    row = play(client, cases_of(client), 7, control)

    assert row.exact, row.word


def test_defect_and_habit_are_both_in_the_combination(control):
    client = combined_client("mutant:no-retry-after+benign:own-headers")
    row = play(client, ("T01", "A03"), 7, control)

    assert (row.word, row.killed) == ("exact", ("T01.early",))
    assert row.statuses == {"T01": "FAIL"}, "only the cases that must catch it"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--combinations", "0"], "--combinations needs a number above 0"),
        (["--combinations", "2", "--clients", "reference"], "and no --clients"),
        (["--clients", "mutant:no-jitter+benign:nobody"], "unknown client 'nobody'"),
        (["--clients", "benign:full-jitter+benign:equal-jitter"], "ExponentialBackoff.wait"),
        (["--clients", "mutant:long-waits+benign:full-jitter"], "full-jitter hides long-waits"),
    ],
)
def test_combination_that_cannot_be_made_is_refused(monkeypatch, capsys, words, said):
    monkeypatch.setattr("sys.argv", ["adsmock", "selftest", *words])

    assert main() == 2
    assert said in capsys.readouterr().err


def test_one_combination_is_played_by_name(monkeypatch, capsys):
    label = "mutant:no-retry-after+benign:no-gzip"
    monkeypatch.setattr(
        "sys.argv",
        ["adsmock", "selftest", "--clients", label, "--cases", "T01", "--jobs", "1"],
    )

    assert main() == 0
    assert "1 of 1 rows are exact" in capsys.readouterr().out
