"""Amazon's accounts whose topics send the messages of a dataset, by region.

Source: ``contracts/stream``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from adsmock.contracts.loader import load


class Topic(NamedTuple):
    """A dataset in a region of the Ads API."""

    dataset: str
    region: str

    @property
    def aws_region(self) -> str:
        """The AWS region of its topics and queues."""
        return load().regions[self.region].aws_region


@cache
def by_account() -> Mapping[str, Topic]:
    """Return what the topics of each account send."""
    rows = _facts()["datasets"]
    return {
        account: Topic(row["id"], region)
        for row in rows
        for region, account in row.get("topics", {}).items()
    }


def account_of(topic: Topic) -> str | None:
    """Return the account of a dataset in a region, None where Amazon has published none."""
    return next((account for account, known in by_account().items() if known == topic), None)


def has_account(dataset: str) -> bool:
    """Say whether Amazon has published the accounts of a dataset."""
    return any(topic.dataset == dataset for topic in by_account().values())


@cache
def datasets() -> frozenset[str]:
    """Return the ids of all datasets."""
    return frozenset(row["id"] for row in _facts()["datasets"])


def reviewer() -> str:
    """Return the role with which Amazon reads the attributes of a queue."""
    return str(_facts()["reviewer"])


def _facts() -> dict[str, Any]:
    return load().by_name["stream"].extra
