"""Read all pages of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from .api import Api, Contract, Page
from .call import Call
from .errors import Misuse, PageExpired, Refused, UnreadableReply
from .sender import Sender

RESTARTS = 1
"""How often a list is read again after its page token has expired (own choice)."""


class Pager:
    """Reads page after page with the same filters, in pages of the largest allowed size."""

    restarts = RESTARTS

    def __init__(self, api: Api, sender: Sender) -> None:
        self._api = api
        self._sender = sender

    def items(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> list[dict[str, Any]]:
        """Return all entities that match the filters, in the order of the service.

        Pages are independent reads: an entity may come twice when data changes in between.
        Source: developer notes (documented). Raises as ``Chain.run``, and UnreadableReply.
        """
        for restart in range(self.restarts + 1):
            try:
                return self._read(resource, profile, filters or {}, page_size)
            except PageExpired:
                if restart == self.restarts:
                    raise
        raise AssertionError("the last reading returns or raises")

    def by_ids(self, resource: str, profile: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the entities with these ids, as many in one call as the filter allows."""
        contract = self._api.contract(resource)
        own = contract.identity.field if contract.identity else ""
        # A selector of an archive, which has a body, is no filter of a list without one.
        kinds = ("comma",) if contract.page and contract.page.start else ("include", "comma")
        by_id = [row for row in contract.filters if row.field == own and row.kind in kinds]
        if not by_id:
            raise Misuse(f"{resource} has no filter by id: use list")
        selector, width = by_id[0].name, by_id[0].max_items
        found: list[dict[str, Any]] = []
        for start in range(0, len(ids), width or len(ids)):
            wanted = list(ids[start : start + (width or len(ids))])
            value = wanted if by_id[0].kind == "comma" else {"include": wanted}
            found += self.items(resource, profile, {selector: value})
        return found

    def _read(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> list[dict[str, Any]]:
        contract = self._api.contract(resource)
        if self._page(contract).start:
            return list(self._counted(resource, profile, filters, page_size))
        pages = self.pages(resource, profile, filters, page_size)
        return [item for page in pages for item in self._content(page, contract)]

    def _counted(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a list that is paged by start index.

        A page that is not full is the last one.
        """
        page = self._page(self._api.contract(resource))
        operation = self._api.operation(f"{resource}.list")
        region = self._sender.router.region_of(profile)
        size, start = min(page_size or page.maximum, page.maximum), 0
        asked = {name: _query_value(value) for name, value in filters.items()}
        while True:
            cut = {page.start: str(start), page.size: str(size)}
            rows = self._sender.send(Call(operation, region, profile, query=asked | cut)).json
            if not isinstance(rows, list):
                raise UnreadableReply(f"{operation.id}: a page must be an array")
            yield from rows
            if len(rows) < size:
                return
            start += size

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list; each token is used once, until there is none."""
        contract = self._api.contract(resource)
        page = self._page(contract)
        operation = self._api.operation(f"{resource}.list")
        region = self._sender.router.region_of(profile)
        size = min(page_size or page.maximum, page.maximum)
        body: dict[str, Any] | None = {**_required_filters(contract), **filters, page.size: size}
        used: set[str] = set()
        while body is not None:
            document = self.page_of(Call(operation, region, profile, body), page)
            if not isinstance(document, dict):
                raise UnreadableReply(f"{operation.id}: a page must be an object")
            yield document
            token = document.get(page.token)
            if token in used:
                raise UnreadableReply(f"{operation.id}: the service repeated a page token")
            used.add(str(token))
            body = self.follow(body, page, document)

    def follow(
        self, body: dict[str, Any], page: Page, document: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Return the body of the next page: the same with the new token, None at the end."""
        token = document.get(page.token)
        return {**body, page.token: token} if token else None

    def page_of(self, call: Call, page: Page) -> Any:
        """Return one page; raises PageExpired when the service rejects its token."""
        try:
            return self._sender.send(call).json
        except Refused as refusal:
            if refusal.status == HTTPStatus.BAD_REQUEST and page.token in call.body:
                raise PageExpired(refusal.status, refusal.message) from refusal
            raise

    def _content(self, page: dict[str, Any], contract: Contract) -> list[dict[str, Any]]:
        key = self._page(contract).key or contract.envelope
        return list(page.get(key) or [])

    @staticmethod
    def _page(contract: Contract) -> Page:
        if contract.page is None:
            raise Misuse(f"{contract.name} has no paged list")
        return contract.page


def _required_filters(contract: Contract) -> dict[str, Any]:
    """Return the required filters that allow one value only, such as the ad product."""
    return {
        row.name: {"include": list(row.enum)}
        for row in contract.filters
        if row.required and len(row.enum) == 1 and row.kind == "include"
    }


def _query_value(value: Any) -> str:
    """Return a filter value for a query: values separated by commas."""
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
