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
from adsmock.mockserver.core.turns import free_in_slices
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.sandboxes.import_state import (
    Readers,
    add_state,
    pause,
    put_state,
    readers,
    write_state,
)
from adsmock.mockserver.services.sandboxes.state_digest import digest_of
from adsmock.mockserver.services.unified.state import (
    MEMBER,
    check_extra_fields,
    keep_extra_fields,
    read_extra_fields,
)
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources

_LARGEST, _OTHERS = 350, 40
"""Campaigns of the first profile and of the others if the request has no number."""
_SLICE = 4
"""Campaigns that are added while calls wait: some milliseconds."""


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
        former = sandbox.store.all()
        _swap_in(copy, sandbox)
        sandbox.state_digest = digest
    free_in_slices(former)
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
    size = (request.body or {}).get("campaigns")
    for place, profile_id in enumerate(wanted):
        if profile_id not in sandbox.profiles:
            at = f"/profiles/{place}"
            raise UnknownName("profile", profile_id, sandbox.profiles, status=400, pointer=at)
        brand_name(sandbox, sandbox.profiles[profile_id])  # before the lock: it may load Faker
    first, known = next(iter(sandbox.profiles)), readers(resources)
    sizes = {each: size or (_LARGEST if each == first else _OTHERS) for each in wanted}
    return {
        "profiles": {
            each: _invented(sandbox, resources, each, count, known) for each, count in sizes.items()
        }
    }


def _invented(
    sandbox: Sandbox, resources: CompiledResources, profile_id: str, size: int, known: Readers
) -> dict[str, list[Any]]:
    """Add demo data a few campaigns at a time, and return the ids by resource."""
    ids: dict[str, list[Any]] = {}
    for begin in range(0, size, _SLICE):
        with sandbox.lock:
            profile, count = sandbox.profiles[profile_id], min(_SLICE, size - begin)
            made = add_demo_data(sandbox, resources, profile, count, known)
        for resource, found in made["profiles"][profile_id].items():
            ids.setdefault(resource, []).extend(found)
        pause()
    return ids


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
