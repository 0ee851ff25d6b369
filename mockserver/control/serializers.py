"""Values of the mock as JSON: journal entries, sandboxes, jobs and clocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.marketing_cloud.account import account_id, instances_of
from adsmock.mockserver.services.sandboxes.identities import company_name

_LONG_NUMBER = re.compile(rb"[0-9][0-9.]{17,}")


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return a journal entry; its bodies are parsed only here.

    ``t*`` are the server's monotonic seconds, ``c*`` the sandbox's seconds since 1970.
    ``inexact`` is only there when ``inexact_numbers`` finds some, ``nextToken`` only for a list
    that is too long for the journal; ``refusal``, ``failedItems``, ``rows`` and ``replyHeaders``
    only if the entry has them.
    """
    more: dict[str, Any] = {}
    if inexact := inexact_numbers(entry.request):
        more["inexact"] = inexact
    if entry.next_token is not None:
        more["nextToken"] = entry.next_token
    if entry.refusal is not None:
        more["refusal"] = entry.refusal
    if entry.failed_items is not None:
        more["failedItems"] = entry.failed_items
    if entry.rows is not None:
        more["rows"] = entry.rows
    if entry.reply_headers is not None:
        more["replyHeaders"] = entry.reply_headers
    row = {
        "seq": entry.seq,
        "sandbox": entry.sandbox,
        "via": entry.via,
        "region": entry.region,
        "host": entry.host,
        "port": entry.port,
        "tls": entry.tls,
        "connection": entry.connection,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "route": entry.route,
        "operation": entry.operation,
        "generic": entry.generic,
        "clientId": entry.client_id,
        "profileId": entry.profile_id,
        "token": entry.token,
        "tokenState": entry.token_state,
        "headers": entry.headers or {},
        "chain": entry.chain,
        "attempt": entry.attempt,
        "items": entry.items,
        "requestBytes": entry.request_bytes,
        "request": value_of(entry.request),
        "fault": entry.fault,
        "status": entry.status,
        "replyBytes": entry.reply_bytes,
        "retryAfter": entry.retry_after,
        "reply": value_of(entry.reply),
        "committed": entry.committed,
        "ended": entry.ended,
        "tArrive": entry.t_arrive,
        "tSend": entry.t_send,
        "tEnd": entry.t_end,
        "cArrive": entry.c_arrive,
        "cSend": entry.c_send,
        "cEnd": entry.c_end,
        "lagMs": entry.lag * 1000,
        "requestId": entry.request_id,
    }
    return row | more


def entry_summary(entry: Entry) -> dict[str, Any]:
    """Return what a list shows of a call: no headers or bodies; members without a value are absent.

    ``ms`` is the time from the first byte received to the last byte sent, in machine milliseconds.
    """
    row = {
        "seq": entry.seq,
        "method": entry.method,
        "path": entry.path,
        "operation": entry.operation,
        "region": entry.region,
        "profileId": entry.profile_id,
        "chain": entry.chain,
        "items": entry.items,
        "failedItems": entry.failed_items,
        "status": entry.status,
        "retryAfter": entry.retry_after,
        "fault": entry.fault.get("id") if entry.fault else None,
        "refusal": entry.refusal["kind"] if entry.refusal else None,
        "ended": entry.ended,
        "cArrive": entry.c_arrive,
        "ms": round((entry.t_end - entry.t_arrive) * 1000, 3) if entry.t_end else None,
    }
    return {name: value for name, value in row.items() if value is not None}


def entry_json(entry: Entry) -> bytes:
    """Return a journal entry as JSON text.

    An entry that cannot be written loses its bodies and headers, so that it hides no other one.
    """
    try:
        return orjson.dumps(entry_row(entry))
    except (TypeError, ValueError, RecursionError):
        return orjson.dumps(entry_row(replace(entry, request=None, reply=None, headers=None)))


def inexact_numbers(body: Any) -> dict[str, str]:
    """Return the decimals of a recorded body that a parser rounds, by JSON pointer, as written.

    ``10.0999999999999996447`` becomes 10.1 when it is parsed. Only a number with more digits than a
    double distinguishes can be one, so other bodies are not parsed again.
    """
    if not isinstance(body, bytes) or not _LONG_NUMBER.search(body):
        return {}
    try:
        parsed = json.loads(body, parse_float=_Written)
    except (ValueError, RecursionError):
        return {}
    return dict(_rounded(parsed, ""))


class _Written(str):
    """A decimal as it is written in JSON."""

    __slots__ = ()


def _rounded(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Written):
        if Decimal(value) != Decimal(repr(float(value))):
            yield pointer, str(value)
        return
    members: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for name, member in members:
        yield from _rounded(member, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")


def described_operations(contract_set: ContractSet) -> list[dict[str, str]]:
    """Return the operations that are served from OpenAPI documents."""
    return [
        {
            "operation": operation.id,
            "method": operation.method,
            "path": operation.path,
            "document": contract.document,
        }
        for contract in contract_set.by_name.values()
        if contract.shape == "generic"
        for operation in contract.operations
    ]


def value_of(body: Any) -> Any:
    """Return a recorded body: its JSON value, else its text, else its size."""
    if not isinstance(body, bytes):
        return body
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are not text"


def clock_row(sandbox: Sandbox) -> dict[str, Any]:
    """Return a sandbox's time, clock mode and rate."""
    clock = sandbox.clock
    now = clock.now()
    return {"mode": clock.mode, "now": format_utc(now), "nowSeconds": now, "rate": clock.rate}


def profile_row(sandbox: Sandbox, profile: Profile) -> dict[str, Any]:
    """Return one advertiser."""
    return {
        "profileId": profile.id,
        "region": profile.region,
        "countryCode": profile.country,
        "currencyCode": profile.currency,
        "timezone": profile.timezone,
        "type": profile.kind,
        "name": company_name(sandbox, profile),
        "marketingCloud": {
            "advertiserId": account_id(sandbox, profile),
            "marketplaceId": profile.marketplace_id,
            "instanceId": instances_of(sandbox, profile)[0].id,
        },
    }


def sandbox_row(sandbox: Sandbox, urls: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return everything that a client needs to use a sandbox, and its counts."""
    credentials = sandbox.credentials
    return {
        "id": sandbox.id,
        "seed": sandbox.seed,
        "client": {
            "clientId": credentials.client_id,
            "clientSecret": credentials.client_secret,
            "refreshToken": credentials.refresh_token,
        },
        "profiles": [profile_row(sandbox, each) for each in sandbox.profiles.values()],
        "clock": clock_row(sandbox),
        "urls": urls,
        "journal": {
            "mode": sandbox.journal.mode,
            "entries": len(sandbox.journal),
            "dropped": sandbox.journal.dropped,
        },
        "tokenLifetime": sandbox.tokens.lifetime,
        "choices": dict(sandbox.choices),
        "stateDigest": sandbox.state_digest,
        "faults": len(sandbox.faults),
        "entities": sum(len(table) for table in sandbox.store.tables().values()),
        "jobs": len(sandbox.jobs),
    }


def listed_sandbox(sandbox: Sandbox, urls: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return a sandbox as a list shows it: without secrets, with its last call."""
    row = sandbox_row(sandbox, urls)
    row["client"] = {"clientId": row["client"]["clientId"]}
    return row | {"lastCall": _last_call(sandbox)}


def sandbox_summary(sandbox: Sandbox) -> dict[str, Any]:
    """Return the counts of a sandbox and its last call: what changes from call to call."""
    return {
        "id": sandbox.id,
        "entries": len(sandbox.journal),
        "faults": len(sandbox.faults),
        "entities": sum(len(table) for table in sandbox.store.tables().values()),
        "jobs": len(sandbox.jobs),
        "lastCall": _last_call(sandbox),
    }


def _last_call(sandbox: Sandbox) -> dict[str, Any] | None:
    """Return the newest call that the journal keeps, with its time on the sandbox's clock."""
    entry = sandbox.journal.latest
    if entry is None:
        return None
    return {
        "seq": entry.seq,
        "at": format_utc(entry.c_arrive),
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
    }


def job_row(job: Job, now: float) -> dict[str, Any]:
    """Return a job with its stage at ``now`` (sandbox seconds)."""
    stage = job.stage(now)
    return {
        "jobId": job.id,
        "kind": job.kind,
        "profileId": job.profile_id,
        "stage": stage,
        "created": format_utc(job.created),
        "due": format_utc(job.due),
        "ended": None if stage == "running" else format_utc(job.ended(now)),
        "isStuck": job.is_stuck,
        "error": job.error,
        "urls": job.urls,
    }
