"""The page of limits: items of a request, entities of a page, budgets and bids by marketplace."""

import re
import string
from collections.abc import Iterable

from adsmock.contracts.loader import load
from docs.generate.markdown import code, table

INTRO = """\
# Limits of requests, budgets and bids

The mock refuses what exceeds these limits. They come from its contracts; the
[fidelity ledger](fidelity-ledger.md) names the source of each.

## Items and pages

A write with more items is refused as a whole. A list returns at most one page, and `nextToken` if
there is more.

"""

NAMES = """
## Characters of names

The name of a campaign, ad group, Sponsored Brands ad or portfolio may have letters (Latin with
accents, Japanese, Chinese, Devanagari, Tamil, Arabic), digits, spaces and
{allowed}.

The mock refuses any other character, such as {refused}, an emoji or a line break, with
`malformedValueError`. The message, `Campaign name has invalid characters`, does not name it.
"""

AMOUNTS = """
## Smallest budgets and bids

Amounts are in the currency of the profile's marketplace. An item with less gets an error in the
207 reply. SP is Sponsored Products, SB Sponsored Brands, SD Sponsored Display. Budgets are daily.

"""

LARGEST = """
## Largest budgets and bids

"""

COLUMNS = (
    ("SP budget", "sp.budget"),
    ("SP bid", "sp.bid"),
    ("SB budget", "sb.budget"),
    ("SB budget, vendor", "sb.budget.vendor"),
    ("SB bid, image", "sb.bid.image"),
    ("SB bid, video", "sb.bid.video"),
    ("SD budget", "sd.budget"),
    ("SD budget, vendor", "sd.budget.vendor"),
    ("SD bid, CPC", "sd.bid.cpc"),
    ("SD bid, VCPM", "sd.bid.vcpm"),
)

NONE = "none"


def pages() -> dict[str, str]:
    """Return the page."""
    text = (
        f"{INTRO}{_items()}{_names()}{AMOUNTS}{_amounts('minimum')}{LARGEST}{_amounts('maximum')}"
    )
    return {"limits.md": text}


def _items() -> str:
    contracts = load().by_name
    rows = (
        (code(name), _number(found.batch_maximum), _number(found.page and found.page.maximum))
        for name, found in sorted(contracts.items())
        if found.batch_maximum or found.page
    )
    return table(("Resource", "Items in a request", "Entities on a page"), rows)


def _names() -> str:
    """Return which characters a name may have, by the rule of Sponsored Products campaigns."""
    rules = load().by_name["sp.campaigns"].rules
    pattern = next(rule.pattern for rule in rules if rule.reason == "FORBIDDEN_CHARS")
    signs = {sign: bool(re.fullmatch(pattern, sign)) for sign in string.punctuation}
    allowed, refused = (
        " ".join(sign for sign in signs if signs[sign] is fits) for fits in (True, False)
    )
    return NAMES.format(allowed=f"`` {allowed} ``", refused=code(refused))


def _number(value: float | None) -> str:
    if not value:
        return NONE
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def _amounts(side: str) -> str:
    """Return the table of all marketplaces; ``side`` is ``minimum`` or ``maximum``."""
    rows = sorted(_rows(side))
    return table(("Marketplace", "Region", "Currency", *(head for head, _ in COLUMNS)), rows)


def _rows(side: str) -> Iterable[tuple[str, ...]]:
    for country, place in load().marketplaces.items():
        amounts = (place.limits.get(name) for _, name in COLUMNS)
        shown = (_number(getattr(found, side)) if found else NONE for found in amounts)
        yield (country, place.region, place.currency, *shown)
