"""Clients that are wrong in which host is asked."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.retry.context import Kind, Lane
from adsmock.harness.client.routing import Router
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply
from adsmock.harness.mutants.mutant import Mutant

GATEWAY = '"details"'
"""How the body of a dark region's gateway differs from a family's own 503."""


def is_dark(reply: Reply | None) -> bool:
    """Say whether a region's gateway says that nobody is there."""
    if reply is None or reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
        return False
    return GATEWAY in reply.text


class _WanderingSender(Sender):
    """Asks the other regions when the right one is dark to a read."""

    def deliver(self, call: Call, token: str) -> Reply:
        try:
            reply = super().deliver(call, token)
        except TransportError as error:
            found = self._elsewhere(call, token) if error.kind == "connect" else None
            if found is None:
                raise
            return found
        return (self._elsewhere(call, token) if is_dark(reply) else None) or reply

    def _elsewhere(self, call: Call, token: str) -> Reply | None:
        """Return another region's success, or None so that the real failure is dealt with."""
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


class OtherRegion(AdsClient):
    """Tries the hosts of other regions when a region is dark."""

    sender_class = _WanderingSender


class _OneHostRouter(Router):
    """Knows one host."""

    def ads(self, region: str) -> str:
        del region
        return super().ads(self.regions[0])


class OneHost(AdsClient):
    """Sends everything to the first region."""

    router_class = _OneHostRouter


class _HuntingSender(Sender):
    """Takes a call that a region does not know to the others, until one answers."""

    def attempt(self, call: Call) -> Reply:
        reply = super().attempt(call)
        others = [region for region in self.router.regions if region != call.region]
        while others and "no matching advertiser" in reply.text.lower():
            reply = super().attempt(replace(call, region=others.pop(0)))
        return reply


class RegionHunt(AdsClient):
    """Guesses the region of a profile by asking all of them."""

    sender_class = _HuntingSender


class _WorldLimiter(Limiter):
    """Pauses all regions for what one of them asked."""

    def pause(self, lane: Lane, seconds: float) -> None:
        for region in ("NA", "EU", "FE"):
            super().pause(replace(lane, region=region), seconds)


class WorldPause(AdsClient):
    """Stops everywhere when one region throttles."""

    limiter_class = _WorldLimiter


MUTANTS = (
    Mutant(
        "world-pause",
        "stops calling all regions when one of them throttles",
        ("G04.rate",),
        WorldPause,
    ),
    Mutant(
        "one-host",
        "sends everything to the host of the first region",
        ("G01.region", "G02.found"),
        OneHost,
    ),
    Mutant(
        "region-hunt",
        "takes a refused call from region to region until one answers",
        ("A10.once", "G03.hunt"),
        RegionHunt,
    ),
    Mutant(
        "other-region",
        "asks the hosts of other regions when its own is dark",
        ("E08.once", "G01.region"),
        OtherRegion,
    ),
)
