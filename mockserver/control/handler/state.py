"""The entities of a sandbox, shown and put. Knows the state's form.

A large state takes seconds, and calls wait for the sandbox's lock on the event loop. So a state
that does not build on what is there is made aside, and only its coming is locked; what is added to
a state comes a few rows at a time.
"""

from __future__ import annotations

from dataclasses import replace
from threading import RLock
from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.sandboxes.import_state import add_state, put_state, read_state
from adsmock.mockserver.services.unified.state import MEMBER, check_rests, keep_rests, read_rests

_INVENTED = 10
"""Campaigns that each profile gets when the request names no number."""


def get(request: ControlRequest) -> Any:
    """Return every entity of every profile, and what the unified model alone says of some."""
    return read_state(request.sandbox) | read_rests(request.sandbox)


def put(request: ControlRequest) -> Any:
    """Replace the entities; nothing changes when one of them is refused."""
    sandbox = request.sandbox
    aside = _aside(sandbox)
    _check(request, replace=True)
    ids = put_state(aside, request.runtime.plans, request.body)
    keep_rests(aside, request.body)
    with sandbox.lock:
        _bring(aside, sandbox)
    return ids


def patch(request: ControlRequest) -> Any:
    """Add entities; nothing changes when one of them is refused."""
    sandbox = request.sandbox
    _check(request, replace=False)
    if _is_empty(sandbox):
        aside = _aside(sandbox)
        ids = put_state(aside, request.runtime.plans, request.body)
        keep_rests(aside, request.body)
        with sandbox.lock:
            if _is_empty(sandbox):  # no call came between
                _bring(aside, sandbox)
                return ids
    ids = add_state(sandbox, request.runtime.plans, request.body)
    with sandbox.lock:
        keep_rests(sandbox, request.body)
    return ids


def _check(request: ControlRequest, *, replace: bool) -> None:
    if MEMBER in request.body:  # else no model is compiled for nothing
        check_rests(
            request.sandbox,
            request.runtime.plans,
            request.runtime.models,
            request.body,
            replace=replace,
        )


def invent(request: ControlRequest) -> Any:
    """Add demo campaigns to the named profiles, to all when none is named."""
    sandbox, plans = request.sandbox, request.runtime.plans
    wanted = (request.body or {}).get("profiles") or list(sandbox.profiles)
    size = (request.body or {}).get("campaigns", _INVENTED)
    for place, profile_id in enumerate(wanted):
        if profile_id not in sandbox.profiles:
            raise SetupError(f"no profile {profile_id} here", pointer=f"/profiles/{place}")
        brand_name(sandbox, sandbox.profiles[profile_id])  # before the lock: it may load Faker
    found: dict[str, Any] = {"profiles": {}}
    with sandbox.lock:
        for profile_id in wanted:
            made = add_demo_data(sandbox, plans, sandbox.profiles[profile_id], size)
            found["profiles"] |= made["profiles"]
    return found


def _is_empty(sandbox: Sandbox) -> bool:
    return not any(len(table) for table in sandbox.store.tables().values())


def _aside(sandbox: Sandbox) -> Sandbox:
    """Return the sandbox with a store and numbers of its own, which nobody else sees."""
    with sandbox.lock:
        store = Store()
        store.resume(sandbox.store.seq)
        return replace(sandbox, store=store, mint=sandbox.mint.fork(), lock=RLock())


def _bring(aside: Sandbox, sandbox: Sandbox) -> None:
    """Put the store made aside in its place; ids given meanwhile are not given again."""
    meanwhile, made = sandbox.mint.counts(), aside.mint.counts()
    kinds = meanwhile | made
    sandbox.mint.resume({kind: max(meanwhile.get(kind, 0), made.get(kind, 0)) for kind in kinds})
    aside.store.resume(max(aside.store.seq, sandbox.store.seq))
    sandbox.store = aside.store
