"""Twelve clients that are wrong in one way each.

Each is the reference client with another class for one of its parts. Knows the parts. Must not
know cases or checks; ``harness.mutants`` says which check must catch which client.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from harness.client.auth import TokenCache
from harness.client.client import AdsClient
from harness.client.errors import TransportError
from harness.client.pager import Pager
from harness.client.retry import checker
from harness.client.retry.backoff import ExponentialBackoff
from harness.client.retry.context import Kind
from harness.client.retry.policy import RetryPolicy
from harness.client.sender import Sender
from harness.client.tree import TreePlanter
from harness.client.waiter import ExportWaiter
from harness.client.writer import Batch, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from harness.client.call import Call
    from harness.client.multistatus import Outcome
    from harness.client.retry.context import Attempt
    from harness.client.transport import Reply

SCOPE = "Amazon-Advertising-API-Scope"


class _ForgetfulSender(Sender):
    """Leaves the scope out of every third request for an advertiser, and asks again properly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._numbers = itertools.count(1)

    def headers(self, call: Call, token: str) -> dict[str, str]:
        headers = super().headers(call, token)
        if SCOPE in headers and next(self._numbers) % 3 == 0:
            del headers[SCOPE]
        return headers

    def attempt(self, call: Call) -> Reply:
        # The work must go on, else every case would miss what comes after the third request.
        reply = super().attempt(call)
        return super().attempt(call) if checker.is_scope_refused(reply) else reply


class NoScope(AdsClient):
    """Forgets the header that names the advertiser now and then."""

    sender_class = _ForgetfulSender


class _StubbornTokenCache(TokenCache):
    """Keeps a token that was refused."""

    def invalidate(self, token: str) -> None:
        """Do nothing."""


class StaleToken(AdsClient):
    """Answers a 401 by sending again with the token that was just refused."""

    token_cache_class = _StubbornTokenCache


class _WanderingSender(Sender):
    """Asks the other regions when the right one does not answer a read."""

    def deliver(self, call: Call, token: str) -> Reply:
        try:
            reply = super().deliver(call, token)
        except TransportError:
            found = self._elsewhere(call, token)
            if found is None:
                raise
            return found
        failed = reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return (self._elsewhere(call, token) if failed else None) or reply

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


class _DeafPolicy(RetryPolicy):
    """Does not read Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        del attempt
        return None


class NoRetryAfter(AdsClient):
    """Backs off by its own schedule whatever the service asks for."""

    policy_class = _DeafPolicy


class _ConstantBackoff(ExponentialBackoff):
    """Waits about the same each time."""

    def delay(self, retry: int) -> float:
        del retry
        return super().delay(1)


class ConstantBackoff(AdsClient):
    """Waits one to two seconds before every retry, or Retry-After."""

    backoff_class = _ConstantBackoff


class _HopefulPolicy(RetryPolicy):
    """Repeats what was refused, save for what only time, a token or a new version could cure."""

    def is_retryable(self, attempt: Attempt) -> bool:
        refused = (
            HTTPStatus.BAD_REQUEST <= attempt.status < HTTPStatus.INTERNAL_SERVER_ERROR
            and attempt.status != HTTPStatus.UNAUTHORIZED
            and attempt.status not in checker.GONE
        )
        is_call = attempt.kind not in {Kind.DOWNLOAD, Kind.TOKEN}
        return (refused and is_call) or super().is_retryable(attempt)


class Retry4xx(AdsClient):
    """Retries errors that say that the request itself is wrong."""

    policy_class = _HopefulPolicy


class _BlindWriter(Writer):
    """Believes that a create without an answer was not done, whatever it hears later."""

    def recover(self, batch: Batch) -> list[int]:
        batch.uncertain.clear()
        return batch.open

    def is_done_before(self, batch: Batch, outcome: Outcome) -> bool:
        return batch.verb != "create" and super().is_done_before(batch, outcome)

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:
        refused_twin = super().is_done_before(batch, outcome) and batch.verb == "create"
        return refused_twin or super().is_retryable(batch, outcome)


class BlindCreate(AdsClient):
    """Sends a create again after a lost answer, and again when told that it exists."""

    writer_class = _BlindWriter


class _WholesaleWriter(Writer):
    """Sends all of a batch again when any of it may pass on another try."""

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        return places if super().to_resend(batch, places) else []


class ResendBatch(AdsClient):
    """Repeats a whole batch for the sake of one throttled item."""

    writer_class = _WholesaleWriter


class _ImpatientPager(Pager):
    """Takes the first page for the list."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from itertools.islice(super().pages(resource, profile, filters, page_size), 1)


class FirstPage(AdsClient):
    """Never asks for a second page."""

    pager_class = _ImpatientPager


class _NostalgicWaiter(ExportWaiter):
    """Holds on to the first address of a file."""

    def renew(self, job: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        del ask
        return job


class DeadUrl(AdsClient):
    """Asks an expired address for the file again and again."""

    waiter_class = _NostalgicWaiter


class _LoyalPolicy(RetryPolicy):
    """Retries what is shut off as if it were down."""

    def is_retryable(self, attempt: Attempt) -> bool:
        text = attempt.reply.text if attempt.reply else ""
        is_shut_off = attempt.status in checker.GONE and "Method Not Found" in text
        return is_shut_off or super().is_retryable(attempt)


class OldVersion(AdsClient):
    """Keeps calling a version that no longer exists."""

    policy_class = _LoyalPolicy


class _CarelessPlanter(TreePlanter):
    """Creates children whether or not there is a parent."""

    def parent_id(self, outcome: Outcome | None) -> str | None:
        return super().parent_id(outcome) or "1"


class OrphanChildren(AdsClient):
    """Sends ad groups for campaigns that were refused."""

    planter_class = _CarelessPlanter
