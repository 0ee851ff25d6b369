"""A client that is wrong in what it says of itself."""

from __future__ import annotations

from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.export import Exporter
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.tree import TreeCreator
from adsmock.harness.client.writer import Writer
from adsmock.harness.mutants.mutant import Mutant


class _IdlePager(Pager):
    """Finds nothing without looking."""

    def items(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return nothing."""
        return []

    def by_ids(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return nothing."""
        return []


class _IdleWriter(Writer):
    """Has nothing to say of any item."""

    def write(self, *_: Any, **__: Any) -> list[Any]:
        """Return no outcome."""
        return []


class _IdleTreeCreator(TreeCreator):
    """Plants nothing."""

    def create(self, *_: Any, **__: Any) -> list[Any]:
        """Return no branch."""
        return []


class _IdleWaiter(Exporter):
    """Hands out empty exports."""

    def export(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return no record."""
        return []


class Liar(AdsClient):
    """Reports each task as done without a single call."""

    pager_class = _IdlePager
    writer_class = _IdleWriter
    tree_creator_class = _IdleTreeCreator
    exporter_class = _IdleWaiter

    def list_profiles(self, region: str) -> list[dict[str, Any]]:
        """Know of no profile."""
        del region
        return []


MUTANTS = (Mutant("liar", "reports success without doing the work", ("x.claim",), Liar),)
