"""Results of operations: success or failure of items, pages, documents, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol


class Success(NamedTuple):
    """A successful item: its position, its id and, if known, its rendered entity."""

    index: int  # type: ignore[assignment]  # hides a tuple's method that nothing uses
    id: str
    body: bytes | None = None


new_success: Callable[[tuple[int, str, bytes | None]], Success] = partial(tuple.__new__, Success)
"""Makes a success from its members in order, in a third of the time of keywords (measured)."""


@dataclass(slots=True)
class Failure:
    """A refused item.

    ``kind`` is a row of the list of item errors (``duplicateValueError``), ``reason`` one of
    its reasons, ``location`` a JSON path into the request, ``trigger`` the offending value.
    ``extra`` holds the kind's further fields (``entityId``, ``lowerLimit``), as strings.
    ``named`` is the id that an item of an update gave. One that ``is_bare`` shows neither place
    nor further fields in the native families.
    """

    index: int
    kind: str
    reason: str
    message: str
    location: str = ""
    trigger: str | None = None
    extra: dict[str, Any] | None = None
    named: str = ""
    is_bare: bool = False


Outcome = Success | Failure


@dataclass(slots=True)
class Batch:
    """The outcomes of a batch, in order of index."""

    outcomes: list[Outcome]


@dataclass(slots=True)
class Single:
    """The outcome of a call about one entity."""

    outcome: Outcome


@dataclass(slots=True)
class Listing:
    """One page: rendered entities, the token of the next page if there is one, the total.

    ``rendered`` is the reply's body, once it has been rendered.
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
    """Finished bytes with their content type and further headers."""

    content: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    kept: bytes = b""
    """The same as JSON, for the journal, where ``content`` is not JSON."""
    status: int = 0
    """The status, where it is not the usual one of the operation."""
    rows: int | None = None
    """Rows of a file of an export or a report, where they were counted."""


class MakeFile(Protocol):
    """Makes the file of a reply that waits for something."""

    def __call__(self, *, is_last: bool) -> File | None:
        """Return the file, None while there is nothing to say; the last call always says."""


@dataclass(slots=True)
class Pending:
    """A reply that waits up to ``seconds`` of the sandbox's time for something to happen."""

    seconds: float
    make: MakeFile


@dataclass(slots=True)
class Later:
    """A page whose selection takes long; ``make`` returns it, in any thread."""

    make: Callable[[], Listing]


Result = Batch | Single | Listing | Document | File | Later | Pending
