"""The account of Marketing Cloud that replayed calls are for.

A call names its account in two headers and its instance in the path. A recording may not list
them, or may have variables in their place: its calls go to the mock's own account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adsmock.harness.client.transport import Request, Transport
from adsmock.harness.fidelity.exchange import parsed
from adsmock.harness.fidelity.twin.side import CLIENT, Side

ROOT = "/amc/"
ACCOUNTS = "/amc/accounts"
_ACCOUNT = "Amazon-Advertising-API-AdvertiserId"
_MARKETPLACE = "Amazon-Advertising-API-MarketplaceId"
_INSTANCE = "{instanceId}"


@dataclass(frozen=True, slots=True)
class CloudAccount:
    """An account of the mock with its first instance."""

    account: str
    marketplace: str
    instance: str

    def headers(self) -> dict[str, str]:
        """Return the headers that name the account."""
        return {_ACCOUNT: self.account, _MARKETPLACE: self.marketplace}

    def names(self, template: str, path: str, sent: Mapping[str, str]) -> dict[str, str]:
        """Return the mock's ids by those that a recorded call names."""
        parts = zip(template.split("/"), path.split("/"), strict=False)
        found = {recorded: self.instance for part, recorded in parts if part == _INSTANCE}
        recorded = sent.get(_ACCOUNT.lower(), "")
        return found | ({recorded: self.account} if recorded else {})


def own_account(side: Side, transport: Transport) -> CloudAccount:
    """Return the first account of the side's client.

    Raises:
        TransportError: there was no complete reply.
    """
    headers = {"Authorization": f"Bearer {side.token}", CLIENT: side.client_id}
    account = _get(side, transport, ACCOUNTS, headers)["amcAccounts"][0]
    own = CloudAccount(account["accountId"], account["marketplaceId"], "")
    headers |= own.headers()
    instance = _get(side, transport, "/amc/instances", headers)["instances"][0]["instanceId"]
    return CloudAccount(own.account, own.marketplace, instance)


def _get(side: Side, transport: Transport, path: str, headers: Mapping[str, str]) -> Any:
    return parsed(transport.send(Request("GET", side.ads + path, headers, None)).body)
