"""Strings, numbers and dates for schemas that allow any, chosen by format and member name.

Each value depends on its seed alone. Names, addresses and e-mail addresses are Faker's, in the
locale of the caller's marketplace.
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
from adsmock.mockserver.services.sandboxes.identities import Kind, generate

Seed = tuple[object, ...]

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS = 180
_ID_NAME = re.compile(r"(^id|^ids|Ids?|ID|_id)$")
_TIME_NAME = re.compile(r"(Date|Time|Timestamp|[aA]t)$|^timestamp$")
"""Names of numbers that are milliseconds since 1970, as in older families."""
_WORDS = (
    "amber", "basket", "cedar", "copper", "harbor", "kettle", "lantern", "linen",
    "maple", "meadow", "orchid", "pebble", "quartz", "ridge", "saffron", "willow",
)  # fmt: skip
_MOST = 1_000
_ID_DIGITS = 15


def text(node: dict[str, Any], name: str, seed: Seed, country: str = "US") -> str:
    """Return a string for the member ``name``, of a length that ``node`` allows."""
    least, most = node.get("minLength", 0), node.get("maxLength")
    pattern, form = node.get("pattern"), node.get("format")
    if isinstance(pattern, str):
        return _matching(pattern, least, most, seed)
    if form == "email":
        return generate(country, "email", *seed)
    if form in _FORMATS:
        return _FORMATS[form](seed)
    for names, kind in _IDENTITIES:
        if names.search(name):
            return _sized(generate(country, kind, *seed), least, most, seed)
    for called, make in _NAMED:
        if called.search(name):
            return _sized(make(seed), least, most, seed)
    return _sized(f"{_word(seed)} {_word((*seed, 1))}", least, most, seed)


def number(node: dict[str, Any], name: str, seed: Seed) -> float:
    """Return a number within the bounds of ``node``; an id for a name such as ``campaignId``."""
    is_whole = "integer" in _kinds(node)
    if _TIME_NAME.search(name) and not {"minimum", "maximum"} & node.keys():
        return int(_time_of(seed).timestamp() * 1000)
    if _ID_NAME.search(name) and "maximum" not in node:
        return (
            int(_id_digits(seed))
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


def _matching(pattern: str, least: int, most: int | None, seed: Seed) -> str:
    """Return a string that matches ``pattern``; tries several until the length fits."""
    found = ""
    for attempt in range(_TRIES):
        try:
            found = Rstr(seeded_random.generator(*seed, attempt)).xeger(pattern)
        except (re.error, KeyError, ValueError, IndexError):
            return _sized(_word(seed), least, most, seed)  # a pattern for another regex engine
        while len(found) < least:  # a pattern may match a part of the string
            found += _word((*seed, attempt, len(found)))
        found = found if most is None else found[:most]
        if re.search(pattern, found):
            break
    return found


_TRIES = 20


def _sized(value: str, least: int, most: int | None, seed: Seed) -> str:
    while len(value) < least:
        value += f" {_word((*seed, len(value)))}"
    return value if most is None else value[:most].strip() or value[:most]


def _word(seed: Seed) -> str:
    return _WORDS[seeded_random.integer(len(_WORDS), *seed)]


def _id_digits(seed: Seed) -> str:
    return str(10 ** (_ID_DIGITS - 1) + seeded_random.integer(9 * 10 ** (_ID_DIGITS - 1), *seed))


def _url(seed: Seed) -> str:
    return f"https://example.com/{seeded_random.hexadecimal(12, *seed)}"


def _time_of(seed: Seed) -> datetime:
    return _EPOCH + timedelta(
        days=seeded_random.integer(_DAYS, *seed), seconds=seeded_random.integer(86_400, *seed)
    )


_IDENTITIES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"e-?mail(address)?$", re.IGNORECASE), "email"),
    (re.compile(r"^brand(name)?$", re.IGNORECASE), "brand"),
    (re.compile(r"(company|account|business|advertiser|agency)name$", re.IGNORECASE), "company"),
    (re.compile(r"(full|contact|user)name$|^(created|updated)By$", re.IGNORECASE), "person"),
    (re.compile(r"^(.*[a-z])?address(line1)?$", re.IGNORECASE), "address"),
)
"""What Faker generates, by member name."""

_NAMED: tuple[tuple[re.Pattern[str], Callable[[Seed], str]], ...] = (
    (re.compile(r"asins?$", re.IGNORECASE), lambda seed: "B0" + seeded_random.letters(8, *seed)),
    (_ID_NAME, _id_digits),
    (re.compile(r"(url|uri|link)$", re.IGNORECASE), _url),
    (re.compile(r"currency(code)?$", re.IGNORECASE), lambda _: "USD"),
    (re.compile(r"country(code)?$", re.IGNORECASE), lambda _: "US"),
    (re.compile(r"(date|day)$", re.IGNORECASE), lambda seed: _time_of(seed).date().isoformat()),
    (re.compile(r"(time|at)$"), lambda seed: format_utc(_time_of(seed).timestamp(), "seconds")),
)
"""Strings by member name, for members without format, pattern or enum."""

_FORMATS: dict[str, Callable[[Seed], str]] = {
    "date": lambda seed: _time_of(seed).date().isoformat(),
    "date-time": lambda seed: format_utc(_time_of(seed).timestamp(), "seconds"),
    "time": lambda seed: _time_of(seed).strftime("%H:%M:%SZ"),
    "duration": lambda _: "P1D",
    "hostname": lambda seed: f"{_word(seed)}.example.com",
    "ipv4": lambda seed: f"192.0.2.{seeded_random.integer(254, *seed) + 1}",
    "ipv6": lambda seed: f"2001:db8::{seeded_random.integer(9999, *seed) + 1}",
    "uri": _url,
    "uri-reference": _url,
    "uuid": lambda seed: seeded_random.uuid(*seed),
    "byte": lambda _: "YWRzbW9jaw==",
    "regex": lambda _: ".*",
    "json-pointer": lambda _: "/0",
}
