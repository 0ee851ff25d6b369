"""Mutants: choice of the region."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import AdsError, GaveUp, TransportError
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.retry.context import Kind, RateLimitKey
from adsmock.harness.client.routing import Router
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import mutant

GATEWAY = '"details"'
"""The member that the gateway of an unavailable region has in its 503."""


def is_unavailable(reply: Reply | None) -> bool:
    """Return whether the gateway reports that the region is unavailable."""
    if reply is None or reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
        return False
    return GATEWAY in reply.text


class _OtherRegionSender(Sender):
    """Sends reads to other regions when their own is unavailable."""

    def deliver(self, call: Call, token: str) -> Reply:
        try:
            reply = super().deliver(call, token)
        except TransportError as error:
            found = self._elsewhere(call, token) if error.kind == "connect" else None
            if found is None:
                raise
            return found
        return (self._elsewhere(call, token) if is_unavailable(reply) else None) or reply

    def _elsewhere(self, call: Call, token: str) -> Reply | None:
        """Return another region's success, or None."""
        if call.kind is not Kind.READ:
            return None
        for region in self.router.regions:
            if region == call.region:
                continue
            try:
                reply = super().deliver(replace(call, region=region), token)
            except TransportError:
                continue
            if reply.status == HTTPStatus.OK:
                return reply
        return None


class _OneHostRouter(Router):
    def ads(self, region: str) -> str:
        return super().ads(self.regions[0])


class _RegionSearchSender(Sender):
    def attempt(self, call: Call) -> Reply:
        reply = super().attempt(call)
        others = [region for region in self.router.regions if region != call.region]
        while others and "no matching advertiser" in reply.text.lower():
            reply = super().attempt(replace(call, region=others.pop(0)))
        return reply


class _AllRegionsLimiter(Limiter):
    def pause(self, limit_key: RateLimitKey, seconds: float) -> None:
        for region in ("NA", "EU", "FE"):
            super().pause(replace(limit_key, region=region), seconds)


class _IgnoresRegionClient(AdsClient):
    ignored: type[AdsError] = AdsError

    def list_profiles(self, region: str) -> list[dict[str, Any]]:
        try:
            return super().list_profiles(region)
        except self.ignored:
            return []


class _IgnoresOutageClient(_IgnoresRegionClient):
    ignored = GaveUp


MUTANTS = (
    mutant(
        "world-pause",
        "stops calling all regions when one of them throttles",
        "G04.rate",
        _AllRegionsLimiter,
    ),
    mutant(
        "one-host",
        "sends everything to the host of the first region",
        "G01.region G02.found I01.home I06.bounded",
        _OneHostRouter,
        cases="G04",
    ),
    mutant(
        "unlisted-region",
        "takes a region whose list of profiles fails for one without profiles",
        "G05.reported G06.reported x.claim",
        _IgnoresRegionClient,
    ),
    mutant(
        "unavailable-region",
        "takes a region whose list of profiles stays unavailable for one without profiles",
        "G06.reported x.claim",
        _IgnoresOutageClient,
    ),
    mutant(
        "region-hunt",
        "sends a refused call to region after region until one accepts it",
        "G03.hunt I01.home",
        _RegionSearchSender,
    ),
    mutant(
        "other-region",
        "calls the hosts of other regions when its own is unavailable",
        "E08.once G01.region G06.reported I01.home x.claim",
        _OtherRegionSender,
    ),
)
