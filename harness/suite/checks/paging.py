"""Checks of how a list is read.

Source: Well-Architected Framework, campaign management: follow nextToken to its end; documented.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    unproven,
)
from harness.suite.journal import CaseView, Entry

TOKEN, SIZE = "nextToken", "maxResults"


@dataclass(slots=True)
class _Walk:
    """One reading of a list: the token that comes next and the pages read so far."""

    expected: str | None = None
    pages: int = 0
    longest: int = 0


def pages_are_read_in_order(view: CaseView, operation: str) -> Finding:
    """Hold when each token was used once and in order, and the reading stopped at the last page."""
    calls = [call for call in view.of_operation(operation) if call.is_success]
    if any(not isinstance(call.reply, dict) or not _is_body(call) for call in calls):
        return inconclusive("the journal does not hold the pages")
    if not any(call.reply.get(TOKEN) for call in calls):
        return unproven("no page carried a token")
    walks: dict[str, _Walk] = {}
    for call in calls:
        walk = walks.setdefault(_question(call), _Walk())
        found = _step(walk, call)
        if found:
            return found
    pages = max(walk.longest for walk in walks.values())
    open_walks = [walk for walk in walks.values() if walk.expected]
    if open_walks:
        return broken(
            f"the reading stopped after {counted(open_walks[0].pages, 'page')} "
            "though the last one carried a token",
            [row(calls[-1], "the last page that was read; its token was never used")],
            pages=open_walks[0].pages,
        )
    return holds(
        f"{counted(pages, 'page')}, each token used once and in order, "
        "and a stop at the page without one",
        [row(call, "page") for call in calls],
        pages=pages,
    )


def _step(walk: _Walk, call: Entry) -> Finding | None:
    """Move the walk on by one page; return the breach when the page was not the next one."""
    token = (call.request or {}).get(TOKEN)
    if token is None and walk.expected:
        return broken(
            f"call {call.seq} began again at page 1 with {counted(walk.pages, 'page')} read "
            "and a token in hand",
            [row(call, "page 1 again")],
            pages=walk.pages,
        )
    if token is not None and token != walk.expected:
        return broken(
            f"call {call.seq} used a token that was not the one of the page before",
            [row(call, "token out of order or used twice")],
            pages=walk.pages,
        )
    walk.pages = walk.pages + 1 if token else 1
    walk.longest = max(walk.longest, walk.pages)
    walk.expected = call.reply.get(TOKEN) or None
    return None


def _is_body(call: Entry) -> bool:
    return call.request is None or isinstance(call.request, dict)


def _question(call: Entry) -> str:
    """Return what a page belongs to: the profile and the filters."""
    body = {key: value for key, value in (call.request or {}).items() if key not in {TOKEN, SIZE}}
    return json.dumps([call.profile_id, body], sort_keys=True)


JUDGES = (pages_are_read_in_order,)
