"""Mutant: a false report of its own work."""

from __future__ import annotations

from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.export import Exporter
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.tree import TreeCreator
from adsmock.harness.client.writer import Writer
from adsmock.harness.mutants.mutant import Mutant


class _IdlePager(Pager):
    """Returns nothing without a call."""

    def items(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return nothing."""
        return []

    def by_ids(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return nothing."""
        return []


class _IdleWriter(Writer):
    """Writes nothing."""

    def write(self, *_: Any, **__: Any) -> list[Any]:
        """Return no outcome."""
        return []


class _IdleTreeCreator(TreeCreator):
    """Creates nothing."""

    def create(self, *_: Any, **__: Any) -> list[Any]:
        """Return no branch."""
        return []


class _IdleExporter(Exporter):
    """Returns empty exports."""

    def export(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return no record."""
        return []


class Liar(AdsClient):
    """Reports each task as done without a single call."""

    pager_class = _IdlePager
    writer_class = _IdleWriter
    tree_creator_class = _IdleTreeCreator
    exporter_class = _IdleExporter

    def list_profiles(self, region: str) -> list[dict[str, Any]]:
        """Return no profile."""
        del region
        return []


MUTANTS = (
    Mutant(
        "liar",
        "reports success without doing the work",
        (
            "I12.lost",
            "x.claim",
        ),
        Liar,
        cases=("D06",),
    ),
)
