"""Mutants: versions of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import UnreadableReply
from adsmock.harness.client.pager import Pager
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.context import Attempt
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Reply, Request
from adsmock.harness.mutants.mutant import mutant

DAY = 86_400

SHUT_OFF = "Method Not Found"
"""The text of a path that is shut off."""

STATES = frozenset({"ENABLED", "PAUSED", "ARCHIVED", "PROPOSED"})
"""The known states of entities."""


class _RetriesShutOffPolicy(RetryPolicy):
    def is_retryable(self, attempt: Attempt) -> bool:
        text = attempt.reply.text if attempt.reply else ""
        is_shut_off = attempt.status in checker.GONE and SHUT_OFF in text
        return is_shut_off or super().is_retryable(attempt)


class _OldPathSender(Sender):
    """Calls the old version first, once a day."""

    _tried = 0

    def deliver(self, call: Call, token: str) -> Reply:
        today = int(self._tokens._clock.now() // DAY)  # noqa: SLF001 -- a sender has no clock
        if call.operation.id == "sp.campaigns.list" and self._tried != today:
            self._tried = today
            url = self.router.ads(call.region) + "/v2/sp/campaigns"
            headers = self.headers(call, token) | {"Accept": "application/json"}
            self._transport.send(Request("GET", url, headers))
        return super().deliver(call, token)


class _AnyVersionSender(Sender):
    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("sp."):
            headers["Accept"] = "*/*"
        return headers


class _BareSender(Sender):
    """Names no version where the service allows it: any reply for lists, plain JSON for jobs."""

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if call.operation.id.startswith("sp."):
            return headers | {"Accept": "*/*"}
        bare = dict.fromkeys(("Accept", "Content-Type"), "application/json")
        return {name: bare.get(name, value) for name, value in headers.items()}


class _StrictPager(Pager):
    def pages(self, resource: str, *args: Any) -> Iterator[dict[str, Any]]:
        for page in super().pages(resource, *args):
            states = {item.get("state", "ENABLED") for item in self._content(page, resource)}
            if not states <= STATES:
                raise UnreadableReply(f"unknown state: {', '.join(sorted(states - STATES))}")
            yield page

    def _content(self, page: dict[str, Any], resource: Any) -> list[dict[str, Any]]:
        contract = self._api.contract(resource) if isinstance(resource, str) else resource
        return super()._content(page, contract)


class _StopsAllSender(Sender):
    _last: Reply | None = None

    def attempt(self, call: Call) -> Reply:
        reply = self._last or super().attempt(call)
        if reply.status in checker.GONE and SHUT_OFF in reply.text:
            self._last = reply
        return reply


MUTANTS = (
    mutant(
        "old-path",
        "calls a deprecated version before its replacement",
        "DY01.versions I04.once I11.retired V02.deprecated",
        _OldPathSender,
        cases="A01",
    ),
    mutant("any-version", "names no version in Accept", "V03.named", _AnyVersionSender),
    mutant(
        "bare",
        "names no version of lists, exports and reports",
        "I04.once R01.version V03.named X01.types",
        _BareSender,
        cases="N04",
    ),
    mutant("strict-enum", "fails on an unknown enum value", "I07.end V04.reads-on", _StrictPager),
    mutant(
        "ends-with-version",
        "ends all work when one version is shut off",
        "V05.others",
        _StopsAllSender,
    ),
    mutant(
        "old-version",
        "keeps calling a version that is shut off",
        "I04.once V01.stops V05.others V05.storm",
        _RetriesShutOffPolicy,
    ),
)
