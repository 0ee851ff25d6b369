"""Handlers: the functions that serve a room's operations, imported at their first call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from adsmock.mockserver.core.outcome import Result
    from adsmock.mockserver.services.request_context import RequestContext

    Serve = Callable[[RequestContext], Result]

ANY_VERB: Final = "*"
"""The verb of a handler that serves every verb of its shape."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A function by its path below ``services``, such as ``budgets.rules.create``.

    ``commits`` says that a successful call changes the sandbox.
    """

    path: str
    commits: bool = False

    def load(self) -> Serve:
        """Import the function and return it."""
        module, _, name = self.path.rpartition(".")
        serve: Serve = getattr(import_module(f"adsmock.mockserver.services.{module}"), name)
        return serve


Handlers = Mapping[tuple[str, str], Handler]
"""The handlers of a room, by the shape of the contract and the verb of the operation."""
