"""The check that each call names the profile that its work belongs to.

Within a region every call with a valid scope is accepted, so only its content shows that the scope
is that of other work: the names and ids of the tasks, and the ids that earlier answers had.
Source: authorization, profiles: the scope names the account that a call is for; documented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from adsmock.harness.suite.checks.claim import CHILDREN
from adsmock.harness.suite.checks.finding import Finding, broken, counted, holds, row, unproven
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, name_of

IDS = frozenset({"campaignId", "adGroupId", "keywordId", "targetId", "adId", "portfolioId"})
"""Members that name an entity of one profile."""

JOBS = {"exports.get": "exportId", "reporting.get": "reportId", "reporting.delete": "reportId"}
"""Operations whose path ends with the id of a job, and the member that named it first."""

Thing = tuple[str, str]
"""A kind (resource or member) and a name or id."""

Owners = dict[Thing, set[str]]
"""The profiles that each thing belongs to."""


def calls_name_the_profile_of_their_work(view: CaseView) -> Finding:
    """Hold when no call for an entity or job named another profile than the one it belongs to.

    Work for at least two profiles must be seen.
    """
    owners = _task_owners(view)
    profiles: set[str] = set()
    checked = 0
    wrong: list[tuple[Entry, Thing, str]] = []
    for call in view.api:
        if call.profile_id is None:
            continue
        things = [each for each in _named(call) if each in owners]
        checked += bool(things)
        profiles |= {call.profile_id} if things else set()
        wrong += [
            (call, each, min(owners[each]))
            for each in things
            if call.profile_id not in owners[each]
        ][:1]
        for thing in _shown(call):
            owners.setdefault(thing, set()).add(call.profile_id)
    numbers: dict[str, Any] = {"calls": checked, "profiles": len(profiles), "wrong": len(wrong)}
    if wrong:
        # Reports quote the last row: it is the call that the sentence is about.
        ordered = [*wrong[1:], wrong[0]]
        return broken(
            _sentence(view, *wrong[0]),
            [row(call, f"scope {call.profile_id}, belongs to {who}") for call, _, who in ordered],
            **numbers,
        )
    if len(profiles) <= 1:
        return unproven("no entities or jobs of two profiles were worked on")
    return holds(
        f"{counted(checked, 'call')} for entities and jobs of {len(profiles)} profiles, each with "
        "the scope of its own profile",
        **numbers,
    )


def _sentence(view: CaseView, call: Entry, thing: Thing, owner: str) -> str:
    kind, name = thing
    before = next((each for each in reversed(view.api) if each.seq < call.seq), None)
    is_previous = before is not None and before.profile_id == call.profile_id
    words = ", the profile of the call before it" if is_previous else ""
    shown = name.replace('"', "'")
    return (
        f"{call.operation} in {call.region} (call {call.seq}) named profile {call.profile_id}"
        f'{words}, but {kind} "{shown}" belongs to profile {owner}'
    )


def _task_owners(view: CaseView) -> Owners:
    """Return the profiles of the names and ids in the tasks."""
    owners: Owners = defaultdict(set)
    for task in view.record.tasks:
        args = task["args"]
        profile = str(args.get("profile", ""))
        resource = str(args.get("resource", ""))
        for item in args.get("items", ()):
            if task["verb"] == "create":
                owners[resource, name_of(item)].add(profile)
            for thing in _ids(item):
                owners[thing].add(profile)
        for tree in args.get("campaigns", ()):
            for thing in _nodes("sp.campaigns", tree):
                owners[thing].add(profile)
    return dict(owners)


def _nodes(resource: str, entity: Mapping[str, Any]) -> Iterator[Thing]:
    yield resource, name_of(dict(entity))
    for member, child in CHILDREN.items():
        for below in entity.get(member, ()):
            yield from _nodes(child, below)


def _named(call: Entry) -> Iterator[Thing]:
    """Yield what a call is about: the items and ids of its body, and the job in its path."""
    if call.operation in JOBS:
        yield JOBS[call.operation], unquote(call.path.rpartition("/")[2])
    sent = batch(call)
    resource, _, verb = call.operation.rpartition(".")
    for item in sent.items if sent else ():
        if verb == "create":
            yield resource, name_of(item)
        yield from _ids(item)
    if isinstance(call.request, dict):
        yield from _filtered(call.request)


def _filtered(body: Mapping[str, Any]) -> Iterator[Thing]:
    """Yield the ids of filters such as ``campaignIdFilter``."""
    for name, value in body.items():
        member = name.removesuffix("Filter")
        if member in IDS and isinstance(value, dict) and isinstance(value.get("include"), list):
            yield from ((member, str(each)) for each in value["include"])


def _shown(call: Entry) -> Iterator[Thing]:
    """Yield the entities and jobs that an answer shows."""
    if not call.is_success or not isinstance(call.reply, dict):
        return
    for name in set(JOBS.values()):
        if call.operation.endswith(".create") and call.reply.get(name):
            yield name, str(call.reply[name])
    sent = batch(call)
    rows = [*sent.success.values()] if sent else []
    if call.operation.endswith(".list"):
        lists = (value for value in call.reply.values() if isinstance(value, list))
        rows = [item for found in lists for item in found if isinstance(item, dict)]
    for each in rows:
        yield from _ids(each)


def _ids(entity: Mapping[str, Any]) -> Iterator[Thing]:
    yield from ((name, str(value)) for name, value in entity.items() if name in IDS and value)


JUDGES = (calls_name_the_profile_of_their_work,)
