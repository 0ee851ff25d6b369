"""One request of the check, and what it led to.

An examination yields problems. It reads the calls that the mock recorded, the entities afterwards
and the adapter's reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from adsmock.harness.adapter_check.account import Account
from adsmock.harness.adapter_check.row import Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one request led to."""

    account: Account
    args: dict[str, Any]
    reply: dict[str, Any]
    calls: list[dict[str, Any]]
    seconds: float

    def of(self, operation: str) -> list[dict[str, Any]]:
        """Return the calls of an operation whose id starts so."""
        return [call for call in self.calls if call["operation"].startswith(operation)]


Examination = Callable[[Outcome], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Probe:
    """One request of the check; ``region`` is where its calls must go, None for anywhere."""

    verb: str
    args: Callable[[Account], dict[str, Any]]
    examine: Examination
    region: str | None = "NA"
    needs_calls: bool = True
    expects: str = "done"
    """The status of the reply to this work."""
