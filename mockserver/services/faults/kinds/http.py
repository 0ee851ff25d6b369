"""Fault kind ``http``: refuse the call with a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.core.effect import Point, RefusalContext, setting
from adsmock.mockserver.core.error import Injected, SetupError
from adsmock.mockserver.services.faults.refusal import BodyRefusal, Refusal

FAMILY = "family"
"""The dialect of the operation's own family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(BodyRefusal):
    """A refusal in the words of the operation's family or of another dialect."""

    kind = "http"
    points: ClassVar[tuple[Point, ...]] = ("before", "after_commit")
    summary = (
        "Refuses the call with a status, in the wording of the family or of another dialect "
        "(`details`, `reporting`, `gateway-throttle`, `legacy`)."
    )
    required: ClassVar[tuple[str, ...]] = ("status",)

    dialect: str = setting(
        "dialect",
        {
            "type": "string",
            "description": "Whose wording to use; `family` is the operation's own.",
            "maxLength": 40,
        },
        default=FAMILY,
    )
    message: str | None = setting(
        "message",
        {
            "type": ["string", "null"],
            "description": "Text in place of the family's own.",
            "maxLength": 10000,
        },
    )

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check the status and the name of the dialect."""
        Refusal.check(given, contract_set)
        dialect, known = given.get("dialect", FAMILY), (FAMILY, *sorted(contract_set.dialects))
        if dialect not in known:
            raise SetupError(
                f'unknown dialect "{dialect}": {did_you_mean(dialect, known)}',
                pointer="/effect/dialect",
            )

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Return the refusal."""
        return self.injected(
            context,
            body=self.body,
            message=self.message,
            dialect=None if self.dialect == FAMILY else self.dialect,
            retry_after=self.retry_after,
        )
