"""Journal entries of calls. Secrets are replaced here, before anything is kept."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

import orjson

from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.core.call import Call, Reply
from adsmock.mockserver.core.caller import Caller, Place
from adsmock.mockserver.core.journal import REPLY_KEPT_BYTES, REQUEST_KEPT_BYTES, Entry
from adsmock.mockserver.core.redaction import (
    SECRET_HEADERS,
    SECRET_NAMES,
    Redactor,
    fingerprint,
    signature_name,
)
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.validation.request_body import is_readable

_SECRETS = SECRET_NAMES | {"code"}
"""Members of forms and parameters of queries that carry a secret."""
_READS_ANY = frozenset({"aws", "file", "generic"})
"""Shapes of contracts that do not name every parameter that they read."""
_SIGNATURE = "x-amz-signature"
_SCHEME = re.compile("bearer ", re.IGNORECASE)
_SCHEMES = frozenset({"basic", "bearer", "digest"})
_SECRET_HEADER = re.compile(
    "auth|token|secret|passw|cookie|api-?key|session|credential|signature", re.IGNORECASE
)
_END_BYTES = 4096
_TOKEN_AT_END = re.compile(rb'"nextToken":("(?:[^"\\]|\\.)*")[^\[\]{}]*\}\s*$')
"""The page token after the last entity of a list."""
_FINGERPRINT = re.compile("tok-[0-9a-f]{12}")


def open_entry(call: Call, place: Place, caller: Caller, home: Sandbox, now: float) -> Entry:
    """Return the entry of a call that has just arrived, already in the journal of ``home``.

    ``home`` is the caller's sandbox, or the one of calls that belong to none.
    """
    journal, redactor = home.journal, home.redactor
    sandbox = caller.sandbox
    if caller.token_state != "valid":
        _learn(call, caller, redactor)
    # Setting members one by one takes half the time of keyword arguments (measured).
    entry = Entry(call.method, redactor.text(place.path), call.arrived)
    entry.connection = call.connection
    if sandbox is not None:
        entry.sandbox, entry.connection = sandbox.id, sandbox.connection(call.connection)
    entry.via = place.via if caller.via == "none" and place.via != "none" else caller.via
    entry.region, entry.host = place.region, redactor.text(call.host)
    entry.port, entry.tls = call.endpoint.port, call.endpoint.tls
    if call.query:
        entry.query = _without_secrets(call.query, redactor)
    entry.client_id, entry.profile_id = caller.client_id, caller.scope
    if sandbox is None or caller.client_id != sandbox.credentials.client_id:
        entry.client_id = redactor.text(caller.client_id) if caller.client_id else None
    if caller.scope and (sandbox is None or caller.scope not in sandbox.profiles):
        entry.profile_id = redactor.text(caller.scope)
    entry.token, entry.token_state = caller.token_name, caller.token_state
    entry.request_bytes = len(call.body)
    entry.c_arrive = entry.c_send = now
    if journal.mode == "full":
        entry.headers = kept_headers(call.headers, redactor)
    journal.open(entry)
    return entry


def kept_headers(headers: dict[str, str], redactor: Redactor) -> dict[str, str]:
    """Return headers without secrets: values of names that carry one are fingerprints."""
    kept = {
        name: _without_words(text) if _carries_secret(name) else text
        for name, text in headers.items()
    }
    whole = "\n".join((*kept, *kept.values()))
    if redactor.text(whole) == whole:  # nearly always: one search for all headers
        return kept
    return {redactor.text(name): redactor.text(text) for name, text in kept.items()}


@lru_cache(maxsize=1_024)
def _carries_secret(name: str) -> bool:
    return bool(_SECRET_HEADER.search(name))


def _without_words(text: str) -> str:
    """Return a secret value as fingerprints of its words; the name of a scheme stays."""
    return " ".join(
        word if word.lower() in _SCHEMES else fingerprint(word) for word in text.split()
    )


def _learn(call: Call, caller: Caller, redactor: Redactor) -> None:
    """Remember the secrets of a call, whatever form they have."""
    redactor.learn(caller.token)
    for name, value in caller.form.items():
        if name.lower() in _SECRETS:
            redactor.learn(value)
    for name in SECRET_HEADERS:
        for word in call.headers.get(name, "").split():
            redactor.learn(word)


def kept_body(call: Call, caller: Caller, body: Any, redactor: Redactor) -> Any:
    """Return what the journal keeps of a body: its bytes, or its JSON value without secrets.

    The parsed body is not kept, because the service may change it. Of a body above
    ``REQUEST_KEPT_BYTES`` only the size is.
    """
    if len(call.body) > REQUEST_KEPT_BYTES:
        return None
    if caller.form:
        return _redacted(caller.form, redactor)
    if isinstance(body, dict) and ("code" in body or caller.aws is not None):
        return _redacted(body, redactor)
    if caller.file or not is_readable(body):
        return caller.file or None
    if redactor.needs_redaction(call.body):
        return redactor.value(body)
    return call.body if call.body.strip() else b"{}"


def named_body(entry: Entry, caller: Caller, body: Any, raw: bytes) -> Any:
    """Return the body that names the logical request: what the journal keeps of it.

    A form keeps its own name, because its hashed secrets are not part of what is kept elsewhere.
    A body that is not kept is named by its bytes.
    """
    if len(raw) > REQUEST_KEPT_BYTES:
        return blake2b(raw, digest_size=8).hexdigest()
    kept = entry.request
    return kept if isinstance(kept, dict | list) and not caller.form else body


def note_reply(entry: Entry, reply: Reply, redactor: Redactor, *, full: bool, secret: bool) -> None:
    """Record the reply; the members of ``secret`` replies, which contain tokens, are hashed."""
    entry.status = reply.status
    entry.committed = reply.committed
    entry.failed_items, entry.rows = reply.failed_items, reply.rows
    entry.retry_after = reply.headers.get("Retry-After")
    if not full:
        return
    sent = {"Content-Type": reply.content_type} if reply.content_type else {}
    entry.reply_headers = kept_headers(sent | reply.all_headers(), redactor)
    body = reply.kept or reply.body
    if not reply.kept and not _is_json(entry, reply):
        return
    if len(body) <= REPLY_KEPT_BYTES:
        entry.reply = _redacted_json(body, redactor) if secret else redactor.raw(body)
    elif (entry.operation or "").endswith(".list"):
        entry.next_token = _page_token(reply.body)


def _is_json(entry: Entry, reply: Reply) -> bool:
    """Say whether a reply is JSON; Marketing Cloud names some of its documents octet-stream."""
    is_file = (entry.operation or "").startswith("storage.")
    return "json" in reply.content_type or (
        not is_file and reply.body.startswith(b"{") and "octet-stream" in reply.content_type
    )


def _page_token(body: bytes) -> str:
    """Return the page token, which follows the entities of a list; empty on the last page."""
    found = _TOKEN_AT_END.search(body, max(0, len(body) - _END_BYTES))
    return str(orjson.loads(found[1])) if found else ""


def chain_of(
    entry: Entry, operation: Operation | None, contract: Contract | None, body: Any
) -> str:
    """Return the name of the logical request: method, route, query, canonical body, scope.

    Of the query, only parameters count that the operation reads.
    """
    canonical = orjson.dumps(body, option=orjson.OPT_SORT_KEYS) if is_readable(body) else b"?"
    query = _query_that_counts(entry.query, operation, contract)
    query = _FINGERPRINT.sub("", query)  # the same request with a new token keeps its name
    head = f"{entry.method} {entry.route or entry.path}?{query} {entry.profile_id} ".encode()
    return blake2b(head + canonical, digest_size=8).hexdigest()


def _query_that_counts(query: str, operation: Operation | None, contract: Contract | None) -> str:
    """Return the parameters of a query that the operation reads.

    The service ignores the others: a number against caches or a request id, new in each attempt,
    makes no other request.
    """
    if not query or operation is None or contract is None or contract.shape in _READS_ANY:
        return query
    read = {row.name for row in operation.parameters} | {row.name for row in contract.filters}
    pairs = query.split("&")
    return "&".join(each for each in pairs if unquote_plus(each.partition("=")[0]) in read)


def count_items(contract: Contract, body: Any) -> int | None:
    """Return the number of items or ids of a batch, None if the body is no batch."""
    if not isinstance(body, dict) or not contract.envelope:
        return len(body) if isinstance(body, list) else None
    items = body.get(contract.envelope)
    if items is None and contract.identity is not None:
        selector = body.get(contract.identity.selector)
        items = selector.get("include") if isinstance(selector, dict) else selector
    return len(items) if isinstance(items, list) else None


def _without_secrets(query: str, redactor: Redactor) -> str:
    """Return a query with every secret replaced."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(redactor.text(name), _kept_value(name, value, redactor)) for name, value in pairs]
    return query if kept == pairs else urlencode(kept)


def _kept_value(name: str, value: str, redactor: Redactor) -> str:
    lower = name.lower()
    if not value:
        return value
    if lower in _SECRETS:
        secret = _SCHEME.sub("", value)
        redactor.learn(secret)
        return fingerprint(secret)
    if lower == _SIGNATURE:
        return signature_name(value)
    kept = redactor.text(value)
    return kept if kept == value else _SCHEME.sub("", kept)


def _redacted(form: dict[str, Any], redactor: Redactor) -> dict[str, Any]:
    """Return a form, or the body of a token request, without secrets."""
    return {
        name: fingerprint(str(value)) if name.lower() in _SECRETS else redactor.value(value)
        for name, value in form.items()
    }


def _redacted_json(raw: bytes, redactor: Redactor) -> bytes:
    value = orjson.loads(raw)
    return orjson.dumps(_redacted(value, redactor)) if isinstance(value, dict) else b"{}"
