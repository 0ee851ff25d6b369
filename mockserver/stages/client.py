"""Attribution of a call to a sandbox, by credentials or by other names of a sandbox.

``auth`` decides about rights. The first match wins: bearer token, refresh token or client id,
scope, host or path, download signature. A call without a match goes to the orphan journal.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from urllib.parse import parse_qsl

from adsmock.mockserver.catalog.storage import EXPIRES, SIGNATURE, signed_path
from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.caller import Caller, Place
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.redaction import fingerprint
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Access, Sandboxes, generation_of
from adsmock.mockserver.services.stream.aws.signature import read_request
from adsmock.mockserver.services.validation.request_body import parse

CLIENT_HEADERS = ("amazon-advertising-api-clientid", "amazon-ads-clientid")
SCOPE_HEADER = "amazon-advertising-api-scope"
TOKEN_PATH = "/auth/o2/token"

MAX_FORM_BYTES = 16_384
"""Size of a token request that is read. Ours: six members of some hundred bytes need less."""

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def resolve_client(call: Call, sandboxes: Sandboxes, place: Place) -> Caller:
    """Return who sent ``call``, as far as it is known."""
    sandbox_id = place.sandbox_id
    if place.is_storage:
        return _by_signature(call, sandboxes)
    if place.is_aws:
        return _by_access_key(call, sandboxes, place)
    if place.path == TOKEN_PATH:
        return _by_form(call, sandboxes, sandbox_id)
    headers = call.headers
    client_id = headers.get(CLIENT_HEADERS[0]) or headers.get(CLIENT_HEADERS[1])
    scope = headers.get(SCOPE_HEADER)
    caller = Caller(None, "none", client_id=client_id, scope=scope)
    authorization = headers.get("authorization")
    if authorization is not None:
        _read_token(caller, authorization, sandboxes)
    if caller.sandbox is None:
        _attribute(caller, sandboxes, sandbox_id)
    return caller


def _read_token(caller: Caller, authorization: str, sandboxes: Sandboxes) -> None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        caller.token_state = "malformed" if not token else "unknown"
        return
    caller.token, caller.token_state = token.strip(), "unknown"
    access = sandboxes.open_token(caller.token)
    if access is None:
        caller.token_name = fingerprint(caller.token) if caller.token else None
        return
    caller.token_name = access.name
    sandbox = sandboxes.get(access.sandbox)
    if sandbox is not None and sandbox.generation == access.generation:
        caller.sandbox, caller.via = sandbox, "token"
        caller.token_state = _state(caller, sandbox, access)


def _state(caller: Caller, sandbox: Sandbox, access: Access) -> str:
    tokens = sandbox.tokens
    if access.serial < tokens.revoked_before or access.name in tokens.revoked:
        return "revoked"
    if sandbox.clock.now() >= access.expiry:
        return "expired"
    return "valid" if caller.client_id == sandbox.credentials.client_id else "foreign"


def _attribute(caller: Caller, sandboxes: Sandboxes, sandbox_id: str | None) -> None:
    candidates = (
        ("client", sandboxes.by_client(caller.client_id) if caller.client_id else None),
        ("scope", sandboxes.by_profile(caller.scope) if caller.scope else None),
        ("host", sandboxes.get(sandbox_id) if sandbox_id else None),
    )
    for via, sandbox in candidates:
        if sandbox is not None:
            caller.sandbox, caller.via = sandbox, via
            return


def _by_access_key(call: Call, sandboxes: Sandboxes, place: Place) -> Caller:
    """Return the caller of SQS or SNS: by access key id, by a token of SNS, or by the path.

    The access key id of a sandbox is its client id.
    """
    request = read_request(call, place.path, place.prefix, sandboxes.capacity.limits)
    caller = Caller(None, "none", client_id=request.access_key or None, aws=request)
    sandbox = sandboxes.by_client(request.access_key) if request.access_key else None
    caller.via = "client"
    if sandbox is None and request.body is not None and request.body.get("Token"):
        opened = sandboxes.signer.verify("sns", str(request.body["Token"]))
        sandbox, caller.via = sandboxes.get(opened[0]) if opened else None, "signature"
    if sandbox is None and place.sandbox_id:
        sandbox, caller.via = sandboxes.get(place.sandbox_id), "host"
    caller.sandbox = sandbox
    if sandbox is None:
        caller.via = "none"
    else:
        caller.token_state = "valid"
    return caller


def _by_form(call: Call, sandboxes: Sandboxes, sandbox_id: str | None) -> Caller:
    form = _form(call, sandboxes.capacity.limits) | _basic(call.headers.get("authorization", ""))
    caller = Caller(None, "none", client_id=form.get("client_id"), form=form)
    refresh = form.get("refresh_token")
    owner = sandboxes.by_refresh(refresh) if refresh else None
    if owner is not None:
        caller.sandbox, caller.via = owner, "refresh"
    else:
        _attribute(caller, sandboxes, sandbox_id)
    return caller


def _form(call: Call, limits: Limits) -> dict[str, str]:
    """Return the members of a form; some clients send JSON, under any content type."""
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in {_FORM, _JSON} or len(call.body) > MAX_FORM_BYTES:
        return {}
    written = parse(call.body, limits) if call.body.lstrip().startswith(b"{") else None
    if isinstance(written, dict):
        return {name: value for name, value in written.items() if isinstance(value, str)}
    if media == _JSON:
        return {}
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))


def _by_signature(call: Call, sandboxes: Sandboxes) -> Caller:
    """Return the owner of a file; record credentials too, which do not belong there."""
    parameters = call.parameters()
    opened = sandboxes.signer.verify("download", parameters.get(SIGNATURE, ""))
    sandbox = sandboxes.get(opened[0]) if opened else None
    if opened is not None and sandbox is not None:
        is_other = opened[4:6] != (signed_path(call.path), parameters.get(EXPIRES, ""))
        if is_other or generation_of(opened, 6) != sandbox.generation:
            opened = None  # the signature is of another file, time or sandbox
    headers = call.headers
    caller = Caller(None, "none", client_id=headers.get(CLIENT_HEADERS[0]))
    caller.scope = headers.get(SCOPE_HEADER)
    if headers.get("authorization") is not None:
        _read_token(caller, headers["authorization"], sandboxes)
    if opened is None or sandbox is None:
        return caller
    caller.sandbox, caller.via, caller.file = sandbox, "signature", opened[1:4]
    return caller


def _basic(authorization: str) -> dict[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        text = b64decode(encoded.strip(), validate=True).decode()
    except (Base64Error, UnicodeDecodeError):
        return {}
    client_id, colon, secret = text.partition(":")
    return {"client_id": client_id, "client_secret": secret} if colon else {}
