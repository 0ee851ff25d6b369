"""What a pass achieved: entities created and changed, lists read, files fetched.

Names may differ between two passes, such as those with a timestamp: see ``varying_names``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from adsmock.contracts.loader import load
from adsmock.harness.suite.checks.job_files import CORRUPT
from adsmock.harness.suite.free_run.created_meanwhile import Named, changed_by_chance
from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.free_run.varying_names import is_pattern, pattern_of
from adsmock.harness.suite.journal import CaseView, Entry, Work
from adsmock.harness.suite.journal.item import NATURAL, batch

STORAGE = "storage.get"

ARCHIVED = "ARCHIVED"

PARENTS = ("campaignId", "adGroupId")


class Key(NamedTuple):
    """One piece of work: the kind, the operation, the profile's label, its name."""

    kind: str
    operation: str
    profile: str
    name: str


class Changed(NamedTuple):
    """An entity that existed before a pass: its values then, and those that differ after it."""

    profile: str
    resource: str
    id: str
    old: dict[str, Any]
    new: dict[str, Any]


def achieved(played: Pass, without: frozenset[Named] = frozenset()) -> Counter[Key]:
    """Return how often each piece of work happened in a pass.

    Changes of created entities in ``without`` do not count.
    """
    view = CaseView.of(played.record)
    found = Counter(_created(played))
    found.update(_changed(played))
    found.update(_changed_after_creation(played, view, without))
    found.update(_read(view, played.names))
    return found


def settled(played: Pass) -> Counter[Key]:
    """Return the work of a clean pass, without changes that another order of its calls prevents."""
    return achieved(played, changed_by_chance(CaseView.of(played.record)))


def intent(first: Counter[Key], second: Counter[Key]) -> tuple[Work, ...]:
    """Return the work that both clean passes did, each with its limits; ``seen`` is 0.

    Names that differ are compared by their pattern where both passes have it equally often, else by
    their number.
    """
    same = {key for key in first.keys() | second.keys() if first[key] == second[key]}
    exact = tuple(_work(key, first[key], first[key]) for key in sorted(same))
    both = [_by_pattern(_without(counts, same)) for counts in (first, second)]
    alike = {key for key in both[0] if is_pattern(key.name) and both[0][key] == both[1][key]}
    patterns = tuple(_work(key, both[0][key], both[0][key]) for key in sorted(alike))
    rest = [_by_count(counts, alike) for counts in both]
    varying = tuple(
        _work(key, *sorted(each[key] for each in rest)) for key in sorted(rest[0].keys() | rest[1])
    )
    return exact + patterns + varying


def compared(intended: tuple[Work, ...], played: Counter[Key]) -> tuple[Work, ...]:
    """Return the intended work with the number of times that a pass did it.

    Where a name is missing, another one of its pattern takes its place: it may contain the day or
    the minute, which was the same in both clean passes.
    """
    known = {_key(each) for each in intended}
    named = {key for key in known if key.name}
    found = Counter({key: played[key] for key in named})
    others = sorted(_without(played, named).elements())
    for each in intended:
        key = _key(each)
        missing = each.least - found[key]
        for other in _in_its_place(key, others)[:missing] if missing > 0 else []:
            others.remove(other)
            found[key] += 1
    left = Counter[Key]()
    for other in others:
        places = (_pattern(other), other._replace(name=""))
        left[next((place for place in places if place in known), other)] += 1
    extra = tuple(
        _work(key, 0, 0, count)
        for key, count in sorted(left.items())
        if key.kind == "created" and key not in known
    )
    seen = found + left
    return extra + tuple(
        _work(_key(each), each.least, each.most, seen[_key(each)]) for each in intended
    )


def _key(work: Work) -> Key:
    return Key(work.kind, work.operation, work.profile, work.name)


def _work(key: Key, least: int, most: int | None, seen: int = 0) -> Work:
    kind: Any = key.kind
    limit = most if key.kind == "created" else None
    return Work(kind, key.operation, key.profile, key.name, least, limit, seen)


def _in_its_place(key: Key, others: list[Key]) -> list[Key]:
    """Return the work with other digits in its name, none for a name without a pattern."""
    pattern = _pattern(key)
    if pattern == key or is_pattern(key.name):
        return []
    return [other for other in others if _pattern(other) == pattern]


def _without(counts: Counter[Key], named: set[Key]) -> Counter[Key]:
    return Counter({key: count for key, count in counts.items() if key not in named})


def _pattern(key: Key) -> Key:
    return key._replace(name=pattern_of(key.name, key.kind))


def _by_pattern(counts: Counter[Key]) -> Counter[Key]:
    """Return the work by the patterns of its names."""
    found = Counter[Key]()
    for key, count in counts.items():
        found[_pattern(key)] += count
    return found


def _by_count(counts: Counter[Key], named: set[Key]) -> Counter[Key]:
    """Return the work outside ``named``, counted by kind, operation and profile."""
    found = Counter[Key]()
    for key, count in counts.items():
        if key not in named:
            found[key._replace(name="")] += count
    return found


def _created(played: Pass) -> Iterator[Key]:
    for profile, resources in played.record.created.items():
        named = _names(played.after.get(profile, {}))
        for resource, entities in resources.items():
            for entity in entities:
                name = natural_name(resource, entity, named)
                yield Key("created", f"{resource}.create", played.names[profile], name)


def _changed(played: Pass) -> Iterator[Key]:
    """Yield each entity that has other values than at the start, with the new values."""
    called = {row.get("operation") for row in played.record.rows}
    for profile, resource, entity, _, new in changed_entities(played):
        is_archived = new.get("state") == ARCHIVED and f"{resource}.archive" in called
        operation = f"{resource}.{'archive' if is_archived else 'update'}"
        yield Key("changed", operation, profile, f"{entity} {json.dumps(new, sort_keys=True)}")


def changed_entities(played: Pass) -> Iterator[Changed]:
    """Yield the entities that existed before a pass and have other values after it."""
    for profile, resources in played.after.items():
        for resource, entities in resources.items():
            rows = played.before[profile].get(resource, ())
            before = {_id(resource, each): each for each in rows}
            for entity in entities:
                own = _id(resource, entity)
                old = before.get(own)
                if old is None or old == entity:
                    continue
                new = {name: value for name, value in entity.items() if old.get(name) != value}
                yield Changed(played.names[profile], resource, own, old, new)


def _changed_after_creation(
    played: Pass, view: CaseView, without: frozenset[Named]
) -> Iterator[Key]:
    """Yield each created entity that an update names, with the final values of those members.

    A refused update counts too: the values show whether another one followed.
    """
    named_in_updates = _updated_members(view)
    members = {one: names for one, names in named_in_updates.items() if one not in without}
    for profile, resources in played.record.created.items():
        named = _names(played.after.get(profile, {}))
        for resource, entities in resources.items():
            for entity in entities:
                updated = members.get((resource, _id(resource, entity)))
                if not updated:
                    continue
                new = {name: entity[name] for name in updated & entity.keys()}
                natural = natural_name(resource, entity, named)
                name = f"{natural} {json.dumps(new, sort_keys=True)}"
                yield Key("changed", f"{resource}.update", played.names[profile], name)


def _updated_members(view: CaseView) -> dict[tuple[str, str], set[str]]:
    """Return the members that updates name, by resource and id of the entity."""
    found: dict[tuple[str, str], set[str]] = {}
    for call in view.api:
        resource, _, verb = call.operation.rpartition(".")
        sent = batch(call) if verb == "update" else None
        own = _id_field(resource)
        for item in sent.items if sent else ():
            members = found.setdefault((resource, _id(resource, item)), set())
            members |= item.keys() - {own, *PARENTS}
    return found


def _read(view: CaseView, names: Mapping[str, str]) -> Counter[Key]:
    """Count the different pages and files that arrived whole."""
    seen = {
        (entry.operation, names.get(entry.profile_id or "", ""), entry.chain)
        for entry in view.calls
        if is_whole(entry) and (entry.operation.endswith(".list") or entry.operation == STORAGE)
    }
    return Counter(
        Key("fetched" if operation == STORAGE else "read", operation, profile, "")
        for operation, profile, _ in seen
    )


def is_whole(entry: Entry) -> bool:
    """Say whether the client received a usable answer."""
    return entry.is_success and entry.fault_kind not in CORRUPT


def natural_name(resource: str, entity: dict[str, Any], named: Mapping[str, str]) -> str:
    """Return a readable key that is equal in every sandbox: parents by name, not by id."""
    contract = load().by_name.get(resource)
    members = NATURAL.get(contract.envelope if contract else "", ())
    parts = [
        named.get(str(entity[name]), "") if name in PARENTS else _text(entity[name])
        for name in members
        if entity.get(name) is not None
    ]
    own = _id_field(resource)
    return " / ".join(parts) or _text({k: v for k, v in entity.items() if k != own})


def _names(resources: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Return the names of campaigns and ad groups by id."""
    found: dict[str, str] = {}
    for resource in ("sp.campaigns", "sp.adGroups"):
        for each in resources.get(resource, ()):
            found[_id(resource, each)] = str(each.get("name", ""))
    return found


def _id(resource: str, entity: dict[str, Any]) -> str:
    return str(entity.get(_id_field(resource)))


def _id_field(resource: str) -> str:
    contract = load().by_name.get(resource)
    return contract.identity.field if contract and contract.identity else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
