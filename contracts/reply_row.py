"""The form of one line of a reply whose rows are flat: a bare array, or two of them.

Knows how a row names its code, its text and its errors. Must not know any resource.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """How one item is answered in a reply whose rows are flat.

    ``code`` and ``description`` name the members. ``success`` is the code of what was done,
    ``codes`` those of refusals by kind of item error, ``refused`` that of every other kind.
    ``messages`` are texts by reason, which go before those of the table of item errors; blanks
    in braces are filled from the item. With ``names_id`` a refused row names the id that the
    item gave. ``detail`` is the key of an array of errors that a refused row carries, each
    under ``wrapper``. An operation that answers with whole entities puts the entity in the row's
    place. With ``judged`` ``item`` a breach of the schema fails its item, with ``request`` the
    call. Where refusals and successes have arrays of their own, ``arrays`` names both by verb, and
    ``index`` is the member that says which item a row answers.
    """

    by: str
    code: str = "code"
    success: str = "SUCCESS"
    refused: str = "INVALID_ARGUMENT"
    description: str = "description"
    codes: dict[str, str] = field(default_factory=dict)
    codes_by: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    messages_by: dict[str, str] = field(default_factory=dict)
    names_id: bool = False
    detail: str = ""
    wrapper: str = ""
    judged: Literal["item", "request"] = "item"
    arrays: dict[str, tuple[str, ...]] = field(default_factory=dict)
    index: str = ""
