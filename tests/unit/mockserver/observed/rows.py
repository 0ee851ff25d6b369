"""The rows of the list of observed facts, each with what its test is about.

A test names its row with ``observed``; ``test_rows.py`` asks for a test of each row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Test = TypeVar("Test", bound="Callable[..., None]")

ROWS = {
    "1": "media types of replies",
    "2": "members that every campaign of Sponsored Products has",
    "3": "merge of placement bidding",
    "4": "ASIN of a seller's ad",
    "5": "sales in proportion to cost, whole yen",
    "6": "impressions off Amazon",
    "7": "common headers, Preference-Applied, compression",
    "8": "Accept: application/json",
    "8b": "Content-Type stays strict",
    "9": "refusals of reports",
    "10": "budget refusal without place and limits",
    "11": "members of Sponsored Brands campaigns and ads",
    "12": "text for numbers and booleans",
    "13": "ad group in a reply without Prefer",
    "14": "nulls and weekly recurrence of budget rules",
    "15": "statuses of budget usage, creatives and locations",
    "16": "brands, landing pages, stores, assets, locations",
    "17": "serving status in an ended portfolio",
    "18": "ids of the console in lists of Sponsored Brands",
    "19": "order of allowed values in refusals",
    "20": "bids of keywords and ASINs together",
    "21": "Retry-After of a quota that a user set",
    "22": "Authorization on a download",
    "23": "body of a refused batch of the unified API",
    "24": "hosts of report files",
    "25": "an account that is throttled for months",
    "26": "reports that hang",
    "27": "start at midnight in UTC",
    "newer": "members newer than the documents",
}


def observed(row: str) -> Callable[[Test], Test]:
    """Mark a test as the test of a row."""

    def mark(test: Test) -> Test:
        test.__dict__.setdefault("rows", []).append(row)
        return test

    return mark
