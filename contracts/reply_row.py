"""One row of a reply with flat rows: a bare array, or two of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """The answer to one item in a reply with flat rows.

    ``code`` and ``description`` name the members. ``success`` is the code of a success,
    ``codes`` those of refusals by kind of item error, ``refused`` that of every other kind.
    ``messages`` are texts by reason, which replace those of the table of item errors; names in
    braces are filled in from the item. With ``names_id`` a refused row names the id that the
    item gave. ``detail`` is the key of an array of errors that a refused row carries, each
    under ``wrapper``. An operation that returns complete entities puts the entity in the place
    of the row. With ``judged`` ``item`` a breach of the schema fails its item, with ``request``
    the call. Where refusals and successes have separate arrays, ``arrays`` names both by verb,
    and ``index`` is the member with the index of the item.
    """

    code: str = "code"
    success: str = "SUCCESS"
    refused: str = "INVALID_ARGUMENT"
    description: str = "description"
    codes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    names_id: bool = False
    detail: str = ""
    wrapper: str = ""
    judged: Literal["item", "request"] = "item"
    arrays: dict[str, tuple[str, ...]] = field(default_factory=dict)
    index: str = ""
