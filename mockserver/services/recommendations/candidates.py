"""Candidates to recommend, from the seeded product catalog and word lists.

Each row has a ``key``, which seeds its numbers, and the placeholders of its template.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from adsmock.contracts.iso8601 import is_date
from adsmock.mockserver.catalog.product_words import qualities, translated
from adsmock.mockserver.catalog.recommendations.candidate_words import (
    AGES,
    AHEAD,
    AUDIENCES,
    CONTENTS,
    DEFAULT_THEME,
    ENDINGS,
    EVENTS,
    GENRES,
    HEADLINES,
    HORIZON,
    READ,
    SHELVES,
    TOYS,
    Event,
)
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.recommendations import product_catalog
from adsmock.mockserver.services.recommendations.product_catalog import CandidateSource
from adsmock.mockserver.services.recommendations.question import NOTHING, Placeholders, Question
from adsmock.mockserver.services.recommendations.subject import campaign_placeholders
from adsmock.mockserver.services.sandboxes.identities import brand_name

_LAST_YEAR = 9_000
"""Later dates are refused, because dates end in 9999."""
MATCHES = ("BROAD", "PHRASE", "EXACT")


def _keywords(question: Question) -> list[Placeholders]:
    """Return ranked keywords: those of the request, and as many others as requested and allowed."""
    own = dict(_own(question))
    sort = question.find("sortDimension")
    order = (*question.profile_seed, "DEFAULT" if sort is NOTHING else sort)
    texts = sorted(_texts(question), key=lambda text: seeded_random.digest(8, *order, text))
    wanted = [text for text in texts if text not in own][: _remaining(question, len(own))]
    ranked = sorted([*own, *wanted], key=lambda text: seeded_random.digest(8, *order, text))
    return [
        {
            "key": text,
            "keyword": text,
            "place": place,
            "selected": text in own,
            **own.get(text, {}),
        }
        for place, text in enumerate(ranked, 1)
    ]


def _own(question: Question) -> Iterator[tuple[str, Placeholders]]:
    """Yield the keywords of the request, each with its match type and bid."""
    given = question.find("targets")
    for row in given if isinstance(given, list) else ():
        localized = (row.get("countryKeywords") or {}).get(str(question.find("land"))) or {}
        text = row.get("keyword") or localized.get("value")
        if text:
            bid = localized.get("bid", row.get("bid"))
            yield str(text), {"own": row.get("matchType") or MATCHES[0], "bid": bid}


def _texts(question: Question) -> Iterator[str]:
    country = question.context.profile.country
    for noun in product_catalog.nouns(question):
        word = translated(noun, country).lower()
        for quality in ("", *qualities(country)):
            for ending in ENDINGS:
                yield " ".join(filter(None, (quality, word, ending)))


def _matches(question: Question) -> list[Placeholders]:
    own = question.find("own")
    return [{"key": match, "match": match} for match in (MATCHES if own is NOTHING else (own,))]


def _targets(question: Question) -> list[Placeholders]:
    """Return each keyword with each of its match types."""
    rows = [
        {**keyword, "key": f"{keyword['key']} {match}", "match": match}
        for keyword in _keywords(question)
        for match in ((keyword["own"],) if "own" in keyword else MATCHES)
    ]
    others = [row["key"] for row in rows if not row["selected"]]
    kept = set(others[: _remaining(question, len(rows) - len(others))])
    return [row for row in rows if row["selected"] or row["key"] in kept]


def _remaining(question: Question, own: int) -> int:
    """Return how many rows may join ``own`` rows within the limit of the reply."""
    return min(question.count, question.advice.count[2] - own)


def _headlines(question: Question) -> list[Placeholders]:
    """Return headlines for the first product of the request, the best first."""
    noun = product_catalog.nouns(question)[0]
    brand = brand_name(question.context.sandbox, question.context.profile)
    texts = [text.format(noun=noun, brand=brand) for text in HEADLINES]
    ranked = sorted(texts, key=lambda text: seeded_random.digest(8, *question.seed, text))
    return [{"key": text, "headline": text} for text in ranked[: question.count]]


def _audiences(question: Question) -> list[Placeholders]:
    return [
        {"key": kind, "kind": kind, "below": product_catalog.rows_of("audience", names, question)}
        for kind, names in AUDIENCES.items()
    ]


def _contents(question: Question) -> list[Placeholders]:
    rows = product_catalog.rows_of("content", CONTENTS, question)
    return [row | {"id": f"amzn1.iab-content.{row['id']}"} for row in rows]


def _shelves(question: Question) -> list[Placeholders]:
    del question
    return [{"key": theme, "theme": theme, "description": text} for theme, text in SHELVES]


def _dated(event: Event, day: date) -> tuple[date, date]:
    """Return the first and last day of the event that is current on ``day``, else of the next."""
    year = day.year if date(day.year, *event.last) >= day else day.year + 1
    return date(year, *event.first), date(year, *event.last)


def _between(start: date, end: date) -> list[Placeholders]:
    rows = []
    for event in EVENTS:
        first, last = _dated(event, start)
        if first <= end and last >= start:
            rows.append(
                {
                    "key": event.key, "name": event.name, "theme": event.theme,
                    "first": first.strftime("%Y%m%d"), "last": last.strftime("%Y%m%d"),
                }
            )  # fmt: skip
    return sorted(rows, key=lambda row: row["first"])


def _campaign_events(question: Question) -> list[Placeholders]:
    """Return the events during the campaign."""
    start = _day(question, "startDate") or question.today
    return _between(start, _day(question, "endDate") or start + timedelta(days=HORIZON))


def _day(question: Question, placeholder: str) -> date | None:
    value = question.find(placeholder)
    if value is NOTHING:
        return None
    text = str(value)
    if not is_date(text, compact=True) or (day := date.fromisoformat(text)).year > _LAST_YEAR:
        raise question.refused(f"{placeholder} is not a day as YYYYMMDD")
    return day


def _themes(question: Question) -> list[Placeholders]:
    """Return the default theme of bids, and the theme of a shopping event that begins soon."""
    soon = _between(question.today, question.today + timedelta(days=AHEAD))
    themes = [DEFAULT_THEME, *[str(row["theme"]) for row in soon if row["theme"]][:1]]
    return [{"key": theme, "theme": theme} for theme in themes]


def _campaigns(question: Question) -> list[Placeholders]:
    """Return all campaigns that are not archived, or those of the request."""
    table = question.validation.table(f"{question.context.contract.family}.campaigns")
    named = question.find("campaignIds")
    wanted = None if named is NOTHING else {part.strip() for part in str(named).split(",")}
    return [
        campaign_placeholders(entity, question)
        for entity in table.many(table.order)
        if not entity.is_archived and (wanted is None or entity.id in wanted)
    ]


SOURCES: dict[str, CandidateSource] = {
    "page": lambda question: question.page,
    "keyword": _keywords,
    "match": _matches,
    "target": _targets,
    "product": product_catalog.ranked_products,
    "shelf": _shelves,
    "category": product_catalog.categories,
    "department": product_catalog.departments,
    "node": product_catalog.nodes,
    "brand": product_catalog.brands,
    "like": product_catalog.matching_brands,
    "age": product_catalog.refinements("age", AGES, TOYS),
    "genre": product_catalog.refinements("genre", GENRES, READ),
    "headline": _headlines,
    "audienceKind": _audiences,
    "content": _contents,
    "event": lambda question: _between(question.today, question.today + timedelta(days=HORIZON)),
    "campaignEvent": _campaign_events,
    "theme": _themes,
    "campaign": _campaigns,
}
