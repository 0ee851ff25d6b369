"""The addresses of a documented source: pages, documents and files that a reader can open.

A source names pages as ``Ads docs: PATH; PATH: what there``, an OpenAPI document as ``OpenAPI
NAME``, a file in a repository as ``… as OWNER/NAME keeps it in PATH``, anything else by address.
"""

from __future__ import annotations

import re
from typing import Final

_PAGES: Final = "https://advertising.amazon.com/API/docs/en-us/"
_DOWNLOADS: Final = f"{_PAGES}reference/openapi-download"
"""The page that links to all documents."""
_DEST: Final = "https://d1y2lf8k3vrkfu.cloudfront.net/openapi/en-us/dest/{}_prod_3p.json"
_OLDER: Final = "https://dtrnk0o2zy01c.cloudfront.net/openapi/en-us/dest/{}_prod_3p.json"
_FIRST: Final = "https://d3a0d0y2hgofx6.cloudfront.net/openapi/en-us/{}"

DOCUMENTS: Final[dict[str, str]] = {
    "AccountsAccountBudgets": _DEST.format("Advertisers"),
    "AccountsAdsAccounts": _OLDER.format("AdvertisingAccounts"),
    "AccountsManagerAccounts": _OLDER.format("ManagerAccount"),
    "AdsAPIv1": _DEST.format("AmazonAdsAPIALLMerged"),
    "AdsAPIv1All": _DEST.format("AmazonAdsAPIALLMerged"),
    "AdsAPIv1SponsoredBrands": _DEST.format("AmazonAdsAPISBMerged"),
    "AdsAPIv1SponsoredDisplay": _DEST.format("AmazonAdsAPISDMerged"),
    "AdsAPIv1SponsoredProducts": _DEST.format("AmazonAdsAPISPMerged"),
    "AdsAPIv1SponsoredTelevision": _DOWNLOADS,
    "AmazonMarketingStreamSubscriptions": _OLDER.format("AmazonMarketingStream"),
    "ChangeHistory": _DEST.format("Changehistory"),
    "CreativesAssets": _FIRST.format(
        "creative-asset-library/creative-asset-library-openapi.yaml",
    ),
    "ExportsSnapshots": _DEST.format("AmazonAdsAPIExports"),
    "Locations": _DEST.format("Locations"),
    "Portfolios": _DEST.format("Portfolios"),
    "ProductsEligibility": _DEST.format("Eligibility"),
    "ProductsMetadata": _DEST.format("ProductSelector"),
    "Profiles": _FIRST.format("profiles/3-0/openapi.yaml"),
    "ReportingVersion3": _DEST.format("OfflineReport"),
    "SPSnapshotsSuggestedKeywords": _FIRST.format("sponsored-products/2-0/openapi.yaml"),
    "SponsoredBrands 3.0": _FIRST.format("sponsored-brands/3-0/openapi.yaml"),
    "SponsoredBrands 4.0": _FIRST.format("sponsored-brands/4-0/openapi.json"),
    "SponsoredBrandsV3": _FIRST.format("sponsored-brands/3-0/openapi.yaml"),
    "SponsoredBrandsV4": _FIRST.format("sponsored-brands/4-0/openapi.json"),
    "SponsoredDisplay": _FIRST.format("sponsored-display/3-0/openapi.yaml"),
    "SponsoredProducts": _DEST.format("SponsoredProducts"),
    "TestAccount": _DEST.format("AdvertisingTestAccount"),
}
"""Where each OpenAPI document is downloaded, by its name in sources.

Source: the page of downloads, as vanling1111/amazon-ads-api-go-sdk and
apollosuite/async_amazon_ads_api_v1 list its links. Amazon's links change: the page has the newest.
"""

_REPOSITORY: Final = r"(?P<repository>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)"
_KEPT: Final = re.compile(rf" as {_REPOSITORY} keeps it in (?P<path>[\w./-]+)")
_ISSUE: Final = re.compile(rf"{_REPOSITORY} issue (?P<number>\d+)")
_FILE: Final = re.compile(rf"(?:^|; ){_REPOSITORY}: (?P<path>[\w./-]+)")
_NAME: Final = r"[A-Z][A-Za-z0-9]+(?: \d\.\d)?"
_DOCUMENT: Final = re.compile(rf"OpenAPI ({_NAME}(?:(?:, | and ){_NAME})*)")
_ADDRESS: Final = re.compile(r"https://[^\s,;()]+")
_PAGE: Final = re.compile(r"[a-z0-9-]+(?:/[a-z0-9_-]+)+")


def addresses(source: str) -> list[str]:
    """Return the addresses of a source, empty if it names no place that a reader can open."""
    found = [match.rstrip(".:") for match in _ADDRESS.findall(source)]
    found += [f"{_github(match)}/blob/HEAD/{match['path']}" for match in _KEPT.finditer(source)]
    found += [f"{_github(match)}/issues/{match['number']}" for match in _ISSUE.finditer(source)]
    found += [f"{_github(match)}/blob/HEAD/{match['path']}" for match in _FILE.finditer(source)]
    found += _pages(source)
    if not found:
        names = [
            name for names in _DOCUMENT.findall(source) for name in re.split(", | and ", names)
        ]
        known = [DOCUMENTS.get(name) or DOCUMENTS.get(name.split()[0]) for name in names]
        found = [address for address in known if address]
    return list(dict.fromkeys(found))


def _github(match: re.Match[str]) -> str:
    return f"https://github.com/{match['repository']}"


def _pages(source: str) -> list[str]:
    kind, _, rest = source.partition("Ads docs: ")
    if kind or not rest:
        return []
    paths = re.split(r": |, as | \(| and the pages", rest, maxsplit=1)[0].split("; ")
    return [_PAGES + path for path in paths if _PAGE.fullmatch(path)]
