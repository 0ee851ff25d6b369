"""What a question is about: required entities, products, and items checked one by one.

Source: airbytehq/airbyte issue 26400 (observed: keywords for an automatic campaign's ad group).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from adsmock.mockserver.catalog.recommendations.model import RequiredEntity
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.accounts.ads_accounts import profiles_of
from adsmock.mockserver.services.recommendations.question import (
    NOTHING,
    Placeholders,
    Question,
    refused,
)
from adsmock.mockserver.services.request_context import RequestContext

_ASIN = re.compile(r"[A-Z0-9]{10}")
_WORDS, _LETTERS = 10, 80
_THEMES = frozenset({"KEYWORDS_RELATED_TO_YOUR_BRAND", "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES"})


def find(question: Question, of: str, entity_id: object) -> Entity | None:
    """Return an entity of the family's resource ``of``, None if it is unknown or archived."""
    table = question.validation.table(f"{question.context.contract.family}.{of}")
    entity = table.get(str(entity_id))
    return None if entity is None or entity.is_archived else entity


def check_required_entity(need: RequiredEntity, question: Question) -> None:
    """Check that the entity a placeholder names exists under its parent, which is not excluded.

    Raises:
        ApiError: the entity is unknown, or its parent is excluded.
    """
    named = question.find(need.placeholder)
    if named is NOTHING:
        return
    entity = find(question, need.of, named)
    parent = question.find(need.under) if need.under else NOTHING
    if entity is None or (parent is not NOTHING and str(parent) not in entity.parents):
        raise question.refused(f"{need.placeholder} {named} was not found")
    document = question.validation.document(entity)
    parents = {name: value for name, value in document.items() if name.endswith("Id")}
    question.placeholders = parents | question.placeholders
    if need.excluded_parent is None:
        return
    of, member, attribute, value = need.excluded_parent
    above = find(question, of, document.get(member))
    if above is not None and question.validation.document(above).get(attribute) == value:
        raise ApiError("invalid", 400, message=need.message)


def account_of(context: RequestContext, placeholder: str) -> list[Profile]:
    """Return the profiles of the ads account that a header names.

    Raises:
        ApiError: the account is unknown.
    """
    profiles = profiles_of(context, context.parameters.get(placeholder, ""))
    if not profiles:
        raise refused(context, f"{placeholder} is not known")
    return profiles


def settle(question: Question, profiles: list[Profile]) -> None:
    """Find the countries of an account that the question is about, and those to leave out.

    Raises:
        ApiError: no country is left.
    """
    advice = question.advice
    known = {profile.country: profile for profile in profiles}
    abroad = dict.fromkeys(_wanted(question, list(known)), "The account has no profile there")
    profiles_asked = []
    for country in [name for name in abroad if name in known]:
        try:
            for need in advice.needs:
                check_required_entity(need, question.at(known[country]))
        except ApiError as error:
            abroad[country] = error.message or ""
        else:
            profiles_asked.append(known[country])
            del abroad[country]
    if not profiles_asked:
        raise question.refused("; ".join(dict.fromkeys(abroad.values())) or "No country is named")
    question.profiles_asked = tuple(profiles_asked)
    rows = [{"country": country, "message": text} for country, text in abroad.items()]
    question.placeholders["abroad"] = rows


def _wanted(question: Question, known: list[str]) -> list[str]:
    """Return the countries that the request or its products name, else all."""
    named = question.find(question.advice.countries)
    if not isinstance(named, list) or not named:
        products = question.find(question.advice.asins)
        maps = products if isinstance(products, list) else []
        named = [country for row in maps if isinstance(row, dict) for country in row]
    return list(dict.fromkeys(map(str, named))) or known


def requested_asins(question: Question) -> list[str]:
    """Return the first hundred ASINs of the request.

    Raises:
        ApiError: an item is not an ASIN where only ASINs are allowed.
    """
    given = question.find(question.advice.asins) if question.advice.asins else NOTHING
    given = given if isinstance(given, list) else [given]
    found: list[str] = []
    for item in given[:_MOST]:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            here = item.get(str(question.find("land")), item)
            found.extend(map(str, here.get("values") or filter(None, [here.get("asin")])))
    if question.advice.exact:
        for asin in found:
            if not _ASIN.fullmatch(asin):
                raise question.refused(f"{asin[:_LETTERS]} is not a valid ASIN")
    return found


_MOST = 100


def entities(of: str, question: Question) -> list[tuple[str, Placeholders]]:
    """Return the live entities of a resource below the row's campaign: their ids and members."""
    table = question.validation.table(f"{question.context.contract.family}.{of}")
    found = table.many(table.children(0, str(question.find("campaignId"))))
    return [(row.id, question.validation.document(row)) for row in found if not row.is_archived]


def campaign(item: Any, question: Question) -> Placeholders | None:
    """Accept an existing campaign; return its id and budget."""
    entity = find(question, "campaigns", item)
    return None if entity is None else campaign_placeholders(entity, question)


def campaign_placeholders(entity: Entity, question: Question) -> Placeholders:
    """Return a campaign's id and budget."""
    amount = question.validation.document(entity).get("budget")
    budget = amount.get("budget") if isinstance(amount, dict) else amount
    return {"key": entity.id, "campaignId": entity.id, "budget": budget}


def _keyword(item: Any, question: Question) -> Placeholders | None:
    del question
    text = str(item.get("keywordText") or "")
    return {} if 0 < len(text) <= _LETTERS and len(text.split()) <= _WORDS else None


def _expression(item: Any, question: Question) -> Placeholders | None:
    """Accept an expression of predicates that all have values; products must be ASINs."""
    del question
    predicates = [row for row in item if isinstance(row, dict) and row.get("value")]
    asins = [str(row["value"]) for row in predicates if row.get("type") == "asinSameAs"]
    if not predicates or len(predicates) != len(item) or not all(map(_ASIN.fullmatch, asins)):
        return None
    return {}


def _theme(item: Any, question: Question) -> Placeholders | None:
    del question
    return {} if item in _THEMES else None


CHECKS: dict[str, Callable[[Any, Question], Placeholders | None]] = {
    "campaign": campaign,
    "keyword": _keyword,
    "expression": _expression,
    "theme": _theme,
}
"""Checks of one item: placeholders of an accepted item, ``None`` for a refused one."""
