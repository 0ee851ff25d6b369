"""Edits of a reply's JSON, shared by the kinds patch and partial.

Glossary
    pointer  RFC 6901 with two more tokens: ``-`` is the position after the last member of an
             array (for ``add``), ``*`` is every member of an array.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.effect import Effect, setting
from adsmock.mockserver.core.error import SetupError

EVERY, END = "*", "-"

Tokens = tuple[str, ...]
"""A JSON Pointer, parsed and unescaped."""

Place = tuple[Any, str | int]
"""A container and the key or position in it."""

_POINTER = {"type": "string", "pattern": "^/", "maxLength": 500}


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: ``op`` is add, replace or remove."""

    op: str
    path: Tokens
    value: Any = None


def parse_pointer(text: str) -> Tokens:
    """Return the tokens of a JSON Pointer.

    Raises:
        ValueError: an invalid escape, or a token of digits that are not ASCII.
    """
    from jsonpointer import (  # noqa: PLC0415 -- few servers ever plan an edit
        JsonPointer,
        JsonPointerException,
    )

    try:
        tokens = JsonPointer(text).parts
    except JsonPointerException:
        raise ValueError(
            f'"{text}" has an invalid escape: "~" must be followed by 0 or 1; write "~0" for "~"'
        ) from None
    for token in tokens:
        if token.isdigit() and not token.isascii():
            raise ValueError(
                f'"{text}" has the token "{token}", which is neither an index nor a member name: '
                "expected an index of the digits 0 to 9, a member name, - or *"
            )
    return tuple(tokens)


def _read_edits(given: list[dict[str, Any]]) -> tuple[Edit, ...]:
    return tuple(Edit(each["op"], parse_pointer(each["path"]), each.get("value")) for each in given)


def _read_pointers(given: list[str]) -> tuple[Tokens, ...]:
    return tuple(parse_pointer(text) for text in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonEdits(Effect):
    """An effect that edits the JSON of a reply and reorders its arrays."""

    edits: tuple[Edit, ...] = setting(
        "operations",
        {
            "type": "array",
            "description": (
                "Edits of the reply. `path` is a JSON Pointer in which * is every member of an "
                "array, and - the position after the last."
            ),
            "maxItems": 1000,
            "items": {
                "type": "object",
                "properties": {
                    "op": {"type": "string", "enum": ["add", "replace", "remove"]},
                    "path": _POINTER,
                    "value": {"description": "Any JSON value."},
                },
                "required": ["op", "path"],
                "additionalProperties": False,
            },
        },
        default=(),
        read=_read_edits,
    )
    shuffle: tuple[Tokens, ...] = setting(
        "shuffle",
        {
            "type": "array",
            "description": "JSON Pointers of arrays of the reply that are put in random order.",
            "maxItems": 100,
            "items": _POINTER,
        },
        default=(),
        read=_read_pointers,
    )

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check the pointers."""
        pointers = {
            f"/effect/operations/{number}/path": edit["path"]
            for number, edit in enumerate(given.get("operations", ()))
        }
        pointers |= {
            f"/effect/shuffle/{number}": text
            for number, text in enumerate(given.get("shuffle", ()))
        }
        for place, text in pointers.items():
            try:
                parse_pointer(text)
            except ValueError as error:
                raise SetupError(str(error), pointer=place) from None

    def edit_reply(self, reply: Reply, *seed: object) -> bool:
        """Edit the reply; return whether any edit found its place."""
        if not self.edits and not self.shuffle:
            return False
        try:
            document = {"": orjson.loads(reply.body)}
        except orjson.JSONDecodeError:
            return False
        applied = [_apply(document, edit) for edit in self.edits]
        applied += [_shuffle(document, pointer, seed) for pointer in self.shuffle]
        if not any(applied):
            return False
        reply.body = orjson.dumps(document[""])
        return True


def _apply(document: dict[str, Any], edit: Edit) -> bool:
    """Apply one edit at every place of its pointer; return whether there was one."""
    places = list(_places(document, edit.path))
    for container, key in places:
        if edit.op == "remove":
            del container[key]
        elif edit.op == "add" and isinstance(container, list):
            container.insert(int(key), edit.value)
        else:
            container[key] = edit.value
    if edit.op != "add" or places:
        return bool(places)
    return _add_member(document, edit)


def _add_member(document: dict[str, Any], edit: Edit) -> bool:
    """Add a new member to an object, or a value to the end of an array."""
    *parent, name = edit.path
    added = False
    for container, key in _places(document, tuple(parent)):
        target = container[key]
        if isinstance(target, dict):
            target[name] = edit.value
            added = True
        elif isinstance(target, list) and name == END:
            target.append(edit.value)
            added = True
    return added


def _shuffle(document: dict[str, Any], pointer: Tokens, seed: tuple[object, ...]) -> bool:
    """Put arrays in a random order that is not the one they had; return whether one changed."""
    changed = False
    for container, key in _places(document, pointer):
        array = container[key]
        if not isinstance(array, list) or len(array) < _SHORTEST:
            continue
        name = "/" + "/".join(pointer)
        order = sorted(range(len(array)), key=lambda n: seeded_random.unit(*seed, name, n))
        if order == sorted(order):
            order.reverse()
        container[key] = [array[n] for n in order]
        changed = True
    return changed


_SHORTEST = 2
"""Members of an array that can be put in another order."""


def _places(document: dict[str, Any], pointer: Tokens) -> Iterator[Place]:
    """Yield the places of a pointer: none, one, or with ``*`` several."""
    places: list[Place] = [(document, "")]
    for token in pointer:
        places = [place for container, key in places for place in _step(container[key], token)]
    # Last first, so that removing one member does not move those that follow.
    yield from reversed(places)


def _step(value: Any, token: str) -> list[Place]:
    from jsonpointer import JsonPointer, JsonPointerException  # noqa: PLC0415 -- as above

    if isinstance(value, list) and token == EVERY:
        return [(value, number) for number in range(len(value))]
    try:
        key = JsonPointer.get_part(value, token)
    except (JsonPointerException, ValueError):
        return []
    if isinstance(value, list):
        return [(value, key)] if isinstance(key, int) and key < len(value) else []
    return [(value, key)] if key in value else []
