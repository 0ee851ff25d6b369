"""One row of the kill matrix: a client in every case, compared with its expected verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.proof.clients import ProofClient
from adsmock.harness.suite import case, runner
from adsmock.harness.suite.case.model import FULL
from adsmock.harness.suite.drivers import Driver, benign, mutant, reference, template_of
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.unlisted_checks import CLAIM
from adsmock.harness.suite.verdict import RunVerdict, Verdict

EXACT = "exact"

BREACH, SILENT = frozenset({"FAIL", "WARN"}), frozenset({"UNPROVEN", "INCONCLUSIVE"})


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A client, its status in each case, the checks that caught it, ``exact`` or the differences.

    ``seconds`` is the duration on the machine's clock.
    """

    client: ProofClient
    seed: int
    statuses: Mapping[str, str]
    killed: tuple[str, ...]
    word: str
    seconds: float
    unexpected: tuple[str, ...] = ()
    """The checks with an unexpected verdict."""

    @property
    def exact(self) -> bool:
        """Say whether every verdict is the expected one."""
        return self.word == EXACT


_DRIVERS: Mapping[str, Callable[[str], Driver]] = MappingProxyType(
    {"reference": lambda _name: reference(), "mutant": mutant, "benign": benign}
)


def play(client: ProofClient, names: tuple[str, ...], seed: int, control: str) -> MatrixRow:
    """Return the row of a client in the named cases.

    Raises:
        PlaneError: the control plane cannot be reached at all.
    """
    clock = SystemClock()
    began = clock.now()
    contract_set = case.load()
    cases = tuple(contract_set[name] for name in names if name in (client.cases or names))
    driver = _DRIVERS[client.kind](client.name)
    selection = runner.Selection(cases, FULL, template=template_of(client.label))
    record = runner.run(driver, selection, seed, control)
    verdict = judge_run(record, contract_set)
    # The client's claims are checked in every case, so no case file has that check.
    asked = frozenset(check.id for each in cases for check in each.checks) | {CLAIM}
    found = differences(verdict, client, asked)
    return MatrixRow(
        client,
        seed,
        {each.case.id: str(each.status) for each in verdict.cases},
        tuple(sorted({each.check for each in _verdicts(verdict) if each.status in BREACH})),
        _in_words(found),
        round(clock.now() - began, 1),
        tuple(sorted(frozenset().union(*found.values()))),
    )


def deviation(verdict: RunVerdict, client: ProofClient, asked: frozenset[str]) -> str:
    """Return ``exact``, or the checks with an unexpected verdict."""
    return _in_words(differences(verdict, client, asked))


def differences(
    verdict: RunVerdict, client: ProofClient, asked: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the checks with an unexpected verdict, by what is unexpected.

    A broken client may leave checks without a verdict, except those that must catch it. A compliant
    variant may leave those that are not a MUST, the reference none. A combined client with a defect
    must fail one of its checks, and may fail others.
    """
    found = _verdicts(verdict)
    kills = client.kills & asked
    # A SHOULD is advice: it may warn of a compliant habit.
    alarms = {"FAIL"} if client.kind == "benign" else BREACH
    broke = frozenset(each.check for each in found if each.status in alarms)
    silent = {"no verdict from": frozenset(each.check for each in found if _is_due(client, each))}
    if client.is_one_kill_enough and kills & broke:
        return silent
    return {"not caught by": kills - broke, "also caught by": broke - kills, **silent}


def _in_words(found: Mapping[str, frozenset[str]]) -> str:
    words = [f"{word} {', '.join(sorted(ids))}" for word, ids in found.items() if ids]
    return "; ".join(words) or EXACT


def _is_due(client: ProofClient, verdict: Verdict) -> bool:
    """Say whether a check without a verdict should have one for this client."""
    must_tell = client.kind == "reference" or (
        client.kind == "benign" and verdict.severity == "MUST"
    )
    return verdict.status == "ERROR" or (verdict.status in SILENT and must_tell)


def _verdicts(verdict: RunVerdict) -> list[Verdict]:
    return [each for judged in verdict.cases for each in judged.verdicts]
