"""One journal entry for the checks, with its times on one timebase."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from adsmock.harness.suite.journal.number import as_written

Timebase = Literal["sandbox", "monotonic"]
"""Which clock of an entry to read: the sandbox's or the server's monotonic one."""

NO_CALLS = ("tls.", "proxy.", "delivery.")
"""Prefixes of operations that are no calls: connections, and faults of Marketing Stream."""

FIRST_SUCCESS, FIRST_REDIRECT = 200, 300
FIRST_REFUSAL, FIRST_BREAKDOWN = 400, 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. ``arrive``, ``send`` and ``end`` are seconds on the timebase of the case.

    ``end`` is when the last byte was sent or the connection ended; 0 for a call in progress.
    """

    seq: int
    operation: str
    path: str
    region: str | None
    client_id: str | None
    profile_id: str | None
    token: str | None
    token_state: str
    chain: str
    status: int
    retry_after: str | None
    fault_id: str | None
    fault_kind: str | None
    committed: bool
    ended: str
    arrive: float
    send: float
    sandbox_send: float
    end: float = 0.0
    connection: int = 0
    host: str = ""
    port: int = 0
    is_tls: bool = False
    is_generic: bool = False
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    request: Any = field(default=None, repr=False)
    reply: Any = field(default=None, repr=False)
    next_token: str | None = None
    """The page token in a list that was too long for the journal; empty on its last page."""
    rows: int | None = None
    """Rows of a downloaded file of an export or a report; None where the mock counted none."""

    @classmethod
    def read(cls, row: dict[str, Any], timebase: Timebase) -> Entry:
        """Return the entry written in ``row``, with the times of ``timebase``.

        The send time of a call without an answer is its arrival: no gap is longer than the real.
        """
        letter = "c" if timebase == "sandbox" else "t"
        arrive = float(row.get(f"{letter}Arrive") or 0.0)
        fault = row.get("fault") or {}
        return cls(
            seq=int(row["seq"]),
            operation=str(row.get("operation") or ""),
            path=str(row.get("path") or ""),
            region=row.get("region"),
            client_id=row.get("clientId"),
            profile_id=_text(row.get("profileId")),
            token=row.get("token"),
            token_state=str(row.get("tokenState") or "absent"),
            chain=str(row.get("chain") or f"seq-{row['seq']}"),
            status=int(row.get("status") or 0),
            retry_after=_text(row.get("retryAfter")),
            fault_id=fault.get("id"),
            fault_kind=fault.get("kind"),
            committed=bool(row.get("committed")),
            ended=str(row.get("ended") or ""),
            arrive=arrive,
            send=max(arrive, float(row.get(f"{letter}Send") or 0.0)),
            sandbox_send=float(row.get("cSend") or row.get("cArrive") or 0.0),
            end=float(row.get(f"{letter}End") or 0.0),
            headers=dict(row.get("headers") or {}),
            connection=int(row.get("connection") or 0),
            host=str(row.get("host") or ""),
            port=int(row.get("port") or 0),
            is_tls=bool(row.get("tls")),
            is_generic=bool(row.get("generic")),
            query=str(row.get("query") or ""),
            request=_effective(row),
            reply=row.get("reply"),
            next_token=row.get("nextToken"),
            rows=row.get("rows"),
        )

    @property
    def title(self) -> str:
        """Its operation, or its path where no operation is known: that of a retired version."""
        return self.operation or self.path

    @property
    def is_success(self) -> bool:
        """Say whether the client received a complete 2xx answer."""
        return FIRST_SUCCESS <= self.status < FIRST_REDIRECT and self.ended == "complete"

    @property
    def is_refusal(self) -> bool:
        """Say whether the answer was a 4xx."""
        return FIRST_REFUSAL <= self.status < FIRST_BREAKDOWN

    @property
    def is_api(self) -> bool:
        """Say whether the call went to the API, not to the token endpoint, to storage or to AWS."""
        return not self.operation.startswith(("lwa.", "storage.", "sqs.", "sns.", *NO_CALLS))

    @property
    def is_grant(self) -> bool:
        """Say whether the call returned a token."""
        return self.operation == "lwa.token" and self.is_success


def _effective(row: dict[str, Any]) -> Any:
    """Return the body of a call; a list without the members that are null, as the mock reads it."""
    body = as_written(row.get("request"), row.get("inexact") or {})
    is_list = str(row.get("operation") or "").endswith(".list")
    if not (is_list and isinstance(body, dict) and None in body.values()):
        return body
    return {name: value for name, value in body.items() if value is not None}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
