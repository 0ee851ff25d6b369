"""Authentication and authorization: token first, then scope.

Source: auth reference 1.4 (documented and observed: token problems come without the
scope texts; a profile of another region is "no matching advertiser").
"""

from __future__ import annotations

from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.core.caller import Caller
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Principal, Sandbox
from adsmock.mockserver.services.stream.aws.error import unknown_key

ANONYMOUS = Principal("", None)


NO_BEARER = frozenset({"single", "file"})
"""Shapes without a bearer token: the token endpoint has a form, storage a signed URL."""


def authenticate(
    operation: Operation, contract: Contract, caller: Caller, region: str
) -> Principal:
    """Return the caller and its profile.

    Raises:
        ApiError: 401 for a missing, unknown, expired, revoked or foreign token and for scopes;
            403 for an Authorization header without a scheme.
    """
    if contract.shape in NO_BEARER:
        return ANONYMOUS
    if caller.aws is not None:
        if caller.sandbox is None:
            raise unknown_key(caller.aws.access_key).worded(caller.aws.protocol)
        return ANONYMOUS
    if caller.token_state == "malformed":
        raise ApiError("noScheme", 403, values={"authorization": caller.token_name})
    sandbox = caller.sandbox
    if caller.token_state != "valid" or sandbox is None:
        raise ApiError("unauthorized", 401)
    if not operation.scope:
        return Principal(sandbox.credentials.client_id, None)
    return _with_scope(caller, sandbox, region)


def _with_scope(caller: Caller, sandbox: Sandbox, region: str) -> Principal:
    if not caller.scope:
        raise ApiError("scopeMissing", 401)
    profile = sandbox.profiles.get(caller.scope)
    if profile is None or profile.region != region:
        raise ApiError("scopeUnknown", 401, values={"scope": caller.scope})
    return Principal(sandbox.credentials.client_id, profile)
