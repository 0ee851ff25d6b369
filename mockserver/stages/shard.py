"""Calls that a balancer led to the wrong process: they are refused, never answered from here.

The clues are read in the balancer's order. Only calls of unknown clients get here.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.storage import SIGNATURE
from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.caller import Caller
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.core.shard import named_by_client
from adsmock.mockserver.core.signed_token import TokenSigner

MISDIRECTED = 421
_TEXT = "Misdirected Request: the call belongs to another shard of this mock"


def check_shard(call: Call, caller: Caller, sandboxes: Sandboxes, metrics: Metrics) -> None:
    """Check that no other shard owns a call without a sandbox.

    Raises:
        ApiError: 421; the call belongs to another shard.
    """
    if sandboxes.shard.is_sibling(_named_shard(call, caller, sandboxes.signer)):
        metrics.misdirected += 1
        # The API has no such refusal: its gateway words it.
        raise ApiError("unavailable", MISDIRECTED, code=str(MISDIRECTED), message=_TEXT)


def _named_shard(call: Call, caller: Caller, signer: TokenSigner) -> str | None:
    """Return the shard that the first clue names: file, client id, access, refresh or SNS token."""
    form = caller.aws.body if caller.aws is not None else None
    refresh = caller.form.get("refresh_token", "")
    return (
        signer.shard_of("download", call.parameters().get(SIGNATURE, ""))
        or named_by_client(caller.client_id)
        or signer.shard_of("access", (caller.token or "").removeprefix("Atza|"))
        or signer.shard_of("refresh", refresh.removeprefix("Atzr|"))
        or signer.shard_of("sns", str((form or {}).get("Token", "")))
    )
