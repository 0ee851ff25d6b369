"""Clients that are wrong in how they read lists."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from harness.client.client import AdsClient
from harness.client.pager import Pager
from harness.mutants.mutant import Mutant


class _ImpatientPager(Pager):
    """Takes the first page for the list."""

    def pages(
        self, resource: str, profile: str, filters: Mapping[str, Any], page_size: int | None
    ) -> Iterator[dict[str, Any]]:
        yield from itertools.islice(super().pages(resource, profile, filters, page_size), 1)


class FirstPage(AdsClient):
    """Never asks for a second page."""

    pager_class = _ImpatientPager


MUTANTS = (Mutant("first-page", "takes the first page for the list", ("P01.pages",), FirstPage),)
