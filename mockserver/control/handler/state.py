"""The entities of a sandbox, shown and put. Knows the state's form.

The lock is held throughout: a state is taken and put as a whole, and calls see all or nothing.
"""

from __future__ import annotations

from typing import Any

from mockserver.control.ask import Ask
from mockserver.services.seed import put_state, read_state


def get(ask: Ask) -> Any:
    """Return every entity of every profile."""
    sandbox = ask.sandbox
    with sandbox.lock:
        return read_state(sandbox)


def put(ask: Ask) -> Any:
    """Replace the entities; nothing changes when one of them is refused."""
    return _put(ask, is_replacing=True)


def patch(ask: Ask) -> Any:
    """Add entities; nothing changes when one of them is refused."""
    return _put(ask, is_replacing=False)


def _put(ask: Ask, *, is_replacing: bool) -> Any:
    sandbox = ask.sandbox
    with sandbox.lock:
        return put_state(sandbox, ask.world.plans, ask.body, replace=is_replacing)
