"""One change of a plan, and the reason why there can be no plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


class ControlPlane(Protocol):
    """The control plane of a mock: ``Control`` or ``InProcessControl``."""

    def call(self, operation: str, /, data: Any = None, **names: object) -> Any:
        """Carry out an operation and return its reply."""


class Conflict(ValueError):
    """A difference that no change of a sandbox can remove; the text says what to do."""


Body = Callable[[ControlPlane], Any]
"""Makes a request body from what is known only when the change is made."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the control plane. ``text`` starts with ``+``, ``~`` or ``-``."""

    sandbox: str
    text: str
    operation: str
    body: Any = None
    names: dict[str, str] = field(default_factory=dict)
    make_body: Body | None = None

    def apply(self, control: ControlPlane) -> None:
        """Make the change.

        Raises:
            ControlError: the mock refused it or does not answer.
        """
        body = self.body if self.make_body is None else self.make_body(control)
        control.call(self.operation, body, sandbox=self.sandbox, **self.names)
