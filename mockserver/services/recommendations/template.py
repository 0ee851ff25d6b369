"""Templates filled: what each word of their vocabulary comes to.

Knows the vocabulary of ``mockserver.catalog.advice.form``. Must not know any operation by name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson

from adsmock.mockserver.catalog.recommendations.candidate_words import (
    SPREAD,
    SPREADS,
    WITHOUT_CENTS,
)
from adsmock.mockserver.catalog.recommendations.model import (
    By,
    Code,
    Day,
    Each,
    If,
    Lands,
    Money,
    Number,
    One,
    Or,
    Part,
    Whole,
    Written,
)
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.recommendations.candidates import STOCKS
from adsmock.mockserver.services.recommendations.question import NOTHING, Blanks, Question, text_of
from adsmock.mockserver.services.recommendations.subject import CHECKS, entities


def fill(template: Any, question: Question) -> Any:
    """Return what a template comes to, ``NOTHING`` for what is left out."""
    filler = _FILLERS.get(type(template))
    return template if filler is None else filler(template, question)


def _text(template: str, question: Question) -> Any:
    if "{" not in template:
        return template
    if template[0] == "{" and template.find("}") == len(template) - 1:
        return question.find(template[1:-1])
    return template.format_map(question.blanks)


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
    digits = 0 if question.context.profile.currency in WITHOUT_CENTS else 2
    amount = min(max(round(amount, digits), bounds.minimum), bounds.maximum)
    return round(amount * 100) if template.cents else amount


def _whole(template: Whole, question: Question) -> int:
    within = template.most - template.least + 1
    return int((template.least + int(within * question.unit(template.of))) * template.times)


def _part(template: Part, question: Question) -> float:
    return round(template.least + (template.most - template.least) * question.unit(template.of), 2)


def _one(template: One, question: Question) -> Any:
    return template.values[int(len(template.values) * question.unit(template.of))]


def _number(template: Number, question: Question) -> int:
    digits = question.find(template.blank)
    return int(digits) if isinstance(digits, str) and digits.isdecimal() else 0


def _code(template: Code, question: Question) -> str:
    seed = (*question.seed, template.of)
    return (
        seeded_random.hexadecimal(template.length, *seed)
        if template.length
        else seeded_random.uuid(*seed)
    )


def _day(template: Day, question: Question) -> str:
    return (question.today + timedelta(days=template.after)).strftime(template.form)


def _written(template: Written, question: Question) -> str:
    return orjson.dumps(fill(template.value, question)).decode()


def _by(template: By, question: Question) -> Any:
    chosen = template.cases.get(str(question.find(template.blank)), template.usual)
    return NOTHING if chosen is None else fill(chosen, question)


def _if(template: If, question: Question) -> Any:
    value = question.find(template.blank)
    holds = template.usual if value is NOTHING else bool(value)
    if template.holds:
        holds = isinstance(value, list) and template.holds in value
    chosen = template.then if holds else template.other
    return NOTHING if chosen is ... else fill(chosen, question)


def _or(template: Or, question: Question) -> Any:
    value = question.find(template.blank)
    return fill(template.usual, question) if value is NOTHING else value


def _lands(template: Lands, question: Question) -> dict[str, Any]:
    return {profile.country: fill(template.row, question.at(profile)) for profile in question.lands}


def _each(template: Each, question: Question) -> list[Any]:
    if template.of.startswith("{"):
        rows = _given(template, question)
    elif template.of.startswith("@"):
        held = entities(template.of[1:], question)
        rows = [(index, key, blanks) for index, (key, blanks) in enumerate(held)]
    else:
        stock = STOCKS[template.of](question)
        rows = [(index, str(row["key"]), row) for index, row in enumerate(stock)]
    filled = [
        fill(template.row, question.row(key, blanks, index))
        for index, key, blanks in rows[: template.most]
    ]
    return [value for value in filled if value is not NOTHING]


def _given(template: Each, question: Question) -> list[tuple[int, str, Blanks]]:
    """Return a row for each item of an array that was given, of those that the check wants."""
    items = question.find(template.of[1:-1])
    rows: list[tuple[int, str, Blanks]] = []
    for index, item in enumerate(items if isinstance(items, list) else ()):
        blanks: Blanks = {**item, "item": item} if isinstance(item, dict) else {"item": item}
        if template.judged:
            told = _planned(question, index)
            more = None if told else CHECKS[template.judged](item, question)
            if (more is None) is template.passed:
                continue
            blanks |= {**(more or {}), "planned": told}
        rows.append((index, text_of(item), blanks))
    return rows


def _planned(question: Question, index: int) -> Blanks | None:
    """Return what is said of an item that a fault dooms, by its place in its own array."""
    effect = partial.failing(question.context.planned, index)
    return None if effect is None else {"code": effect.reason, "details": partial.text(effect)}


_FILLERS: dict[type, Callable[[Any, Question], Any]] = {
    str: _text,
    dict: _object,
    tuple: _array,
    Money: _money,
    Whole: _whole,
    Part: _part,
    One: _one,
    Number: _number,
    Code: _code,
    Day: _day,
    Written: _written,
    By: _by,
    If: _if,
    Or: _or,
    Lands: _lands,
    Each: _each,
}
