"""Mutant: a false report of its own work."""

from __future__ import annotations

from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.export import Exporter
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.tree import TreeCreator
from adsmock.harness.client.writer import Writer
from adsmock.harness.mutants.mutant import mutant


def _nothing(*_: Any, **__: Any) -> list[Any]:
    """Return an empty result without a call."""
    return []


class _IdlePager(Pager):
    items = by_ids = _nothing


class _IdleWriter(Writer):
    write = _nothing


class _IdleTreeCreator(TreeCreator):
    create = _nothing


class _IdleExporter(Exporter):
    export = _nothing


class _IdleClient(AdsClient):
    list_profiles = _nothing


MUTANTS = (
    mutant(
        "liar",
        "reports success without doing the work",
        "I12.lost IR02.fresh ST12.once x.claim",
        _IdleClient,
        _IdlePager,
        _IdleWriter,
        _IdleTreeCreator,
        _IdleExporter,
        cases="D06",
    ),
)
