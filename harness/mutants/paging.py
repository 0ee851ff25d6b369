"""Clients that are wrong in how they read lists."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from adsmock.harness.client.api import Page
from adsmock.harness.client.call import Call
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import GaveUp, PageExpired
from adsmock.harness.client.pager import Pager
from adsmock.harness.mutants.mutant import Mutant


class _ImpatientPager(Pager):
    """Takes the first page for the list."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from itertools.islice(super().pages(resource, profile, filters, page_size), 1)


class FirstPage(AdsClient):
    """Never asks for a second page."""

    pager_class = _ImpatientPager


class _TouchyPager(Pager):
    """Does something of its own when a page behind the first is throttled."""

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
        """Leave the list."""
        raise GaveUp(f"a page of {call.operation.id} was throttled")


class QuitList(AdsClient):
    """Does not ask for a throttled page again."""

    pager_class = _TouchyPager


class _RestartingPager(_TouchyPager):
    """Begins a list anew when one of its pages is throttled."""

    def throttled(self, call: Call) -> None:
        self._sender.open(call).wait()
        raise PageExpired(HTTPStatus.TOO_MANY_REQUESTS, "throttled")


class RestartList(AdsClient):
    """Reads a list from its start because of one throttled page."""

    pager_class = _RestartingPager


class _DoggedPager(_RestartingPager):
    """Begins a list anew for each throttled page, up to a number that ends a run."""

    def items(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> list[dict[str, Any]]:
        for _ in range(10):
            try:
                return super().items(resource, profile, filters, page_size)
            except PageExpired as error:
                if error.status != HTTPStatus.TOO_MANY_REQUESTS:
                    raise
        return []


class RestartEach(AdsClient):
    """Reads a list from its start for each throttled page."""

    pager_class = _DoggedPager


class _HastyPager(Pager):
    """Takes an empty page for the last."""

    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        is_empty = not any(isinstance(value, list) and value for value in document.values())
        return None if is_empty else super().follow(body, page, document)


class StopAtEmpty(AdsClient):
    """Stops reading at a page that holds nothing."""

    pager_class = _HastyPager


class _FrugalPager(Pager):
    """Asks for pages of twenty."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from super().pages(resource, profile, filters, min(page_size or 20, 20))


class SmallPages(AdsClient):
    """Reads long lists in small pages."""

    pager_class = _FrugalPager


class _HopefulPager(Pager):
    """Begins a list anew as often as its token expires, up to a number that ends a run."""

    restarts = 4


class RestartForever(AdsClient):
    """Never gives a list up."""

    pager_class = _HopefulPager


class _DecodingPager(Pager):
    """Takes a token for a part of a URL."""

    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        following = super().follow(body, page, document)
        return following and {**following, page.token: unquote_plus(following[page.token])}


class DecodedToken(AdsClient):
    """Decodes page tokens before it sends them back."""

    pager_class = _DecodingPager


class _ForgetfulPager(Pager):
    """Believes that a token stands for the filters as well."""

    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        following = super().follow(body, page, document)
        kept = {page.size, page.token}
        return following and {key: value for key, value in following.items() if key in kept}


class LostFilters(AdsClient):
    """Leaves the filters out from the second page on."""

    pager_class = _ForgetfulPager


MUTANTS = (
    Mutant(
        "first-page",
        "takes the first page for the list",
        ("P01.pages", "P06.bytes"),
        FirstPage,
    ),
    Mutant("restart-list", "reads a list anew for one throttled page", ("P02.order",), RestartList),
    Mutant(
        "restart-each",
        "reads a list anew for each throttled page",
        ("P02.order", "T14.ratio"),
        RestartEach,
    ),
    Mutant("quit-list", "leaves a list when a page is throttled", ("P02.resumes",), QuitList),
    Mutant("stop-at-empty", "takes an empty page for the last", ("P03.continues",), StopAtEmpty),
    Mutant("small-pages", "reads long lists in pages of twenty", ("P04.few",), SmallPages),
    Mutant(
        "restart-forever",
        "begins a list anew as often as its token expires",
        ("P05.restart",),
        RestartForever,
    ),
    Mutant("decoded-token", "decodes page tokens as if from a URL", ("P06.bytes",), DecodedToken),
    # The later page is refused, and the list is begun anew once: each call goes out twice.
    Mutant(
        "lost-filters",
        "leaves the filters out of later pages",
        ("P06.bytes", "T14.ratio"),
        LostFilters,
    ),
)
