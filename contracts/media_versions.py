"""The versions of one operation's bodies, each named by its media types."""

from __future__ import annotations

from adsmock.contracts.model import Operation, Version


def reply_types(operation: Operation, sent: str) -> tuple[str, ...]:
    """Return the reply media types for a body of type ``sent`` (lower case), the usual first."""
    if not operation.versions:
        return (operation.reply, *operation.replies)
    matching = tuple(row.reply for row in operation.versions if row.request.lower() in {"", sent})
    return matching or (operation.reply,)


def version_of(operation: Operation, sent: str, media: str) -> Version:
    """Return the version of a body of type ``sent`` whose reply has type ``media``."""
    matching = [row for row in operation.versions if row.request.lower() in {"", sent}]
    own = Version(operation.reply, operation.gives, operation.request, operation.takes)
    matching = matching or [own]
    return next((row for row in matching if row.reply == media), matching[0])
