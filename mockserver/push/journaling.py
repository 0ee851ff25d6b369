"""The journal's entry for each request that sends messages outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.push import PushState
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.push.channel import Parcel


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request: what it sent, the refusals by message id, or why none was accepted.

    ``number`` is 1 unless requests failed before. ``began`` is in seconds of the machine's
    monotonic clock.
    """

    parcel: Parcel
    number: int
    refused: dict[str, str]
    problem: str
    began: float


def note(sandbox: Sandbox, sandboxes: Sandboxes, state: PushState, attempt: Attempt) -> None:
    """Add the entry of a request; its operation is ``delivery.`` and the target."""
    ended, now = sandboxes.source.monotonic(), sandbox.clock.now()
    parcel = attempt.parcel
    request: dict[str, Any] = {
        "destination": parcel.arn,
        "url": state.url,
        "attempt": attempt.number,
        "messages": [each.id for each in parcel.messages],
    }
    if parcel.files:
        request["files"] = [f"{each.bucket}/{each.key}" for each in parcel.files]
    if attempt.refused:
        request["refused"] = attempt.refused
    if attempt.problem:
        request["problem"] = attempt.problem
    entry = Entry(
        "",
        "",
        attempt.began,
        sandbox=sandbox.id,
        operation=f"delivery.{state.target}",
        items=len(parcel.messages),
        failed_items=len(parcel.messages) if attempt.problem else len(attempt.refused),
        request=request,
        ended="complete",
        t_send=ended,
        t_end=ended,
        c_arrive=now,
        c_send=now,
        c_end=now,
    )
    sandbox.journal.open(entry)
    sandbox.journal.close(entry)
