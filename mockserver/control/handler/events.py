"""The stream that the dashboard follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.mockserver.control.event_stream import INTERVAL, LIFETIME, EventStreams, full
from adsmock.mockserver.control.live_events import SandboxChanges, SandboxEvents, frames
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.routes import EVENTS
from adsmock.mockserver.control.serializers import sandbox_summary
from adsmock.mockserver.control.unknown_name import UnknownName


def follow(request: ControlRequest) -> Any:
    """Return the events of all sandboxes, and those of one with its calls and state."""
    changes = SandboxChanges(lambda: list(map(sandbox_summary, request.sandboxes.all())))
    one = None
    if wanted := request.query.get("follow"):
        sandbox = request.sandboxes.get(wanted)
        if sandbox is None:
            known = [each.id for each in request.sandboxes.all()]
            raise UnknownName("sandbox", wanted, known, pointer="/follow")
        one = SandboxEvents(
            sandbox,
            request.query["cursor"],
            request.urls,
            lambda: request.sandboxes.get(wanted) is sandbox,
        )
    return stream(request.streams, changes, one, stays=request.query["wait"] == "yes")


def stream(
    streams: EventStreams, changes: SandboxChanges, one: SandboxEvents | None, *, stays: bool
) -> ControlReply:
    """Return a stream that ends after ``LIFETIME``, or after one read.

    Raises:
        SetupError: 503, there are too many streams.
    """
    if not stays:
        return ControlReply(frames(changes, one, streams.wait, 1), EVENTS)
    if not streams.enter():
        raise full()
    return ControlReply(_counted(streams, changes, one), EVENTS)


def _counted(
    streams: EventStreams, changes: SandboxChanges, one: SandboxEvents | None
) -> Iterator[bytes]:
    try:
        yield from frames(changes, one, streams.wait, round(LIFETIME / INTERVAL))
    finally:
        streams.leave()
