"""A planned edit of a reply: values put in, replaced or taken out, and arrays put out of order.

Knows JSON Pointers. Must not know what the reply means, nor any resource.

Glossary
    pointer  RFC 6901, with two words more: ``-`` is the place behind the last member of an array
             (for ``add``), ``*`` every member of an array.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.fault import Edit, Effect

EVERY, BEHIND = "*", "-"

Place = tuple[Any, str | int]
"""A container and the key or position in it."""


def edited(body: bytes, effect: Effect, *seed: object) -> bytes | None:
    """Return the reply as the effect leaves it, None when no part of the effect fits it.

    Args:
        body: the reply's JSON.
        effect: of kind ``patch``.
        seed: what the disorder of a shuffled array is drawn for.
    """
    try:
        document = {"": orjson.loads(body)}
    except orjson.JSONDecodeError:
        return None
    fitted = [_edit(document, edit) for edit in effect.edits]
    fitted += [_shuffle(document, pointer, seed) for pointer in effect.shuffle]
    return orjson.dumps(document[""]) if any(fitted) else None


def _edit(document: dict[str, Any], edit: Edit) -> bool:
    """Carry one edit out at every place its pointer names; say whether there was one."""
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
    """Add what is not there yet: a member of an object, or a value behind an array."""
    parent, _, name = edit.path.rpartition("/")
    added = False
    for container, key in _places(document, parent):
        target = container[key]
        if isinstance(target, dict):
            target[_word(name)] = edit.value
        elif isinstance(target, list) and name == BEHIND:
            target.append(edit.value)
        added = added or isinstance(target, dict) or name == BEHIND
    return added


def _shuffle(document: dict[str, Any], pointer: str, seed: tuple[object, ...]) -> bool:
    """Put arrays into a drawn order that is not the one they had; say whether there was one."""
    found = False
    for container, key in _places(document, pointer):
        array = container[key]
        if not isinstance(array, list):
            continue
        order = sorted(range(len(array)), key=lambda n: seeded_random.unit(*seed, pointer, n))
        if order == sorted(order):
            order.reverse()
        container[key] = [array[n] for n in order]
        found = True
    return found


def _places(document: dict[str, Any], pointer: str) -> Iterator[Place]:
    """Yield where the pointer leads: nowhere, to one place, or with ``*`` to several."""
    places: list[Place] = [(document, "")]
    for word in pointer.split("/")[1:]:
        places = [step for container, key in places for step in _steps(container[key], word)]
    # From behind, so that what is taken out does not move what is still to be.
    yield from reversed(places)


def _steps(value: Any, word: str) -> Iterator[Place]:
    if isinstance(value, list):
        chosen = range(len(value)) if word == EVERY else [int(word)] if word.isdigit() else []
        yield from ((value, n) for n in chosen if n < len(value))
    elif isinstance(value, dict) and _word(word) in value:
        yield value, _word(word)


def _word(escaped: str) -> str:
    return escaped.replace("~1", "/").replace("~0", "~")
