"""Read a list to its end.

Knows page tokens and page sizes, as the contract names them. Must not know what is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.client.call import Book, Call
from harness.client.errors import Misuse, UnreadableReply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.form import Contract, Page
    from harness.client.sender import Sender


class Pager:
    """Walks from page to page with the same filters, each page as large as the contract lets."""

    def __init__(self, book: Book, sender: Sender) -> None:
        self._book = book
        self._sender = sender

    def items(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> list[dict[str, Any]]:
        """Return all entities that pass the filters, in the order of the service.

        Pages are independent reads: an entity may come twice when data changes in between.
        Source: developer notes (documented). Raises as ``Chain.run``, and UnreadableReply.
        """
        contract = self._book.contract(resource)
        return [
            item
            for page in self.pages(resource, profile, filters or {}, page_size)
            for item in self._content(page, contract)
        ]

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list; each token is used once, in order, until none comes."""
        contract = self._book.contract(resource)
        page = self._page(contract)
        operation = self._book.operation(f"{resource}.list")
        region = self._sender.router.region_of(profile)
        body = {**filters, page.size: min(page_size or page.maximum, page.maximum)}
        used: set[str] = set()
        while True:
            document = self._sender.send(Call(operation, region, profile, body)).json
            if not isinstance(document, dict):
                raise UnreadableReply(f"{operation.id}: a page must be an object")
            yield document
            token = document.get(page.token)
            if not token:
                return
            if token in used:
                raise UnreadableReply(f"{operation.id}: the service repeats a page token")
            used.add(token)
            body = {**body, page.token: token}

    def _content(self, page: dict[str, Any], contract: Contract) -> list[dict[str, Any]]:
        key = self._page(contract).key or contract.envelope
        return list(page.get(key) or [])

    @staticmethod
    def _page(contract: Contract) -> Page:
        if contract.page is None:
            raise Misuse(f"{contract.name} cannot be listed page by page")
        return contract.page
