"""Login with Amazon: access tokens for a refresh token or an authorization code.

Source: auth reference 1.2, 1.3 (documented and observed: both ways to send credentials, the reply
repeats the refresh token, any number of access tokens is valid at once).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from adsmock.contracts.contract_set import Lwa
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.redaction import fingerprint
from adsmock.mockserver.core.sandbox import MAX_TRACKED, Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes, generation_of
from adsmock.mockserver.services.request_context import RequestContext

_GRANTS = {"refresh_token": "refresh_token", "authorization_code": "code"}


def grant(context: RequestContext) -> Document:
    """Return the token reply for the form in ``context.body``.

    Raises:
        ApiError: an error of the contract's LWA table.
    """
    sandboxes, lwa = context.sandboxes, context.lwa
    form = _texts(context.body)
    grant_type = form.get("grant_type")
    if not grant_type:
        raise _refuse(lwa, "invalidRequest")
    if grant_type not in _GRANTS:
        raise _refuse(lwa, "unsupportedGrantType")
    if not form.get(_GRANTS[grant_type]) or not form.get("client_id"):
        raise _refuse(lwa, "invalidRequest")
    owner = sandboxes.by_client(form["client_id"])
    if owner is None or form.get("client_secret") != owner.credentials.client_secret:
        raise _refuse(lwa, "invalidClient")
    if grant_type == "refresh_token":
        refresh = form["refresh_token"]
        _check_refresh(refresh, owner, context)
    else:
        refresh = owner.credentials.refresh_token
        _check_code(form, owner, sandboxes, lwa)
    return Document(_issue(owner, sandboxes, refresh))


def _texts(body: Any) -> dict[str, str]:
    """Return the members of a body that are texts, none if it is no object."""
    members = body if isinstance(body, dict) else {}
    return {name: value for name, value in members.items() if isinstance(value, str)}


def _check_refresh(token: str, owner: Sandbox, context: RequestContext) -> None:
    lwa, named = context.lwa, context.sandboxes.by_refresh(token)
    if named is None:
        raise _refuse(lwa, "invalidRefreshToken")
    if named is not owner:
        raise _refuse(lwa, "unauthorizedClient")
    if owner.tokens.refresh_revoked:
        raise _refuse(lwa, "revokedRefreshToken")


def _check_code(form: dict[str, str], owner: Sandbox, sandboxes: Sandboxes, lwa: Lwa) -> None:
    if not form.get("redirect_uri"):
        raise _refuse(lwa, "invalidRequest")
    opened, name = sandboxes.signer.verify("code", form["code"]), fingerprint(form["code"])
    if opened is None or opened[0] != owner.id or name in owner.tokens.revoked:
        raise _refuse(lwa, "invalidCode")
    if generation_of(opened, 3) != owner.generation or owner.clock.now() >= float(opened[2]):
        raise _refuse(lwa, "invalidCode")
    owner.tokens.revoked.add(name)


def mint_code(sandbox: Sandbox, sandboxes: Sandboxes, lwa: Lwa) -> str:
    """Return a new authorization code, as the consent page would issue it."""
    expiry = sandbox.clock.now() + lwa.code_lifetime
    serial = sandbox.mint.letters("code", 8)
    code = sandboxes.signer.sign("code", sandbox.id, serial, expiry, *sandbox.later_generation)
    sandbox.redactor.learn(code)
    return code


def _issue(sandbox: Sandbox, sandboxes: Sandboxes, refresh: str) -> dict[str, object]:
    tokens = sandbox.tokens
    tokens.serial += 1
    expiry = sandbox.clock.now() + tokens.lifetime
    token = "Atza|" + sandboxes.signer.sign(
        "access", sandbox.id, tokens.serial, expiry, *sandbox.later_generation
    )
    tokens.expiries[fingerprint(token)] = expiry
    if len(tokens.expiries) > MAX_TRACKED:
        del tokens.expiries[next(iter(tokens.expiries))]
    return {
        "access_token": token,
        "refresh_token": refresh,
        "token_type": "bearer",
        "expires_in": max(1, int(tokens.lifetime / sandbox.clock.rate)),
    }


def revoke(sandbox: Sandbox, kind: str) -> int:
    """Revoke all access tokens issued so far, or the refresh token; return the number."""
    tokens = sandbox.tokens
    if kind == "refresh":
        tokens.refresh_revoked = True
        return 1
    now = sandbox.clock.now()
    live = sum(1 for expiry in tokens.expiries.values() if expiry > now)
    tokens.revoked_before = tokens.serial + 1
    tokens.expiries.clear()
    return live


def _refuse(lwa: Lwa, name: str) -> ApiError:
    row = lwa.errors[name]
    kind = "unauthorized" if row.status == HTTPStatus.UNAUTHORIZED else "invalid"
    return ApiError(kind, row.status, code=row.error, message=row.description)
