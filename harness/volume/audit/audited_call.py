"""A journal as the audit reads it: one value per call, in order of arrival.

Reads both a journal of the control plane (NDJSON) and the ``journal.ndjson`` of a run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from adsmock.contracts.bounded_file import read_lines
from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Operation
from adsmock.contracts.quota_weight import EXTENDED, weight_of

THROTTLED = 429

NOT_AUDITED = ("storage.", "delivery.", "tls.", "sqs.", "sns.")
"""Prefixes of operations that cost no quota: downloads, handshakes, what AWS serves."""

PARTIAL = "partial"
"""Kind of a fault that fails some items of a batch; the call itself succeeds."""
_GOOD = range(200, 300)
_WRONG = range(400, 500)


class JournalError(ValueError):
    """A journal that cannot be read; the text contains the line and the reason."""


@dataclass(frozen=True, slots=True)
class AuditedCall:
    """One call: ``line`` of the file, ``at`` in seconds on the sandbox's clock.

    ``fault`` is the kind of an injected fault, empty without one.
    """

    line: int
    at: float
    region: str
    client: str
    profile: str
    operation: str
    chain: str
    path: str
    status: int
    items: int
    ended: str
    fault: str = ""
    request: Any = field(default=None, repr=False)
    reply: Any = field(default=None, repr=False)
    row: Operation | None = field(default=None, repr=False)

    @property
    def is_good(self) -> bool:
        """Whether the client received a complete 2xx answer."""
        return self.status in _GOOD and self.ended == "complete"

    @property
    def is_broken(self) -> bool:
        """Whether an injected fault made it fail; a call that was only slow did not fail."""
        return bool(self.fault) and (not self.is_good or self.fault == PARTIAL)

    @property
    def is_wrong(self) -> bool:
        """Whether the call was rejected for its content: a 4xx status other than 429."""
        return self.status in _WRONG and self.status != THROTTLED

    @property
    def resource(self) -> str:
        """The contract that the operation belongs to."""
        return self.operation.rpartition(".")[0]

    @property
    def verb(self) -> str:
        """The operation's verb."""
        return self.row.verb if self.row else ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Client, region and profile of the call."""
        return self.client, self.region, self.profile

    @property
    def is_extended(self) -> bool:
        """Whether the call requests data that costs extra."""
        return isinstance(self.request, dict) and bool(self.request.get(EXTENDED))

    @property
    def weight(self) -> int:
        """Quota weight of the call; 1 for an operation without a contract."""
        if self.row is None:
            return 1
        return weight_of(self.row, self.request)


def read(path: Path, contract_set: ContractSet) -> list[AuditedCall]:
    """Return the calls to the API and the token endpoint, in order of arrival.

    Downloads are left out: the file host has no quota.

    Raises:
        JournalError: a line is not a journal entry, or there is none.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        calls = of_rows(_rows(read_lines(file)), contract_set)
    if not calls:
        raise JournalError("contains no API call: expected the journal of a run or a sandbox")
    return calls


def of_rows(
    rows: Iterable[tuple[int, dict[str, Any]]], contract_set: ContractSet
) -> list[AuditedCall]:
    """Return the calls of numbered journal entries, as ``read`` does.

    Raises:
        JournalError: a row is not a journal entry.
    """
    found = [_parse(number, row, contract_set) for number, row in rows]
    calls = [
        each for each in found if each.operation and not each.operation.startswith(NOT_AUDITED)
    ]
    return sorted(calls, key=lambda call: call.at)


def _rows(lines: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    seen: set[tuple[Any, ...]] = set()
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            raise JournalError(f"line {number} is not JSON: the file may be truncated") from None
        if not isinstance(row, dict):
            raise JournalError(f"line {number} is not a JSON object")
        if row.get("kind") in ("run", "case"):
            continue
        # Cases that were judged on one run contain the same entries.
        twin = tuple(str(row.get(name)) for name in ("sandbox", "seq", "tArrive"))
        if "case" not in row or twin not in seen:
            seen.add(twin)
            yield number, row


def _parse(number: int, row: dict[str, Any], contract_set: ContractSet) -> AuditedCall:
    try:
        operation = str(row["operation"] or "")
        return AuditedCall(
            line=number,
            at=_time(row["cArrive"]),
            region=str(row.get("region") or ""),
            client=str(row.get("clientId") or ""),
            profile=str(row.get("profileId") or ""),
            operation=operation,
            chain=str(row.get("chain") or f"line-{number}"),
            path=str(row.get("path") or ""),
            status=int(row.get("status") or 0),
            items=int(row.get("items") or 0),
            ended=str(row.get("ended") or ""),
            fault=str((row.get("fault") or {}).get("kind", "")),
            request=row.get("request"),
            reply=row.get("reply"),
            row=contract_set.operations.get(operation),
        )
    except KeyError as error:
        raise JournalError(f"line {number} is not a journal entry: it has no {error}") from None
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise JournalError(f"line {number} is not a journal entry: {error}") from None


def _time(value: Any) -> float:
    time = float(value)
    if not isfinite(time):
        raise ValueError("cArrive is not a finite number")
    return time
