"""Success or failure of one item of a batch.

Knows outcomes. Must not know how a 207 is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple


class Success(NamedTuple):
    """An item that was done: its position, id and, where known, its rendered entity."""

    index: int  # type: ignore[assignment]  # hides a tuple's method, which nobody asks for
    id: str
    body: bytes | None = None


new_success: Callable[[tuple[int, str, bytes | None]], Success] = partial(tuple.__new__, Success)
"""Makes a success of its members in order: a third of what naming them costs (measured)."""


@dataclass(slots=True)
class Failure:
    """An item that was refused.

    ``kind`` is a row of the item error catalogue (``duplicateValueError``), ``reason`` one of
    its reasons, ``location`` a JSON path into the request, ``trigger`` the offending value.
    ``extra`` holds the kind's further fields (``entityId``, ``lowerLimit``), as strings.
    ``named`` is the id that the item gave, of an update.
    """

    index: int
    kind: str
    reason: str
    message: str
    location: str = ""
    trigger: str | None = None
    extra: dict[str, Any] | None = None
    named: str = ""


Outcome = Success | Failure


@dataclass(slots=True)
class Batch:
    """What a batch came to, in order of index."""

    outcomes: list[Outcome]


@dataclass(slots=True)
class Single:
    """What a call about one entity came to."""

    outcome: Outcome


@dataclass(slots=True)
class Listing:
    """One page: rendered entities, the token of the next page if there is one, the total.

    ``rendered`` is the body that it came to, once it has.
    """

    bodies: list[bytes]
    token: str | None
    total: int
    rendered: bytes = b""


@dataclass(slots=True)
class Document:
    """A plain JSON value; ``media`` overrides the negotiated type."""

    value: Any
    media: str = ""


@dataclass(slots=True)
class File:
    """Finished bytes with their type, and headers that go along."""

    content: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


Result = Batch | Single | Listing | Document | File
