"""What plain values look like: text, numbers and dates that a schema leaves open.

Knows formats and how members are mostly called. Must not know how schemas are made of others.
Everything is drawn from the seed it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil, floor
from typing import Any

from rstr import Rstr

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import seeded_random

Seed = tuple[object, ...]

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS = 180
_IDENTIFIED = re.compile(r"(^id|^ids|Ids?|ID|_id)$")
_TIMED = re.compile(r"(Date|Time|Timestamp|[aA]t)$|^timestamp$")
"""Numbers that are called so are milliseconds since 1970, as older families write times."""
_WORDS = (
    "amber", "basket", "cedar", "copper", "harbor", "kettle", "lantern", "linen",
    "maple", "meadow", "orchid", "pebble", "quartz", "ridge", "saffron", "willow",
)  # fmt: skip
_MOST = 1_000
_ID_DIGITS = 15


def text(node: dict[str, Any], name: str, seed: Seed) -> str:
    """Return a text for a member called ``name``, of a length that ``node`` allows."""
    least, most = node.get("minLength", 0), node.get("maxLength")
    pattern, form = node.get("pattern"), node.get("format")
    if isinstance(pattern, str):
        return _patterned(pattern, least, most, seed)
    if form in _FORMATS:
        return _FORMATS[form](seed)
    for called, make in _NAMED:
        if called.search(name):
            return _fitted(make(seed), least, most, seed)
    return _fitted(f"{_word(seed)} {_word((*seed, 1))}", least, most, seed)


def number(node: dict[str, Any], name: str, seed: Seed) -> float:
    """Return a number within the bounds of ``node``; an id where the name says so."""
    is_whole = "integer" in _kinds(node)
    if _TIMED.search(name) and not {"minimum", "maximum"} & node.keys():
        return int(_moment(seed).timestamp() * 1000)
    if _IDENTIFIED.search(name) and "maximum" not in node:
        return (
            int(_digits(seed))
            if node.get("format") != "int32"
            else seeded_random.integer(10**9, *seed)
        )
    low, high = _bounds(node)
    step = node.get("multipleOf") or (1 if is_whole else 0)
    if step:
        first, last = ceil(low / step), floor(high / step)
        value = (first + seeded_random.integer(max(1, last - first + 1), *seed)) * step
        return int(value) if is_whole else value
    return min(high, max(low, round(low + (high - low) * seeded_random.unit(*seed), 2)))


def _bounds(node: dict[str, Any]) -> tuple[float, float]:
    is_whole = "integer" in _kinds(node)
    step = 1 if is_whole else 0.01
    low, high = node.get("minimum"), node.get("maximum")
    if "exclusiveMinimum" in node:
        low = max(node["exclusiveMinimum"] + step, low if low is not None else float("-inf"))
    if "exclusiveMaximum" in node:
        high = min(node["exclusiveMaximum"] - step, high if high is not None else float("inf"))
    if low is None:
        low = min(0, high) if high is not None else 0
    if high is None:
        high = low + _MOST
    return low, max(low, min(high, low + _MOST))


def _kinds(node: dict[str, Any]) -> list[Any]:
    kinds = node.get("type")
    return kinds if isinstance(kinds, list) else [kinds]


def _patterned(pattern: str, least: int, most: int | None, seed: Seed) -> str:
    """Return a text that a pattern fits; a length is met by luck, so several are tried."""
    found = ""
    for attempt in range(_TRIES):
        try:
            found = Rstr(seeded_random.generator(*seed, attempt)).xeger(pattern)
        except (re.error, KeyError, ValueError, IndexError):
            return _fitted(_word(seed), least, most, seed)  # a pattern of another engine
        while len(found) < least:  # a pattern may stand for a part alone
            found += _word((*seed, attempt, len(found)))
        found = found if most is None else found[:most]
        if re.search(pattern, found):
            break
    return found


_TRIES = 20


def _fitted(value: str, least: int, most: int | None, seed: Seed) -> str:
    while len(value) < least:
        value += f" {_word((*seed, len(value)))}"
    return value if most is None else value[:most].strip() or value[:most]


def _word(seed: Seed) -> str:
    return _WORDS[seeded_random.integer(len(_WORDS), *seed)]


def _digits(seed: Seed) -> str:
    return str(10 ** (_ID_DIGITS - 1) + seeded_random.integer(9 * 10 ** (_ID_DIGITS - 1), *seed))


def _address(seed: Seed) -> str:
    return f"https://example.com/{seeded_random.hexadecimal(12, *seed)}"


def _moment(seed: Seed) -> datetime:
    return _EPOCH + timedelta(
        days=seeded_random.integer(_DAYS, *seed), seconds=seeded_random.integer(86_400, *seed)
    )


_NAMED: tuple[tuple[re.Pattern[str], Callable[[Seed], str]], ...] = (
    (re.compile(r"asins?$", re.IGNORECASE), lambda seed: "B0" + seeded_random.letters(8, *seed)),
    (_IDENTIFIED, _digits),
    (re.compile(r"(url|uri|link)$", re.IGNORECASE), _address),
    (re.compile(r"currency(code)?$", re.IGNORECASE), lambda _: "USD"),
    (re.compile(r"country(code)?$", re.IGNORECASE), lambda _: "US"),
    (re.compile(r"(date|day)$", re.IGNORECASE), lambda seed: _moment(seed).date().isoformat()),
    (re.compile(r"(time|at)$"), lambda seed: format_utc(_moment(seed).timestamp(), "seconds")),
)
"""What a text member looks like that is called so and has no format, pattern or values."""

_FORMATS: dict[str, Callable[[Seed], str]] = {
    "date": lambda seed: _moment(seed).date().isoformat(),
    "date-time": lambda seed: format_utc(_moment(seed).timestamp(), "seconds"),
    "time": lambda seed: _moment(seed).strftime("%H:%M:%SZ"),
    "duration": lambda _: "P1D",
    "email": lambda seed: f"{_word(seed)}@example.com",
    "hostname": lambda seed: f"{_word(seed)}.example.com",
    "ipv4": lambda seed: f"192.0.2.{seeded_random.integer(254, *seed) + 1}",
    "ipv6": lambda seed: f"2001:db8::{seeded_random.integer(9999, *seed) + 1}",
    "uri": _address,
    "uri-reference": _address,
    "uuid": lambda seed: seeded_random.uuid(*seed),
    "byte": lambda _: "YWRzbW9jaw==",
    "regex": lambda _: ".*",
    "json-pointer": lambda _: "/0",
}
