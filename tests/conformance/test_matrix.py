"""The suite proves itself: the reference passes everything, each broken client is caught.

The whole matrix takes long and is what ``make selftest`` prints. Here every broken client plays
the cases that must catch it and a few that must not: another few for each client, so that together
they cross the matrix.
"""

import pytest

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.proof import own_cases, play, play_all, proof_clients
from adsmock.harness.proof.clients import LARGE
from adsmock.harness.suite.case import load
from adsmock.harness.suite.unlisted_checks import CLAIM

pytestmark = pytest.mark.one_python

BYSTANDERS = 4


def played_by(name):
    """Return the cases that must catch a client, and some that must not, none of them large."""
    cases = list(load().values())
    own = own_cases(*proof_clients(f"mutant:{name}"), cases)
    others = [case for case in cases if case.id not in own and case.trigger.min_calls < LARGE]
    start = sorted(MUTANTS).index(name) * BYSTANDERS % len(others)
    chosen = (others + others)[start : start + BYSTANDERS]
    return tuple(case.id for case in cases if case.id in own or case in chosen)


@pytest.mark.slow
def test_reference_client_passes_every_case(control):
    row = play(*proof_clients("reference"), tuple(load()), 7, control)

    assert row.exact, row.word


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_broken_client_is_caught_by_its_checks_and_by_no_other(control, name):
    row = play(*proof_clients(f"mutant:{name}"), played_by(name), 7, control)

    assert row.exact, row.word


def test_every_check_that_counts_has_a_killer():
    counted = {
        check.id for case in load().values() for check in case.checks if check.severity != "INFO"
    }
    kills = {check for mutant in MUTANTS.values() for check in mutant.kills}

    assert counted - kills == set()
    declared = {check.id for case in load().values() for check in case.checks}
    assert kills - declared == {CLAIM}, "what every client is asked besides the case's checks"


def test_rows_come_in_their_order_whichever_worker_ends_first():
    clients, reported = proof_clients("no-retry-after") + proof_clients("benign:late-5s"), []

    rows = play_all(clients, ("T01",), (7, 8), 2, reported.append)

    assert [(row.client.name, row.seed) for row in rows] == [
        ("no-retry-after", 7),
        ("no-retry-after", 8),
        ("late-5s", 7),
        ("late-5s", 8),
    ]
    assert sorted(reported, key=rows.index) == rows
    assert [row.word for row in rows] == ["exact"] * 4
    assert [row.killed for row in rows] == [("T01.early",)] * 2 + [()] * 2


def test_clients_are_selected_by_name_or_label():
    assert [one.label for one in proof_clients("reference")] == ["reference"]
    assert {one.kind for one in proof_clients("benign:*")} == {"benign"}
    assert len(proof_clients()) == 1 + len(MUTANTS) + len(COMPLIANT_VARIANTS)
    assert proof_clients("no-such-client") == ()
