"""Candidates from the seeded product catalog: products, categories, brands and refinements."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from adsmock.mockserver.catalog.recommendations.candidate_words import BRANDS, DEPARTMENTS
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.products import product_metadata
from adsmock.mockserver.services.recommendations.question import (
    NOTHING,
    Placeholders,
    Question,
    text_of,
)
from adsmock.mockserver.services.recommendations.subject import find, requested_asins
from adsmock.mockserver.services.sandboxes.identities import brand_name, competing_brands

CandidateSource = Callable[[Question], list[Placeholders]]
_NUMBER = 10**9


def nouns(question: Question) -> list[str]:
    """Return the product names of the request, or a generated one."""
    asins = requested_asins(question)
    if not asins:
        asins = list(_advertised(question)) or [text_of(list(map(str, question.seed)))]
    return list(dict.fromkeys(product_metadata.noun(question.context, asin) for asin in asins))


def _advertised(question: Question) -> Iterator[str]:
    """Yield ASIN or SKU of the products that the ad group advertises."""
    group = question.find("adGroupId")
    if group is NOTHING or find(question, "adGroups", group) is None:
        return
    table = question.validation.table(f"{question.context.contract.family}.productAds")
    for entity in table.many(table.children(1, str(group))):
        ad = question.validation.document(entity)
        yield str(ad.get("asin") or ad.get("sku"))


def ranked_products(question: Question) -> list[Placeholders]:
    """Return the products of the catalog without those of the request, the best first."""
    known = requested_asins(question)
    codes = [asin for asin in product_metadata.codes(question.context) if asin not in known]
    ranked = sorted(codes, key=lambda asin: seeded_random.digest(8, *question.seed, asin))
    return [{"key": asin, "asin": asin, "asked": known[:5] or None} for asin in ranked]


def number_of(kind: str, question: Question, name: str) -> int:
    """Return the id that ``name`` has in the marketplace."""
    return _NUMBER + seeded_random.integer(
        8 * _NUMBER, kind, question.context.profile.country, name
    )


def _department(question: Question, name: str) -> Placeholders:
    number = number_of("category", question, name)
    return {
        "key": str(number), "id": str(number), "number": number, "name": name,
        "path": f"/{name}", "steps": [name],
    }  # fmt: skip


def _category(question: Question, name: str, department: str) -> Placeholders:
    above = _department(question, department)
    return _department(question, name) | {
        "parent": above["id"], "path": f"/{department}/{name}", "steps": [department, name],
    }  # fmt: skip


_ABOVE = {name: department for department, names in DEPARTMENTS.items() for name in names}


def categories(question: Question) -> list[Placeholders]:
    """Return the categories of the products, and on request their ancestors."""
    if not requested_asins(question):
        return []
    names = nouns(question)
    rows = [_category(question, name, _ABOVE[name]) for name in names]
    if question.find("includeAncestor") is True:
        above = dict.fromkeys(_ABOVE[name] for name in names)
        rows += [_department(question, name) for name in above]
    return rows


def departments(question: Question) -> list[Placeholders]:
    """Return every department with the categories below it."""
    return [
        _department(question, name) | {"below": [_category(question, each, name) for each in names]}
        for name, names in DEPARTMENTS.items()
    ]


def nodes(question: Question) -> list[Placeholders]:
    """Return departments and categories: all, the roots, or those below one."""
    roots = departments(question)
    above = question.find("parentCategoryRefinementId")
    if above is not NOTHING:
        return [row for root in roots if root["id"] == above for row in root["below"]]
    if str(question.find("includeOnlyRootCategories")).lower() == "true":
        return roots
    return [row for root in roots for row in (root, *root["below"])]


def _brand(question: Question, name: str) -> Placeholders:
    number = number_of("brand", question, name)
    return {"key": str(number), "id": str(number), "number": number, "name": name}


def brands(question: Question) -> list[Placeholders]:
    """Return the profile's own brand and others."""
    sandbox, profile = question.context.sandbox, question.context.profile
    others = competing_brands(sandbox, profile, BRANDS - 1)
    return [_brand(question, name) for name in (brand_name(sandbox, profile), *others)]


def matching_brands(question: Question) -> list[Placeholders]:
    """Return a brand with the name that was searched for, and those whose name contains it."""
    word = str(question.find("keyword")).strip()
    found = [row for row in brands(question) if word.casefold() in str(row["name"]).casefold()]
    exact = [row for row in found if str(row["name"]).casefold() == word.casefold()]
    others = [row for row in found if row not in exact]
    return [*(exact or [_brand(question, word.title())]), *others] if word else []


def rows_of(kind: str, names: tuple[str, ...], question: Question) -> list[Placeholders]:
    """Return a row for each name: its id in the marketplace and itself."""
    return [
        {"key": name, "id": str(number_of(kind, question, name)), "name": name} for name in names
    ]


def refinements(kind: str, names: tuple[str, ...], department: str) -> CandidateSource:
    """Return a source of names that only the categories of one department have."""

    def source(question: Question) -> list[Placeholders]:
        wanted = question.find("categoryId")
        wanted = question.find("categoryRefinementId") if wanted is NOTHING else wanted
        above = next(row for row in departments(question) if row["name"] == department)
        if wanted not in {above["id"], *(row["id"] for row in above["below"])}:
            return []
        return rows_of(kind, names, question)

    return source
