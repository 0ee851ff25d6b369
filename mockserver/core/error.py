"""What a step of the pipeline raises when it refuses a call.

ApiError            the call is refused, rendered in the dialect of its family
└─ Injected         the refusal is a planned fault, not the mock's own decision
SetupError          a control-plane request that cannot be carried out (pointer, detail)
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal of the whole call.

    ``kind`` names a row of the dialect (``unauthorized``, ``scopeMissing``, ``throttled`` …),
    which gives code and text; ``code`` and ``message`` override them, ``values`` fill blanks.
    ``rule`` is what the journal says of the rule that refused the call, such as its quota.
    """

    def __init__(
        self,
        kind: str,
        status: int,
        *,
        code: str | None = None,
        message: str | None = None,
        dialect: str | None = None,
        headers: dict[str, str] | None = None,
        values: dict[str, Any] | None = None,
        errors: list[dict[str, Any]] | None = None,
        rule: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message or kind)
        self.kind = kind
        self.status = status
        self.code = code
        self.message = message
        self.dialect = dialect
        self.headers = headers or {}
        self.values = values or {}
        self.errors = errors
        self.rule = rule or {}


class Injected(ApiError):
    """A refusal that a fault rule planned; ``body`` replaces the family's own."""

    def __init__(self, kind: str, status: int, *, body: bytes | None = None, **rest: Any) -> None:
        super().__init__(kind, status, **rest)
        self.body = body


class StorageFull(Exception):
    """The data directory cannot record a change; the text says why and what to do."""


class SetupError(Exception):
    """A control-plane request that cannot be carried out."""

    def __init__(self, detail: str, *, pointer: str = "", status: int = 400) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer
        self.status = status
