"""Seeded drift: each mutation of the service is found, and named by its ledger row."""

from dataclasses import replace
from typing import Any

import pytest

from adsmock.contracts import ledger
from adsmock.harness.fidelity import compare
from adsmock.harness.fidelity.twin import Side, Twins, read_plan, run
from tests.unit.harness.fidelity.fixtures import TestClock, create_side
from tests.unit.harness.fidelity.mutations import MUTATIONS, MutatedTransport, Recorder


def repeated(side: Side, recorder: Recorder, mutation: Any = None) -> Side:
    """Return the side again, with recorded replies, some of them changed."""
    transport = MutatedTransport(recorder.recorded, mutation)
    return replace(side, transport=transport, clock=TestClock(), bound={}, token="", sent=0)


@pytest.fixture(scope="module")
def sides() -> Any:
    clock = TestClock()
    found = []
    for name, seed in (("service", 7), ("mock", 8)):
        side = create_side(name, clock, seed=seed)
        recorder = Recorder(side.transport)
        side.transport = recorder
        found.append((side, recorder))
    run(read_plan(), Twins(found[0][0], found[1][0], clock))
    return found


def compared(sides: Any, mutation: Any) -> Any:
    clock = TestClock()
    (service, theirs), (mock, mine) = sides
    mutated = repeated(service, theirs, mutation)
    mutated.clock = clock
    own = repeated(mock, mine)
    own.clock = clock
    found = run(read_plan(), Twins(mutated, own, clock))
    return compare(found.pairs, found.unchecked), mutated.transport.changed


def test_there_are_forty_mutations() -> None:
    assert len({one.name for one in MUTATIONS}) == 40


@pytest.mark.one_python
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_mutation_is_found_at_its_ledger_row(sides, mutation) -> None:
    comparison, changed = compared(sides, mutation)

    assert changed, "the mutation changed no reply"
    rows = {(row.aspect, row.fact) for row in comparison.drift}
    assert (mutation.aspect, mutation.fact) in rows
    assert mutation.fact in {row.id for row in ledger.rows()}
    assert comparison.standings[mutation.fact] == "drift"


def test_equal_mocks_show_no_difference(sides) -> None:
    comparison, _ = compared(sides, None)

    assert comparison.differences == ()
    assert len(comparison.rows("confirmed")) > 250
