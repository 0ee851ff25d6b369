"""Filling of templates whose parts ``mockserver.catalog.recommendations.model`` defines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson

from adsmock.mockserver.catalog.recommendations.candidate_words import (
    SPREAD,
    SPREADS,
)
from adsmock.mockserver.catalog.recommendations.model import (
    ByValue,
    Choice,
    DateAhead,
    DecimalBetween,
    If,
    IntegerBetween,
    IntegerOf,
    JsonText,
    Money,
    OrDefault,
    PerCountry,
    RandomId,
    RowsOf,
)
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.recommendations.candidates import SOURCES
from adsmock.mockserver.services.recommendations.question import (
    NOTHING,
    Placeholders,
    Question,
    text_of,
)
from adsmock.mockserver.services.recommendations.subject import CHECKS, entities


def fill(template: Any, question: Question) -> Any:
    """Return the value of a template, ``NOTHING`` for a member to leave out."""
    filler = _FILLERS.get(type(template))
    return template if filler is None else filler(template, question)


def _text(template: str, question: Question) -> Any:
    if "{" not in template:
        return template
    if template[0] == "{" and template.find("}") == len(template) - 1:
        return question.find(template[1:-1])
    return template.format_map(question.placeholders)


def _object(template: dict[str, Any], question: Question) -> dict[str, Any]:
    filled = {name: fill(value, question) for name, value in template.items()}
    return {name: value for name, value in filled.items() if value is not NOTHING}


def _array(template: tuple[Any, ...], question: Question) -> list[Any]:
    filled = [fill(value, question) for value in template]
    return [value for value in filled if value is not NOTHING]


def _money(template: Money, question: Question) -> float:
    name, bounds = question.bounds(template.limit or question.limit)
    base, (low, high) = bounds.minimum, template.spread or SPREADS.get(name, SPREAD)
    if template.base:
        present = question.find(template.base)
        if isinstance(present, (int, float)):
            base = present
        else:
            low, high = SPREAD
    amount = base * (low + (high - low) * question.unit(template.of)) * template.times
    amount = question.marketplace.rounded(min(max(amount, bounds.minimum), bounds.maximum))
    return round(amount * 100) if template.cents else amount


def _whole(template: IntegerBetween, question: Question) -> int:
    within = template.most - template.least + 1
    times = template.times * (question.marketplace.price_level if template.is_money else 1)
    return int((template.least + int(within * question.unit(template.of))) * times)


def _part(template: DecimalBetween, question: Question) -> float:
    return round(template.least + (template.most - template.least) * question.unit(template.of), 2)


def _one(template: Choice, question: Question) -> Any:
    return template.values[int(len(template.values) * question.unit(template.of))]


def _number(template: IntegerOf, question: Question) -> int:
    digits = question.find(template.placeholder)
    return int(digits) if isinstance(digits, str) and digits.isdecimal() else 0


def _code(template: RandomId, question: Question) -> str:
    seed = (*question.seed, template.of)
    return (
        seeded_random.hexadecimal(template.length, *seed)
        if template.length
        else seeded_random.uuid(*seed)
    )


def _day(template: DateAhead, question: Question) -> str:
    return (question.today + timedelta(days=template.after)).strftime(template.form)


def _by(template: ByValue, question: Question) -> Any:
    chosen = template.cases.get(str(question.find(template.placeholder)), template.default)
    return NOTHING if chosen is None else fill(chosen, question)


def _if(template: If, question: Question) -> Any:
    value = question.find(template.placeholder)
    is_true = template.default if value is NOTHING else bool(value)
    if template.contains:
        is_true = isinstance(value, list) and template.contains in value
    chosen = template.then if is_true else template.other
    return NOTHING if chosen is ... else fill(chosen, question)


def _or(template: OrDefault, question: Question) -> Any:
    value = question.find(template.placeholder)
    return fill(template.default, question) if value is NOTHING else value


def _lands(template: PerCountry, question: Question) -> dict[str, Any]:
    return {
        profile.country: fill(template.row, question.at(profile))
        for profile in question.profiles_asked
    }


def _each(template: RowsOf, question: Question) -> list[Any]:
    if template.of.startswith("{"):
        rows = _given(template, question)
    elif template.of.startswith("@"):
        found = entities(template.of[1:], question)
        rows = [(index, key, placeholders) for index, (key, placeholders) in enumerate(found)]
    else:
        source = SOURCES[template.of](question)
        rows = [(index, str(row["key"]), row) for index, row in enumerate(source)]
    filled = [
        fill(template.row, question.row(key, placeholders, index))
        for index, key, placeholders in rows[: template.most]
    ]
    return [value for value in filled if value is not NOTHING]


def _given(template: RowsOf, question: Question) -> list[tuple[int, str, Placeholders]]:
    """Return a row for each item of a request array that the check selects."""
    items = question.find(template.of[1:-1])
    rows: list[tuple[int, str, Placeholders]] = []
    for index, item in enumerate(items if isinstance(items, list) else ()):
        placeholders: Placeholders = (
            {**item, "item": item} if isinstance(item, dict) else {"item": item}
        )
        if template.check:
            fault = _failing(question, index, item)
            more = None if fault else CHECKS[template.check](item, question)
            if (more is None) is template.passed:
                continue
            placeholders |= {**(more or {}), "fault": fault}
        rows.append((index, text_of(item), placeholders))
    return rows


def _failing(question: Question, index: int, item: Any) -> Placeholders | None:
    """Return the error of an item that a fault makes fail, by its index in its array."""
    effect = partial.failing(question.context.fault, index, item)
    return None if effect is None else {"code": effect.reason, "details": partial.text(effect)}


_FILLERS: dict[type, Callable[[Any, Question], Any]] = {
    str: _text,
    dict: _object,
    tuple: _array,
    Money: _money,
    IntegerBetween: _whole,
    DecimalBetween: _part,
    Choice: _one,
    IntegerOf: _number,
    RandomId: _code,
    DateAhead: _day,
    JsonText: lambda template, question: orjson.dumps(fill(template.value, question)).decode(),
    ByValue: _by,
    If: _if,
    OrDefault: _or,
    PerCountry: _lands,
    RowsOf: _each,
}
