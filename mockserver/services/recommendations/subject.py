"""What a question is about: entities that must be there, products, items judged one by one.

Knows how subjects are looked up. Must not know any operation by name.

Source: airbytehq/airbyte issue 26400 (observed: keywords for an automatic campaign's ad group).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from adsmock.mockserver.catalog.recommendations.model import Need
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.accounts.ads_accounts import profiles_of
from adsmock.mockserver.services.recommendations.question import NOTHING, Blanks, Question, refused
from adsmock.mockserver.services.request_context import RequestContext

_ASIN = re.compile(r"[A-Z0-9]{10}")
_WORDS, _LETTERS = 10, 80
_THEMES = frozenset({"KEYWORDS_RELATED_TO_YOUR_BRAND", "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES"})


def find(question: Question, of: str, entity_id: object) -> Entity | None:
    """Return a live entity of the family's resource ``of``."""
    table = question.scene.table(f"{question.context.contract.family}.{of}")
    entity = table.get(str(entity_id))
    return None if entity is None or entity.is_archived else entity


def meet(need: Need, question: Question) -> None:
    """Pass when the entity that a blank names is there, under its parent and not barred.

    Raises:
        ApiError: it is not there, or nothing is recommended for what its parent is.
    """
    named = question.find(need.blank)
    if named is NOTHING:
        return
    entity = find(question, need.of, named)
    parent = question.find(need.under) if need.under else NOTHING
    if entity is None or (parent is not NOTHING and str(parent) not in entity.parents):
        raise question.refused(f"{need.blank} {named} was not found")
    document = question.scene.document(entity)
    parents = {name: value for name, value in document.items() if name.endswith("Id")}
    question.blanks = parents | question.blanks
    if need.barred is None:
        return
    of, member, told, value = need.barred
    above = find(question, of, document.get(member))
    if above is not None and question.scene.document(above).get(told) == value:
        raise ApiError("invalid", 400, message=need.message)


def account_of(context: RequestContext, blank: str) -> list[Profile]:
    """Return the profiles of the ads account that a header names.

    Raises:
        ApiError: there is no such account.
    """
    profiles = profiles_of(context, context.parameters.get(blank, ""))
    if not profiles:
        raise refused(context, f"{blank} is not known")
    return profiles


def settle(question: Question, profiles: list[Profile]) -> None:
    """Find which countries of an account are in question, and which of them are left out.

    Raises:
        ApiError: no country is left.
    """
    advice = question.advice
    known = {profile.country: profile for profile in profiles}
    abroad = dict.fromkeys(_wanted(question, list(known)), "The account has no profile there")
    lands = []
    for country in [name for name in abroad if name in known]:
        try:
            for need in advice.needs:
                meet(need, question.at(known[country]))
        except ApiError as error:
            abroad[country] = error.message or ""
        else:
            lands.append(known[country])
            del abroad[country]
    if not lands:
        raise question.refused("; ".join(dict.fromkeys(abroad.values())) or "No country is named")
    question.lands = tuple(lands)
    rows = [{"country": country, "message": text} for country, text in abroad.items()]
    question.blanks["abroad"] = rows


def _wanted(question: Question, known: list[str]) -> list[str]:
    """Return the countries that are named, by themselves or by products, else all."""
    named = question.find(question.advice.countries)
    if not isinstance(named, list) or not named:
        products = question.find(question.advice.asins)
        maps = products if isinstance(products, list) else []
        named = [country for row in maps if isinstance(row, dict) for country in row]
    return list(dict.fromkeys(map(str, named))) or known


def asked(question: Question) -> list[str]:
    """Return the ASINs in question, the first hundred.

    Raises:
        ApiError: one is no ASIN where only ASINs are known.
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


def entities(of: str, question: Question) -> list[tuple[str, Blanks]]:
    """Return the live entities of a resource below the row's campaign: their ids and members."""
    table = question.scene.table(f"{question.context.contract.family}.{of}")
    found = table.many(table.children(0, str(question.find("campaignId"))))
    return [(row.id, question.scene.document(row)) for row in found if not row.is_archived]


def campaign(item: Any, question: Question) -> Blanks | None:
    """Let a campaign pass that is there, with its budget."""
    entity = find(question, "campaigns", item)
    return None if entity is None else held(entity, question)


def held(entity: Entity, question: Question) -> Blanks:
    """Return a campaign's id and budget."""
    amount = question.scene.document(entity).get("budget")
    budget = amount.get("budget") if isinstance(amount, dict) else amount
    return {"key": entity.id, "campaignId": entity.id, "budget": budget}


def _keyword(item: Any, question: Question) -> Blanks | None:
    del question
    text = str(item.get("keywordText") or "")
    return {} if 0 < len(text) <= _LETTERS and len(text.split()) <= _WORDS else None


def _expression(item: Any, question: Question) -> Blanks | None:
    """Let an expression pass that has predicates, each with a value; products must be ASINs."""
    del question
    predicates = [row for row in item if isinstance(row, dict) and row.get("value")]
    asins = [str(row["value"]) for row in predicates if row.get("type") == "asinSameAs"]
    if not predicates or len(predicates) != len(item) or not all(map(_ASIN.fullmatch, asins)):
        return None
    return {}


def _theme(item: Any, question: Question) -> Blanks | None:
    del question
    return {} if item in _THEMES else None


CHECKS: dict[str, Callable[[Any, Question], Blanks | None]] = {
    "campaign": campaign,
    "keyword": _keyword,
    "expression": _expression,
    "theme": _theme,
}
"""Checks of one item: further blanks for what passes, ``None`` for what does not."""
