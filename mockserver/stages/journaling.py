"""Journal entries of calls. Secrets are hashed here, before anything is kept."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from adsmock.contracts.model import Contract
from adsmock.mockserver.core.call import Call, Reply
from adsmock.mockserver.core.caller import Caller, Place
from adsmock.mockserver.core.journal import REPLY_KEPT_BYTES, Entry, Journal, fingerprint
from adsmock.mockserver.services.validation.request_body import is_readable

_KEPT_HEADERS = ("accept", "accept-encoding", "content-type", "prefer", "user-agent")
_SECRETS = frozenset({"access_token", "client_secret", "code", "refresh_token"})
_SCHEME = re.compile("bearer ", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"(bearer )?(Atz[ar]\||amzn1\.oa2-cs\.)", re.IGNORECASE)
"""How tokens and client secrets of Login with Amazon begin (observed)."""
_FINGERPRINT = re.compile("tok-[0-9a-f]{12}")


def open_entry(call: Call, place: Place, caller: Caller, journal: Journal, now: float) -> Entry:
    """Return the entry of a call that has just arrived, already in its journal."""
    sandbox = caller.sandbox
    # Setting members one by one takes half the time of keyword arguments (measured).
    entry = Entry(call.method, place.path, call.arrived)
    entry.connection = call.connection
    if sandbox is not None:
        entry.sandbox, entry.connection = sandbox.id, sandbox.connection(call.connection)
    entry.via = place.via if caller.via == "none" and place.via != "none" else caller.via
    entry.region, entry.host = place.region, call.host
    entry.port, entry.tls = call.endpoint.port, call.endpoint.tls
    if call.query:
        entry.query = _without_secrets(call.query)
    entry.client_id, entry.profile_id = caller.client_id, caller.scope
    entry.token, entry.token_state = caller.token_name, caller.token_state
    entry.request_bytes = len(call.body)
    entry.c_arrive = entry.c_send = now
    if journal.mode == "full":
        headers = call.headers
        entry.headers = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
    journal.open(entry)
    return entry


def kept_body(call: Call, caller: Caller, body: Any) -> Any:
    """Return what the journal keeps of a body: its bytes, or a form with hashed secrets.

    The parsed body is not kept, because the service may change it.
    """
    if caller.form:
        return _hashed(caller.form)
    if isinstance(body, dict) and not _SECRETS.isdisjoint(body):
        return _hashed(body)
    if caller.file or not is_readable(body):
        return caller.file or None
    return call.body if call.body.strip() else b"{}"


def note_reply(entry: Entry, reply: Reply, *, full: bool, secret: bool) -> None:
    """Record the reply; the members of ``secret`` replies, which contain tokens, are hashed."""
    entry.status = reply.status
    entry.committed = reply.committed
    entry.retry_after = reply.headers.get("Retry-After")
    if full and len(reply.body) <= REPLY_KEPT_BYTES and "json" in reply.content_type:
        entry.reply = _hashed_json(reply.body) if secret else reply.body


def chain_of(entry: Entry, route: str, body: Any) -> str:
    """Return the name of the logical request: method, route, query, canonical body, scope."""
    canonical = orjson.dumps(body, option=orjson.OPT_SORT_KEYS) if is_readable(body) else b"?"
    query = _FINGERPRINT.sub("", entry.query)  # the same request with a new token keeps its name
    head = f"{entry.method} {route}?{query} {entry.profile_id} ".encode()
    return blake2b(head + canonical, digest_size=8).hexdigest()


def count_items(contract: Contract, body: Any) -> int | None:
    """Return the number of items or ids of a batch, None if the body is no batch."""
    if not isinstance(body, dict) or not contract.envelope:
        return len(body) if isinstance(body, list) else None
    items = body.get(contract.envelope)
    if items is None and contract.identity is not None:
        selector = body.get(contract.identity.selector)
        items = selector.get("include") if isinstance(selector, dict) else selector
    return len(items) if isinstance(items, list) else None


def _without_secrets(query: str) -> str:
    """Return a query with every secret hashed."""
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(_is_secret(name, value) for name, value in pairs):
        return query
    return urlencode(
        [
            (name, fingerprint(_SCHEME.sub("", value)) if _is_secret(name, value) else value)
            for name, value in pairs
        ]
    )


def _is_secret(name: str, value: str) -> bool:
    return bool(value) and (name in _SECRETS or _SECRET_VALUE.match(value) is not None)


def _hashed(form: dict[str, Any]) -> dict[str, Any]:
    return {
        name: fingerprint(str(value)) if name in _SECRETS else value for name, value in form.items()
    }


def _hashed_json(raw: bytes) -> bytes:
    value = orjson.loads(raw)
    return orjson.dumps(_hashed(value)) if isinstance(value, dict) else b"{}"
