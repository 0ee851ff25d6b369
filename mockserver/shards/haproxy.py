"""The configuration of HAProxy: which shard a call belongs to, by what the call itself carries.

Clues are tried in this order: a download signature, the client id (the access key id of SQS and
SNS), an access or refresh token, a token of SNS, the scope, a sandbox id in path or host.
``stages/shard.py`` reads them in the same order. A call without a clue goes to a shard by its hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from adsmock.mockserver.core.shard import CLIENT_PREFIX, DIGITS
from adsmock.mockserver.edge.addresses import AWS, STORAGE

MAPS = ("shards", "clients", "profiles", "sandboxes")
"""Maps from a name to its shard: shards, client ids that were not minted, profiles, sandboxes."""

_MAC_BYTES = 12
"""Bytes before the shard's name in a signed string."""

_GLOBAL = """\
global
    maxconn 8192
    # Above the limits of the shards, so that these answer in the words of the API.
    tune.bufsize 98304
    tune.http.maxhdr 256
    stats socket {folder}/admin.sock mode 600 level admin

defaults
    mode http
    timeout connect 5s
    timeout client 5m
    timeout server 5m
    timeout http-request 60s
    timeout http-keep-alive 60s
    option http-no-delay
    option abortonclose
    # A planned fault reaches the client once: no call is repeated, none goes to another shard.
    retries 0
    no option redispatch
    # A shard that breaks the connection breaks it for the client too.
    errorfile 502 /dev/null
    errorfile 503 {folder}/503.http
"""

UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    b"Cache-Control: no-store\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
    b'{"code":"503","details":"The shard of this sandbox is starting: try again"}'
)
"""The reply for calls of a shard that does not answer."""

_FOUND = "{ var(txn.shard) -m found }"
_TOKEN_CALL = "{ path -m end /auth/o2/token }"
_AWS_HEADER = '{ req.fhdr(authorization) -m beg "AWS4-HMAC-SHA256 Credential=" }'
_AWS_QUERY = "{ url_param(X-Amz-Credential) -m found }"
_CONFIRMS = "{ url_param(Action) ConfirmSubscription }"
_BASIC = "{ req.fhdr(authorization) -m beg -i basic }"


def configuration(
    folder: Path,
    binds: Mapping[str, Sequence[str]],
    shards: Mapping[str, Mapping[str, str]],
) -> str:
    """Return the text of the configuration.

    Args:
        folder: where maps, socket and error file are.
        binds: addresses that each endpoint listens on, in HAProxy's notation.
        shards: host and port of each endpoint, by the name of the shard.
    """
    parts = [_GLOBAL.format(folder=folder)]
    for endpoint, addresses in binds.items():
        parts.append(_frontend(endpoint, addresses, folder))
        parts.append(_backend(endpoint, shards))
    return "\n".join(parts)


def _frontend(endpoint: str, addresses: Sequence[str], folder: Path) -> str:
    lines = [f"frontend {endpoint}", *(f"    bind {each}" for each in addresses)]
    lines += [f"    http-request {rule}" for rule in _rules(endpoint, folder)]
    return "\n".join([*lines, f"    default_backend to-{endpoint}", ""])


def _backend(endpoint: str, shards: Mapping[str, Mapping[str, str]]) -> str:
    lines = [
        f"backend to-{endpoint}",
        "    balance hash var(txn.key)",
        "    hash-type consistent",
        f"    use-server %[var(txn.shard)] if {_FOUND}",
        *(f"    server {name} {where[endpoint]}" for name, where in shards.items()),
    ]
    return "\n".join([*lines, ""])


def _rules(endpoint: str, folder: Path) -> Iterable[str]:
    """Yield the actions that find the shard; the first clue that names one decides."""

    def mapped(name: str) -> str:
        return f"map_str({folder}/{name}.map)"

    in_signed = f"ub64dec,bytes({_MAC_BYTES},{DIGITS}),{mapped('shards')}"
    is_file = "" if endpoint == STORAGE else " if { path_sub /_storage/ }"
    yield f"set-var(txn.shard) url_param(X-Amz-Signature),{in_signed}{is_file}"
    yield from _client_id()
    client = "var(txn.client)"
    yield f"set-var(txn.shard) {client},{mapped('clients')} if !{_FOUND}"
    is_minted = f"{{ {client} -m beg {CLIENT_PREFIX} }}"
    minted = f"{client},bytes({len(CLIENT_PREFIX)},{DIGITS}),{mapped('shards')}"
    yield f"set-var(txn.shard) {minted} if {is_minted} !{_FOUND}"
    access = f"req.fhdr(authorization),field(2,|),{in_signed}"
    yield f"set-var(txn.shard) {access} if !{_FOUND}"
    for refresh in ("req.body_param(refresh_token),url_dec", _json("refresh_token")):
        clue = f"{refresh},field(2,|),{in_signed}"
        yield f"set-var(txn.shard) {clue} if {_TOKEN_CALL} !{_FOUND}"
    yield from _sns_token(endpoint, in_signed)
    scope = f"req.fhdr(amazon-advertising-api-scope),{mapped('profiles')}"
    yield f"set-var(txn.shard) {scope} if !{_FOUND}"
    by_path = f"path,field(3,/),{mapped('sandboxes')}"
    yield f"set-var(txn.shard) {by_path} if {{ path_beg /_s/ }} !{_FOUND}"
    yield f"set-var(txn.shard) req.fhdr(host),field(1,.),{mapped('sandboxes')} if !{_FOUND}"
    yield "set-var(txn.key) str(none)"
    yield f"set-var(txn.key) {client} if {{ {client} -m found }}"


def _client_id() -> Iterable[str]:
    """Yield the actions that read the client id; the later source wins, as in the mock."""
    yield "set-var(txn.client) req.fhdr(amazon-ads-clientid)"
    yield "set-var(txn.client) req.fhdr(amazon-advertising-api-clientid)"
    yield f"wait-for-body time 30s if METH_POST {_TOKEN_CALL}"
    yield f"set-var(txn.client) {_json('client_id')} if {_TOKEN_CALL}"
    yield f"set-var(txn.client) req.body_param(client_id),url_dec if {_TOKEN_CALL}"
    yield f"set-var(txn.client) url_param(X-Amz-Credential),url_dec,field(1,/) if {_AWS_QUERY}"
    yield f"set-var(txn.client) req.fhdr(authorization),field(2,=),field(1,/) if {_AWS_HEADER}"
    basic = 'req.fhdr(authorization),field(2," "),b64dec,field(1,:)'
    yield f"set-var(txn.client) {basic} if {_TOKEN_CALL} {_BASIC}"


def _sns_token(endpoint: str, in_signed: str) -> Iterable[str]:
    """Yield the actions that read a confirmation: a URL, or a form signed with an unknown key."""
    yield f"set-var(txn.shard) url_param(Token),{in_signed} if {_CONFIRMS} !{_FOUND}"
    if endpoint == AWS:
        yield f"wait-for-body time 30s if METH_POST !{_FOUND}"
        token = "req.body_param(Token),url_dec"
        yield f"set-var(txn.shard) {token},{in_signed} if METH_POST !{_FOUND}"


def _json(member: str) -> str:
    return f"req.body,json_query('$.{member}')"
