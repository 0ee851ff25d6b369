"""Every documented fact names a place that a reader can open."""

import re

import pytest

from adsmock.contracts import ledger
from adsmock.contracts.source_address import addresses

PAGES = "https://advertising.amazon.com/API/docs/en-us/"
ADDRESS = re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9._-]+)+")


def test_every_documented_source_has_addresses():
    sources = {row.source for row in ledger.rows() if row.status == "documented"}
    found = {source: addresses(source) for source in sources}
    assert [source for source, where in found.items() if not where] == []
    assert [each for where in found.values() for each in where if not ADDRESS.fullmatch(each)] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Ads docs: a/b; a/c", [f"{PAGES}a/b", f"{PAGES}a/c"]),
        ("Ads docs: a/b: what is there", [f"{PAGES}a/b"]),
        ("Ads docs: a/b and the pages next to it", [f"{PAGES}a/b"]),
        (
            "OpenAPI Thing 3.0, as one/two keeps it in a/b.json",
            ["https://github.com/one/two/blob/HEAD/a/b.json"],
        ),
        ("one/two issue 7", ["https://github.com/one/two/issues/7"]),
        (
            "one/two: a.yml; three/four: b.yml",
            [
                "https://github.com/one/two/blob/HEAD/a.yml",
                "https://github.com/three/four/blob/HEAD/b.yml",
            ],
        ),
        (
            "Amazon S3, https://docs.aws.amazon.com/x.html: a note",
            ["https://docs.aws.amazon.com/x.html"],
        ),
    ],
)
def test_a_source_names_its_places(source, expected):
    assert addresses(source) == expected


def test_a_document_is_found_by_its_name_with_or_without_version():
    (plain,) = addresses("OpenAPI SponsoredProducts")
    assert addresses("OpenAPI SponsoredProducts 3.0: what there") == [plain]
    assert len(addresses("OpenAPI SponsoredProducts and SponsoredDisplay")) == 2
    brands = [addresses(f"OpenAPI SponsoredBrands {version}") for version in ("3.0", "4.0")]
    assert brands[0] != brands[1]


@pytest.mark.parametrize(
    "source",
    ["Ads docs: a/b, c", "Ads docs: the samples", "OpenAPI Unknown", "no evidence found", "notes"],
)
def test_a_vague_source_has_no_address(source):
    assert addresses(source) == []
