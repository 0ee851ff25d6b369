"""What the server says of itself: health, its document, its ledger, its counts, its page."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from contracts import ledger
from mockserver import VERSION
from mockserver.control.ask import Answer, Ask
from mockserver.control.measure import exposition
from mockserver.control.openapi import document
from mockserver.control.route import HTML

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def health(_: Ask) -> Any:
    """Say that the process lives."""
    return {"status": "ok", "version": VERSION}


def ready(ask: Ask) -> Any:
    """Say that contracts are loaded and sandboxes can be made."""
    operations = len(ask.book.operations)
    return {"status": "ready", "sandboxes": len(ask.sandboxes), "operations": operations}


def openapi(_: Ask) -> Any:
    """Return this API's own description."""
    return document(VERSION)


def fidelity(ask: Ask) -> Any:
    """Return every imitated behaviour, or those of one status, and totals of all."""
    rows = [asdict(row) for row in ledger.rows()]
    status = ask.query.get("status")
    return {
        "behaviours": [row for row in rows if status in (None, row["status"])],
        "totals": dict(Counter(row["status"] for row in rows)),
    }


def metrics(ask: Ask) -> Any:
    """Return the counts as Prometheus reads them."""
    text, kind = exposition(ask.world)
    return Answer(text, kind)


def dashboard(_: Ask) -> Any:
    """Return the page; it brings everything it needs."""
    page = files("mockserver.control").joinpath("dashboard.html").read_bytes()
    headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
    return Answer(page, HTML, headers)
