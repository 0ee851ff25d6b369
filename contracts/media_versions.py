"""The versions that one operation's bodies have, each named by its media types.

Knows how a version is told. Must not know what a body says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adsmock.contracts.model import Operation


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an operation's bodies: the media types that name it, and its forms."""

    reply: str
    gives: str
    request: str = ""
    takes: str = ""


def offers(operation: Operation, sent: str) -> tuple[str, ...]:
    """Return what may answer a body of type ``sent`` (lower case), the usual type first."""
    if not operation.versions:
        return (operation.reply, *operation.replies)
    fit = tuple(row.reply for row in operation.versions if row.request.lower() in {"", sent})
    return fit or (operation.reply,)


def version_of(operation: Operation, sent: str, media: str) -> Version:
    """Return the version of a body of type ``sent`` that is answered with ``media``."""
    fit = [row for row in operation.versions if row.request.lower() in {"", sent}]
    fit = fit or [Version(operation.reply, operation.gives, operation.request, operation.takes)]
    return next((row for row in fit if row.reply == media), fit[0])
