"""What the contracts know: values of enums, names of members, and words of messages.

Only these survive in a recording as they are. Every other text is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from adsmock.contracts import report_fields, report_tables
from adsmock.contracts.loader import FOLDER, load, read
from adsmock.contracts.operation_index import operations

WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_ENUMS = frozenset({"enum", "read_enum", "update_enum", "reasons", "codes", "reasons_of"})
_TEXTS = frozenset(
    {"messages", "message", "description", "texts", "body", "bodies", "error", "says"}
)


_CONSTRAINTS = (
    "validation error errors detected value at failed to satisfy constraint member must not be "
    "null of type integer number string boolean array object enum set have length less than or "
    "equal greater regular expression pattern match the in request invalid unknown missing required"
)
"""Words with which frameworks refuse a body; they describe no advertiser."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may stay: ``values``, ``words`` of messages, ``segments`` of paths.

    ``enums`` are the members with an enumeration; their values stay also when they are new.
    ``maps`` are the members whose keys an advertiser chooses.
    """

    values: frozenset[str]
    words: frozenset[str]
    maps: frozenset[str]
    enums: frozenset[str]
    segments: frozenset[str]

    def is_word(self, text: str) -> bool:
        """Say whether a word occurs in the messages, members or values of the contracts."""
        return text.lower() in self.words


@dataclass(slots=True)
class _Draft:
    """A vocabulary while it is collected."""

    values: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    maps: set[str] = field(default_factory=set)
    enums: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def learn(self, row: dict[str, Any]) -> None:
        name = row.get("name")
        if isinstance(name, str) and name:
            (self.maps if row.get("type") == "map" else self.members).add(name)
            if _ENUMS & set(row):
                self.enums.add(name)
        for key, each in row.items():
            if key in _ENUMS:
                self.values.update(text for text in _texts(each) if " " not in text)
            if key in _TEXTS:
                found = (WORD.findall(text) for text in _texts(each))
                self.words.update(word.lower() for words in found for word in words)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the installed contracts."""
    draft = _Draft()
    for document in read(FOLDER).values():
        for row in _objects(document):
            draft.learn(row)
    known = draft.values | _shared_values() | _report_values()
    spelled = {
        word.lower()
        for text in (*known, *draft.members, *draft.maps)
        for word in WORD.findall(text)
    }
    return Vocabulary(
        frozenset(known - {""}),
        frozenset(draft.words | spelled | set(_CONSTRAINTS.split())),
        frozenset(draft.maps),
        frozenset(draft.enums),
        frozenset(part for row in operations().all() for part in row.path.split("/")),
    )


def _shared_values() -> set[str]:
    """Return the values of the shared tables: markets, regions, codes and media types."""
    contract_set = load()
    found = {"bearer", "true", "false"}
    for market in contract_set.marketplaces.values():
        found |= {market.country, market.currency, market.timezone, market.marketplace_id}
    for region in contract_set.regions.values():
        found |= {region.id, region.ads_host, region.lwa_host, region.storage_host}
    for dialect in contract_set.dialects.values():
        found |= set(dialect.codes.values())
    for operation in operations().all():
        found |= {operation.request, operation.reply, *operation.replies, *operation.accepts}
        found |= {media for row in operation.versions for media in (row.request, row.reply)}
    return found


def _report_values() -> set[str]:
    """Return fields, and report types with groups, columns and formats: the service's own names."""
    found = set(report_fields.fields())
    for document in report_tables.read(report_tables.FOLDER).values():
        for name, row in document.get("types", {}).items():
            found |= {name, *row.get("groups", {})}
            for each in (row, *row.get("groups", {}).values()):
                lists = (each.get(key, ()) for key in ("base", "columns", "formats", "timeUnits"))
                found.update(*lists, each.get("filters", {}))
    return found


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for name, each in value.items():
            if name != "sources":
                yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
