"""One row of the kill matrix: a client in every case, and whether it is as it is known.

Knows runs, verdicts and what a player is known for. Must not know processes or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.proof.clients import Player
from adsmock.harness.suite import case, runner
from adsmock.harness.suite.case.model import FULL
from adsmock.harness.suite.drivers import Driver, benign, mutant, reference
from adsmock.harness.suite.judge import CLAIM, judge_run
from adsmock.harness.suite.verdict import RunVerdict, Verdict

EXACT = "exact"

BREACH, SILENT = frozenset({"FAIL", "WARN"}), frozenset({"UNPROVEN", "INCONCLUSIVE"})


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A player, its status in each case, the kills that were seen, ``exact`` or what differs.

    ``seconds`` is how long it took on the machine's clock.
    """

    player: Player
    seed: int
    statuses: Mapping[str, str]
    killed: tuple[str, ...]
    word: str
    seconds: float

    @property
    def exact(self) -> bool:
        """Say whether the client is as it is known, in every case."""
        return self.word == EXACT


_DRIVERS: Mapping[str, Callable[[str], Driver]] = MappingProxyType(
    {"reference": lambda _name: reference(), "mutant": mutant, "benign": benign}
)


def play(player: Player, names: tuple[str, ...], seed: int, control: str) -> MatrixRow:
    """Return the row of a player in the named cases.

    Raises:
        PlaneError: the control plane cannot be reached at all.
    """
    clock = SystemClock()
    began = clock.now()
    contract_set = case.load()
    cases = tuple(contract_set[name] for name in names)
    driver = _DRIVERS[player.kind](player.name)
    record = runner.run(driver, runner.Selection(cases, FULL), seed, control)
    verdict = judge_run(record, contract_set)
    # The client's own word is checked in every case, so no case declares that check.
    asked = frozenset(check.id for one in cases for check in one.checks) | {CLAIM}
    return MatrixRow(
        player,
        seed,
        {one.case.id: str(one.status) for one in verdict.cases},
        tuple(sorted({one.check for one in _verdicts(verdict) if one.status in BREACH})),
        deviation(verdict, player, asked),
        round(clock.now() - began, 1),
    )


def deviation(verdict: RunVerdict, player: Player, asked: frozenset[str]) -> str:
    """Return ``exact``, or which checks differ from what the client is known for.

    A broken client may leave checks without a verdict that it never reached or only brushed, none
    of those that are to catch it; a lawful one those that are no MUST; the reference none.
    """
    found = _verdicts(verdict)
    kills = player.kills & asked
    # A SHOULD may warn of a lawful habit: it is advice.
    alarms = {"FAIL"} if player.kind == "benign" else BREACH
    broke = {one.check for one in found if one.status in alarms}
    silent = {one.check for one in found if _is_due(player, one)}
    differences = {
        "not caught by": kills - broke,
        "also caught by": broke - kills,
        "no verdict from": silent,
    }
    words = [f"{word} {', '.join(sorted(ids))}" for word, ids in differences.items() if ids]
    return "; ".join(words) or EXACT


def _is_due(player: Player, one: Verdict) -> bool:
    """Say whether a check that gave no verdict should have given one for this player."""
    must_tell = player.kind == "reference" or (player.kind == "benign" and one.severity == "MUST")
    return one.status == "ERROR" or (one.status in SILENT and must_tell)


def _verdicts(verdict: RunVerdict) -> list[Verdict]:
    return [one for judged in verdict.cases for one in judged.verdicts]
