"""The runs of a program that share one sandbox, separated by their refresh tokens.

Each run gets the sandbox's refresh token with a label of its own (``TOKEN~LABEL``). Its token
requests show the label, and its calls the access tokens that they got.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import structs

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, Ending
from adsmock.harness.suite.journal.record import Rows

LABEL = "~"
"""Separates a refresh token from its label."""

LONG = 10.0
"""Seconds after which a run that requested no token must use another run's."""


def labeled(refresh_token: str, label: str) -> str:
    """Return a refresh token with a label."""
    return f"{refresh_token}{LABEL}{label}"


def fingerprint(token: str) -> str:
    """Return the name of a token in the journal."""
    return "tok-" + hashlib.blake2b(token.encode(), digest_size=6).hexdigest()


def records_of(record: CaseRecord) -> list[CaseRecord]:
    """Return a record for each run with calls; check ``shared`` first."""
    if not record.runs:
        return []
    calls = _calls(record)
    return [
        structs.replace(
            record,
            case=run.name,
            entries=len(calls[run.name]),
            rows=calls[run.name],
            ending=Ending(timed_out=not run.ended),
            runs=(),
        )
        for run in record.runs
        if calls[run.name]
    ]


def shared(record: CaseRecord) -> str:
    """Return why the runs cannot be separated, empty when they can."""
    if not record.runs:
        return ""
    calls = _calls(record)
    tokenless = [
        run for run in record.runs if not calls[run.name] and (run.ended or run.seconds >= LONG)
    ]
    if tokenless:
        return (
            f"{tokenless[0].name} requested no token with its own REFRESH_TOKEN, so its calls "
            "cannot be separated from those of other runs"
        )
    for run in record.runs:
        late = [row for row in calls[run.name] if run.ended and row["seq"] > run.ended]
        if late:
            return (
                f"{counted(len(late), 'call')} used a token of {run.name} after its end: runs that "
                "share tokens cannot be separated"
            )
    return ""


def _calls(record: CaseRecord) -> dict[str, Rows]:
    """Return the calls of each run."""
    names = {run.token: run.name for run in record.runs}
    found: dict[str, list[dict[str, object]]] = {run.name: [] for run in record.runs}
    owner: dict[str, str] = {}
    for row in record.rows:
        request, reply = row.get("request"), row.get("reply")
        name = None
        if row.get("operation") == "lwa.token" and isinstance(request, Mapping):
            name = names.get(str(request.get("refresh_token")))
            if name and isinstance(reply, Mapping) and "access_token" in reply:
                owner[str(reply["access_token"])] = name
        name = name or owner.get(str(row.get("token")))
        if name:
            found[name].append(row)
    return {name: tuple(rows) for name, rows in found.items()}
