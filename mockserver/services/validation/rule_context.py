"""The context of a resource's rules: its contract and tables, and how its refusals are worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from adsmock.contracts.contract_set import ItemError, Marketplace
from adsmock.contracts.model import Contract
from adsmock.mockserver.catalog.resource import Resource
from adsmock.mockserver.core.outcome import Failure


class _Blanks(dict[str, Any]):
    """Values of a message template; a placeholder without a value stays as it is."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@dataclass(frozen=True, slots=True)
class RuleContext:
    """A resource with the tables that its rules use. ``account`` is seller or vendor."""

    contract: Contract
    resource: Resource
    marketplaces: dict[str, Marketplace]
    item_errors: dict[str, ItemError]
    account: str = ""

    @property
    def root(self) -> str:
        """The JSON path of the items in a body."""
        envelope = self.contract.envelope
        return f"$.{envelope}" if envelope else "$"

    def refuse(
        self,
        index: int,
        kind: str,
        reason: str,
        *,
        member: str | None = "",
        value: Any = None,
        message: str = "",
        extra: dict[str, str] | None = None,
        **blanks: Any,
    ) -> Failure:
        """Return the refusal of item ``index``.

        ``member`` is the dotted member at fault; None leaves the cause empty. ``blanks`` fill the
        message template, together with ``extra`` and the names of the resource.
        """
        location = ""
        if member is not None:
            location = f"{self.root}[{index}]" + (f".{member}" if member else "")
        return self.failure(
            index,
            kind,
            reason,
            location,
            value,
            message=message,
            extra=extra,
            member=member or "",
            **blanks,
        )

    def failure(
        self,
        index: int,
        kind: str,
        reason: str,
        location: str,
        value: Any = None,
        *,
        message: str = "",
        extra: dict[str, str] | None = None,
        **blanks: Any,
    ) -> Failure:
        """Return a refusal of ``location``, with the message of the contract."""
        row = self.item_errors.get(kind)
        contract = self.contract
        own = contract.row.messages.get(reason, "") if contract.row else ""
        template = own or message or (row.messages.get(reason, "") if row else "")
        known = _Blanks(label=contract.label, noun=contract.noun, **(extra or {}))
        known.update(blanks)
        known.setdefault("value", "" if value is None else text_of(value))
        return Failure(
            index=index,
            kind=kind,
            reason=reason,
            message=template.format_map(known) or reason.replace("_", " ").capitalize(),
            location=location,
            trigger=None if value is None or not location else text_of(value),
            extra=extra,
        )


def text_of(value: Any) -> str:
    """Return a value as a trigger shows it: text as it is, anything else as JSON.

    Source: campaign management reference 2.5 (observed: an expression array as a JSON string).
    """
    return value if isinstance(value, str) else orjson.dumps(value).decode()
