"""Word lists of recommendations: departments, keywords, events, headlines, audiences.

All are assumed, except for the themes of bids (documented: OpenAPI SponsoredProducts).
"""

from __future__ import annotations

from dataclasses import dataclass

SPREADS: dict[str, tuple[float, float]] = {
    "sp.bid": (15, 60),
    "sd.bid.cpc": (15, 60),
    "sd.bid.vcpm": (2, 8),
    "sb.bid.image": (6, 25),
    "sb.bid.video": (3, 12),
    "sb.bid.vcpm.image.bis": (1.2, 4),
}
"""Least and most of an amount, as multiples of the marketplace's minimum."""
SPREAD = (10.0, 40.0)

SUBSTITUTES: dict[str, str] = {
    "sb.bid.vcpm.image.bis": "sb.bid.image",
    "sb.bid.image": "sp.bid",
    "sb.bid.video": "sb.bid.image",
    "sd.bid.vcpm": "sd.bid.cpc",
    "sd.bid.cpc": "sp.bid",
    "sb.budget": "sp.budget",
    "sd.budget": "sp.budget",
}
"""The substitute for a limit that a marketplace does not have."""

TOYS, READ = "Toys & Games", "Books"
"""The departments with age ranges, and with genres."""
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "Sports & Outdoors": ("Backpack", "Running Shoes", "Sleeping Bag", "Water Bottle", "Yoga Mat"),
    "Home & Kitchen": ("Coffee Grinder", "Table Lamp", "Kettle", "Lunch Box", "Tea Set"),
    "Pet Supplies": ("Dog Bed",),
    "Patio & Garden": ("Garden Hose",),
    "Beauty & Personal Care": ("Body Lotion", "Soap Bar"),
    "Electronics": ("Headphones",),
    "Office Products": ("Notebook",),
    "Toys & Games": ("Puzzle", "Toy Train"),
    "Books": ("Cookbooks", "Travel Guides"),
    "Clothing & Shoes": ("Rain Jacket", "Wool Socks"),
}
"""Categories by department; a category is also the name of a product in the catalog."""

ENDINGS = (
    "", "for women", "for men", "for home", "for office", "for school", "for travel", "with case",
    "black", "blue", "green", "small", "set", "on sale",
)  # fmt: skip
"""Text after the product in a keyword."""

AGES = ("Birth to 24 Months", "2 to 4 Years", "5 to 7 Years", "8 to 13 Years", "14 Years & Up")
GENRES = ("Adventure", "Biography", "Cooking", "History", "Poetry", "Science Fiction", "Travel")
BRANDS = 10

HEADLINES = (
    "Discover {noun}s by {brand}", "{noun}s made to last", "Meet your new {noun}",
    "{brand}: {noun}s you will love", "The {noun} for every day", "Upgrade your {noun} today",
    "A better {noun} by {brand}", "Find the right {noun}", "{noun}s for the whole family",
    "Simple, solid, {brand}",
)  # fmt: skip
"""None is longer than 50 characters with the longest product."""

SHELVES = (
    ("TOP_CONVERTING", "Products that shoppers buy after they saw yours"),
    ("FREQUENTLY_VIEWED", "Products that are often viewed together with yours"),
    ("SIMILAR_ITEMS", "Products like yours at a higher price"),
    ("COMPLEMENTS", "Products that go well with yours"),
)
"""Themes of recommended products."""

AUDIENCES: dict[str, tuple[str, ...]] = {
    "In-market": ("Outdoor gear", "Kitchen appliances", "Running"),
    "Lifestyle": ("Home cooks", "Weekend hikers"),
    "Interest": ("Gardening", "Board games", "Fitness"),
    "Life event": ("New movers", "Recently married"),
}
CONTENTS = ("Action", "Comedy", "Cooking shows", "Documentary", "Sports", "Travel shows")


@dataclass(frozen=True, slots=True)
class Event:
    """A yearly shopping event: first and last day as (month, day), and its theme of bids."""

    key: str
    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    theme: str = ""


EVENTS = (
    Event("VALENTINES_DAY", "Valentine's Day", (2, 1), (2, 14)),
    Event("MOTHERS_DAY", "Mother's Day", (4, 27), (5, 11)),
    Event("PRIME_DAY", "Prime Day", (7, 8), (7, 11), "PRIME_DAY"),
    Event("BACK_TO_SCHOOL", "Back to School", (8, 1), (8, 31)),
    Event(
        "FALL_PRIME_DEAL_EVENT", "Prime Big Deal Days", (10, 7), (10, 8), "FALL_PRIME_DEAL_EVENT"
    ),
    Event("HALLOWEEN", "Halloween", (10, 20), (10, 31)),
    Event("BFCM_HOLIDAY", "Black Friday to Christmas", (11, 20), (12, 24), "BFCM_HOLIDAY"),
)
DEFAULT_THEME = "CONVERSION_OPPORTUNITIES"
AHEAD = 60
"""Days before an event from which bids are recommended for it."""
HORIZON = 90
"""Days after which events are too far away."""
