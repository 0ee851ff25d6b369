"""Mutants: versions of the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import UnreadableReply
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply, Request
from adsmock.harness.mutants.mutant import Mutant

SHUT_OFF = "Method Not Found"
"""The text of a path that is shut off."""

STATES = frozenset({"ENABLED", "PAUSED", "ARCHIVED", "PROPOSED"})
"""The known states of entities."""


class _RetriesShutOffPolicy(RetryPolicy):
    """Retries versions that are shut off."""

    def is_retryable(self, attempt: Attempt) -> bool:
        text = attempt.reply.text if attempt.reply else ""
        is_shut_off = attempt.status in checker.GONE and SHUT_OFF in text
        return is_shut_off or super().is_retryable(attempt)


class OldVersion(AdsClient):
    """Keeps calling a version that is shut off."""

    policy_class = _RetriesShutOffPolicy


class _OldPathSender(Sender):
    """Calls the old version of a list first, once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tried = False

    def deliver(self, call: Call, token: str) -> Reply:
        if call.operation.id == "sp.campaigns.list" and not self._tried:
            self._tried = True
            url = self.router.ads(call.region) + "/v2/sp/campaigns"
            self._transport.send(Request("GET", url, self.headers(call, token)))
        return super().deliver(call, token)


class OldPath(AdsClient):
    """Calls Sponsored Products v2 before v3."""

    sender_class = _OldPathSender


class _AnyVersionSender(Sender):
    """Accepts any version."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("sp."):
            headers["Accept"] = "*/*"
        return headers


class AnyVersion(AdsClient):
    """Names no version in Accept."""

    sender_class = _AnyVersionSender


class _BareSender(Sender):
    """Names no version where the service allows it: any reply for lists, plain JSON for jobs."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("sp."):
            return headers | {"Accept": "*/*"}
        bare = dict.fromkeys(("Accept", "Content-Type"), "application/json")
        return {name: bare.get(name, value) for name, value in headers.items()}


class Bare(AdsClient):
    """Names no version of anything."""

    sender_class = _BareSender


class _StrictPager(Pager):
    """Accepts known states only."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        for page in super().pages(resource, profile, filters, page_size):
            states = {item.get("state", "ENABLED") for item in self._content(page, resource)}
            if not states <= STATES:
                raise UnreadableReply(f"unknown state: {', '.join(sorted(states - STATES))}")
            yield page

    def _content(self, page: dict[str, Any], resource: Any) -> list[dict[str, Any]]:
        contract = self._api.contract(resource) if isinstance(resource, str) else resource
        return super()._content(page, contract)


class StrictEnum(AdsClient):
    """Fails on an unknown enum value."""

    pager_class = _StrictPager


class _StopsAllSender(Sender):
    """Sends nothing more once a version is shut off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: Reply | None = None

    def attempt(self, call: Call) -> Reply:
        reply = self._last or super().attempt(call)
        if reply.status in checker.GONE and SHUT_OFF in reply.text:
            self._last = reply
        return reply


class EndsWithVersion(AdsClient):
    """Ends all work when one version is shut off."""

    sender_class = _StopsAllSender


MUTANTS = (
    Mutant(
        "old-path",
        "calls a deprecated version before its replacement",
        ("V02.deprecated",),
        OldPath,
    ),
    Mutant(
        "any-version",
        "names no version in Accept",
        ("V03.named",),
        AnyVersion,
    ),
    Mutant(
        "bare",
        "names no version of lists, exports and reports",
        ("R01.version", "V03.named", "X01.types"),
        Bare,
    ),
    Mutant(
        "strict-enum",
        "fails on an unknown enum value",
        (
            "I07.end",
            "V04.reads-on",
        ),
        StrictEnum,
    ),
    Mutant(
        "ends-with-version",
        "ends all work when one version is shut off",
        ("V05.others",),
        EndsWithVersion,
    ),
    Mutant(
        "old-version",
        "keeps calling a version that is shut off",
        (
            "I04.once",
            "V01.stops",
            "V05.others",
            "V05.storm",
        ),
        OldVersion,
    ),
)
