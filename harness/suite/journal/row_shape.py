"""The types of a journal entry's members, so that checks need not expect anything else.

The bodies may be any JSON: a client may send what it likes.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from adsmock.harness.structs import MismatchError

Text = str | None
Number = float | None


class Fault(Struct):
    """The fault that a call got."""

    id: str
    kind: str
    point: str = ""


class EntryShape(Struct, rename="camel"):
    """The members of an entry that the mock writes; each but ``seq`` may be missing."""

    seq: int
    sandbox: Text = None
    region: Text = None
    host: Text = None
    port: int | None = None
    tls: bool | None = None
    connection: int | None = None
    method: Text = None
    path: Text = None
    query: Text = None
    route: Text = None
    operation: Text = None
    generic: bool | None = None
    client_id: Text = None
    profile_id: str | int | None = None
    token: Text = None
    token_state: Text = None
    headers: dict[str, str] | None = None
    chain: Text = None
    attempt: int | None = None
    items: Any = None
    inexact: dict[str, str] | None = None
    request: Any = None
    fault: Fault | None = None
    status: int | None = None
    retry_after: str | int | None = None
    reply: Any = None
    next_token: Text = None
    committed: bool | None = None
    ended: Text = None
    t_arrive: Number = None
    t_send: Number = None
    t_end: Number = None
    c_arrive: Number = None
    c_send: Number = None
    c_end: Number = None
    lag_ms: Number = None
    request_id: Text = None


def check_shape(row: dict[str, Any]) -> None:
    """Check the types of an entry's members.

    Raises:
        MismatchError: a member has another type; names it.
    """
    try:
        msgspec.convert(row, EntryShape)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        raise MismatchError(path.strip("`."), reason) from None
