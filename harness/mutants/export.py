"""Clients that are wrong in how they fetch files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.client.client import AdsClient
from harness.client.waiter import ExportWaiter
from harness.mutants.mutant import Mutant


class _NostalgicWaiter(ExportWaiter):
    """Holds on to the first address of a file."""

    def renew(self, job: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        del ask
        return job


class DeadUrl(AdsClient):
    """Asks an expired address for the file again and again."""

    waiter_class = _NostalgicWaiter


MUTANTS = (Mutant("dead-url", "repeats an expired download address", ("X03.fresh",), DeadUrl),)
