"""Mutants: paged lists."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from adsmock.harness.client.api import Page
from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import AdsError, GaveUp, PageExpired
from adsmock.harness.client.pager import Pager
from adsmock.harness.mutants.mutant import mutant


class _FirstPagePager(Pager):
    def pages(self, *args: Any) -> Iterator[dict[str, Any]]:
        yield from itertools.islice(super().pages(*args), 1)


class _ShortLastPagePager(Pager):
    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        contract = self._api.contract(resource)
        for number, document in enumerate(super().pages(resource, profile, filters, page_size)):
            is_short = len(self._content(document, contract)) < (page_size or 0)
            if number == 0 or not is_short:
                yield document


LARGE = 500
"""A list with more entities is requested in one page."""


class _OversizePager(Pager):
    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        if page_size is None and not filters and resource == "sp.campaigns":
            few = next(super().pages(resource, profile, filters, 10))
            if few.get("totalResults", 0) > LARGE:
                region = self._sender.router.region_of(profile)
                operation = self._api.operation(f"{resource}.list")
                yield self._sender.send(Call(operation, region, profile, {"maxResults": 5000})).json
                return
        yield from super().pages(resource, profile, filters, page_size)


class _StopsWhenThrottledPager(Pager):
    def page_of(self, call: Call, page: Page) -> Any:
        if page.token not in call.body:
            return super().page_of(call, page)
        reply = self._sender.attempt(call)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.throttled(call)
        if reply.status == HTTPStatus.BAD_REQUEST:
            raise PageExpired(reply.status, "expired")
        return reply.json if reply.status == HTTPStatus.OK else super().page_of(call, page)

    def throttled(self, call: Call) -> None:
        """Give the list up."""
        raise GaveUp(f"a page of {call.operation.id} was throttled")


class _RestartingPager(_StopsWhenThrottledPager):
    def throttled(self, call: Call) -> None:
        self._sender.open(call).wait()
        raise PageExpired(HTTPStatus.TOO_MANY_REQUESTS, "throttled")


class _RestartEachPager(_RestartingPager):
    """Starts a list again for each throttled page, up to ten times, so that a run ends."""

    def items(self, *args: Any) -> list[dict[str, Any]]:
        for _ in range(10):
            try:
                return super().items(*args)
            except PageExpired as error:
                if error.status != HTTPStatus.TOO_MANY_REQUESTS:
                    raise
        return []


class _StopsAtEmptyPager(Pager):
    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        is_empty = not any(isinstance(value, list) and value for value in document.values())
        return None if is_empty else super().follow(body, page, document)


class _SmallPagePager(Pager):
    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from super().pages(resource, profile, filters, min(page_size or 20, 20))


class _UnlimitedRestartPager(Pager):
    """Starts a list again whenever its token expires, up to four times, so that a run ends."""

    restarts = 4


class _KeepsReadPager(Pager):
    """Adds the entities of a restarted list to those that it read before the restart."""

    def items(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> list[dict[str, Any]]:
        contract = self._api.contract(resource)
        if self._page(contract).start:
            return super().items(resource, profile, filters, page_size)
        found: list[dict[str, Any]] = []
        for restart in range(self.restarts + 1):
            try:
                for page in self.pages(resource, profile, filters or {}, page_size):
                    found += self._content(page, contract)
            except PageExpired:
                if restart == self.restarts:
                    raise
            else:
                break
        return found


class _TakesWhatCamePager(Pager):
    def _read(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> list[dict[str, Any]]:
        contract = self._api.contract(resource)
        if self._page(contract).start:
            return super()._read(resource, profile, filters, page_size)
        found: list[dict[str, Any]] = []
        try:
            for page in self.pages(resource, profile, filters, page_size):
                found += self._content(page, contract)
        except AdsError:
            if not found:
                raise
        return found


class _DecodingPager(Pager):
    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        following = super().follow(body, page, document)
        return following and {**following, page.token: unquote_plus(following[page.token])}


class _LosesFiltersPager(Pager):
    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        following = super().follow(body, page, document)
        kept = {page.size, page.token}
        return following and {key: value for key, value in following.items() if key in kept}


MUTANTS = (
    mutant(
        "oversize-page",
        "requests a large list in one page of 5,000",
        "I07.end P04.few",
        _OversizePager,
    ),
    mutant(
        "first-page",
        "reads the first page of a list only",
        "I07.end I12.lost P01.pages P06.bytes",
        _FirstPagePager,
    ),
    mutant(
        "short-last-page",
        "requests the last page of a list and drops its rows, because it is not full",
        "x.claim",
        _ShortLastPagePager,
        cases="P01",
    ),
    mutant(
        "restart-list",
        "reads a list again from its start after one throttled page",
        "P02.order",
        _RestartingPager,
    ),
    mutant(
        "restart-each",
        "reads a list again from its start after each throttled page",
        "P02.order T14.ratio",
        _RestartEachPager,
    ),
    mutant(
        "quit-list",
        "gives a list up when one of its pages is throttled",
        "P02.resumes",
        _StopsWhenThrottledPager,
    ),
    mutant(
        "stop-at-empty",
        "treats an empty page as the last one",
        "I07.end I12.lost P03.continues",
        _StopsAtEmptyPager,
    ),
    mutant(
        "takes-what-came",
        "takes the pages before a failed one for the whole list",
        "x.claim",
        _TakesWhatCamePager,
        cases="P05",
    ),
    mutant("small-pages", "reads long lists in pages of twenty", "P04.few", _SmallPagePager),
    mutant(
        "keep-read",
        "counts the entities twice that it read before a list was restarted",
        "x.claim",
        _KeepsReadPager,
        cases="P05",
    ),
    mutant(
        "restart-forever",
        "starts a list again as often as its token expires",
        "P05.restart",
        _UnlimitedRestartPager,
    ),
    mutant(
        "decoded-token",
        "decodes page tokens as if they were URL-encoded",
        "I04.once I07.end I07.token P06.bytes",
        _DecodingPager,
    ),
    # The second page is refused and the list is started again once, so each call is sent twice.
    mutant(
        "lost-filters",
        "omits the filters from later pages",
        "I04.once I07.end I07.token P06.bytes T14.ratio",
        _LosesFiltersPager,
    ),
)
