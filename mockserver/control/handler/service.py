"""The server itself: health, OpenAPI document, fidelity ledger, metrics."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict
from functools import cache
from typing import Any

from adsmock import __version__
from adsmock.contracts import ledger
from adsmock.mockserver.control.openapi import document
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.serializers import described_operations
from adsmock.mockserver.core import seeded_random


def health(request: ControlRequest) -> Any:
    """Return that the process runs, and which shard it is, if it is one."""
    shard = request.sandboxes.shard
    found = {"status": "ok", "version": __version__}
    if not shard.count:
        return found
    start = {"pid": os.getpid(), "start": _start()}
    return found | {"shard": {"number": shard.number, "count": shard.count} | start}


@cache
def _start() -> str:
    """Return a text that no other start of a shard has: in containers, process ids are equal."""
    return seeded_random.unpredictable(8)


def ready(request: ControlRequest) -> Any:
    """Return that contracts are loaded and sandboxes can be created."""
    operations = len(request.contract_set.operations)
    return {"status": "ready", "sandboxes": len(request.sandboxes), "operations": operations}


def openapi(_: ControlRequest) -> Any:
    """Return the OpenAPI document of this API."""
    return document(__version__)


def fidelity(request: ControlRequest) -> Any:
    """Return every imitated behavior, or those of one status, totals, and what is generic."""
    rows = [asdict(row) for row in ledger.rows()]
    status = request.query.get("status")
    return {
        "behaviors": [row for row in rows if status in (None, row["status"])],
        "totals": dict(Counter(row["status"] for row in rows)),
        "generic": described_operations(request.contract_set),
    }


def metrics(request: ControlRequest) -> Any:
    """Return all metrics as Prometheus text."""
    from adsmock.mockserver.control.prometheus import exposition  # noqa: PLC0415 -- its library takes 60 ms

    text, kind = exposition(request.runtime)
    return ControlReply(text, kind)
