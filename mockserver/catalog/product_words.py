"""Words for products and what shoppers search, by language: the same products in each.

All are assumed. A language is the first part of a marketplace's Faker locale (``locales.py``).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from adsmock.mockserver.catalog.locales import LOCALES

_FILE = Path(__file__).with_name("product_words.json")
_ENGLISH = "en"


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text("utf-8"))
    return found


def nouns(country: str) -> list[str]:
    """Return the products of a marketplace in its language; a place is the same product in all."""
    return _words()["nouns"][_language(country)]


def qualities(country: str) -> list[str]:
    """Return what shoppers add to a product, or what distinguishes one."""
    return _words()["qualities"][_language(country)]


def english_nouns() -> list[str]:
    """Return the products in English, which recommendations sort into departments."""
    return _words()["nouns"][_ENGLISH]


def translated(noun: str, country: str) -> str:
    """Return the word of a marketplace's language for a product with an English name."""
    return nouns(country)[english_nouns().index(noun)]


def _language(country: str) -> str:
    return LOCALES[country].names.partition("_")[0]
