"""The entities of a sandbox: show, replace, add, generate.

A large state takes seconds, and calls wait for the sandbox's lock on the event loop. So a new state
is built in a copy, and the lock is held only to swap it in. Additions are stored a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import RLock
from typing import Any

import orjson

from adsmock.mockserver.control.json_stream import in_pieces
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.sandboxes.import_state import add_state, put_state, write_state
from adsmock.mockserver.services.sandboxes.state_digest import digest_of
from adsmock.mockserver.services.unified.state import (
    MEMBER,
    check_extra_fields,
    keep_extra_fields,
    read_extra_fields,
)

_DEFAULT_CAMPAIGNS = 10
"""Campaigns for each profile if the request has no number."""


def get(request: ControlRequest) -> Any:
    """Return every entity of every profile, and the members that only the unified model has."""
    return ControlReply(in_pieces(_document(request.sandbox)))


def _document(sandbox: Sandbox) -> Iterator[bytes]:
    yield b"{"
    yield from write_state(sandbox)
    further = orjson.dumps(read_extra_fields(sandbox))[1:-1]
    yield b"," + further + b"}" if further else b"}"


def put(request: ControlRequest) -> Any:
    """Replace all entities; one refusal leaves everything unchanged."""
    sandbox = request.sandbox
    copy = _copy(sandbox)
    _check(request, replace=True)
    ids = put_state(copy, request.runtime.resources, request.body)
    keep_extra_fields(copy, request.body)
    digest = digest_of(request.body)
    with sandbox.lock:
        _swap_in(copy, sandbox)
        sandbox.state_digest = digest
    return ids


def patch(request: ControlRequest) -> Any:
    """Add entities; one refusal leaves everything unchanged."""
    sandbox = request.sandbox
    _check(request, replace=False)
    if _is_empty(sandbox):
        copy = _copy(sandbox)
        ids = put_state(copy, request.runtime.resources, request.body)
        keep_extra_fields(copy, request.body)
        with sandbox.lock:
            if _is_empty(sandbox):  # no call changed it meanwhile
                _swap_in(copy, sandbox)
                return ids
    ids = add_state(sandbox, request.runtime.resources, request.body)
    with sandbox.lock:
        keep_extra_fields(sandbox, request.body)
    return ids


def _check(request: ControlRequest, *, replace: bool) -> None:
    if MEMBER in request.body:  # else no model needs compiling
        check_extra_fields(
            request.sandbox,
            request.runtime.resources,
            request.runtime.models,
            request.body,
            replace=replace,
        )


def invent(request: ControlRequest) -> Any:
    """Add demo campaigns to the named profiles, by default to all."""
    sandbox, resources = request.sandbox, request.runtime.resources
    wanted = (request.body or {}).get("profiles") or list(sandbox.profiles)
    size = (request.body or {}).get("campaigns", _DEFAULT_CAMPAIGNS)
    for place, profile_id in enumerate(wanted):
        if profile_id not in sandbox.profiles:
            at = f"/profiles/{place}"
            raise UnknownName("profile", profile_id, sandbox.profiles, status=400, pointer=at)
        brand_name(sandbox, sandbox.profiles[profile_id])  # before the lock: it may load Faker
    found: dict[str, Any] = {"profiles": {}}
    with sandbox.lock:
        for profile_id in wanted:
            made = add_demo_data(sandbox, resources, sandbox.profiles[profile_id], size)
            found["profiles"] |= made["profiles"]
    return found


def _is_empty(sandbox: Sandbox) -> bool:
    return not any(len(table) for table in sandbox.store.tables().values())


def _copy(sandbox: Sandbox) -> Sandbox:
    """Return a copy of the sandbox with an empty store and its own id generator."""
    with sandbox.lock:
        store = Store()
        store.resume(sandbox.store.seq)
        return replace(sandbox, store=store, mint=sandbox.mint.fork(), lock=RLock())


def _swap_in(copy: Sandbox, sandbox: Sandbox) -> None:
    """Put the copy's store into the sandbox; ids minted meanwhile stay unique."""
    meanwhile, made = sandbox.mint.counts(), copy.mint.counts()
    kinds = meanwhile | made
    sandbox.mint.resume({kind: max(meanwhile.get(kind, 0), made.get(kind, 0)) for kind in kinds})
    copy.store.resume(max(copy.store.seq, sandbox.store.seq))
    sandbox.store = copy.store
