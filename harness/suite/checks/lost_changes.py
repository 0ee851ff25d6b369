"""Lost changes of entities that exist: updates, archivings, and budgets that others decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.harness.suite.checks.failed_rows import archived_ids
from adsmock.harness.suite.checks.job_files import CORRUPT
from adsmock.harness.suite.checks.recommendation import ASK, RESULTS
from adsmock.harness.suite.checks.settled import Lost, is_final, written_ids
from adsmock.harness.suite.checks.stream import RECEIVE, is_cut
from adsmock.harness.suite.checks.stream_budget import due_campaigns
from adsmock.harness.suite.checks.written import SEEN, written_to
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import name_of, own_id

CAMPAIGNS = "sp.campaigns"

Args = dict[str, Any]
Entity = dict[str, Any]


def lost_updates(view: CaseView, args: Args) -> Lost:
    """Return the items of an update that were neither written, refused nor equal already."""
    resource, items = args["resource"], args["items"]
    if not resource.startswith(SEEN):
        return [], 0
    done = written_ids(view, str(args["profile"]), resource)
    read = [entity for call in _lists(view, args) for entity in _entities(call)]
    lost = [
        item
        for item in items
        if own_id(resource, item) not in done
        and not any(item.items() <= each.items() for each in read)
    ]
    return [f"the update of {own_id(resource, item)}" for item in lost], len(items)


def lost_modifications(view: CaseView, args: Args) -> Lost:
    """Return the entities that a modification had to change and left as they were read.

    Only what was read before the first such update counts: a later read shows the result. Where
    another source was read, one settled update is enough.
    """
    resource = args["resource"]
    if not resource.startswith(SEEN):
        return [], 0
    done = written_ids(view, str(args["profile"]), resource)
    if not any(_reads_to_modify(view, args)) and not done:
        return [f"the change of all {resource}"], 1
    due = entities_to_modify(view, args)
    return [f"the change of {name}" for name in due if name not in done], max(len(due), 1)


def entities_to_modify(view: CaseView, args: Args) -> dict[str, Entity]:
    """Return the entities that a modification has to change, by id, as they were read."""
    resource = args["resource"]
    own = view.record.created.get(str(args["profile"]), {}).get(resource, ())
    created = {name_of(each) for each in own}
    return {
        own_id(resource, entity): entity
        for call in _reads_to_modify(view, args)
        for entity in _entities(call)
        if entity.get("state") != "ARCHIVED"
        and name_of(entity) not in created
        and ("raise" in args or not args["set"].items() <= entity.items())
    }


def _reads_to_modify(view: CaseView, args: Args) -> Iterator[Entry]:
    """Yield the lists of the entities to modify, up to the first update of what it changes."""
    wanted = dict(args.get("filter") or {})
    changed = {path.partition(".")[0] for path in (*args.get("set", ()), *args.get("raise", ()))}
    profile = str(args["profile"])
    updates = written_to(view, profile, args["resource"], "update")
    calls = [each.call.seq for each in updates if each.call and changed & each.item.keys()]
    first = min(calls, default=None)
    for call in _lists(view, args):
        is_wanted = wanted.items() <= view.filters.get(call.seq, {}).items()
        if is_wanted and (first is None or call.seq < first) and call.fault_kind not in CORRUPT:
            yield call


def _lists(view: CaseView, args: Args) -> list[Entry]:
    """Return the lists of a task's resource that succeeded or were refused for good."""
    calls = view.api_by_operation.get((str(args["profile"]), f"{args['resource']}.list"), ())
    return [call for call in calls if call.is_success or is_final(call, ())]


def _entities(call: Entry) -> Iterator[Entity]:
    """Yield the entities in the answer to a list."""
    parts = call.reply.values() if isinstance(call.reply, dict) and call.is_success else ()
    for part in parts:
        if isinstance(part, list):
            yield from (each for each in part if isinstance(each, dict))


def lost_archives(view: CaseView, args: Args) -> Lost:
    """Return the ids of an archive task that no answer shows as archived or refused for good."""
    done: set[str] = set()
    for call in view.of_operation(f"{args['resource']}.archive"):
        if call.profile_id == str(args["profile"]):
            done |= archived_ids(call)
    ids = [str(each) for each in args["ids"]]
    return [f"the archiving of {each}" for each in ids if each not in done], len(ids)


def lost_recommendations(view: CaseView, args: Args) -> Lost:
    """Return the campaigns whose recommendation was neither applied nor missing in an answer."""
    profile = str(args["profile"])
    done = written_ids(view, profile, CAMPAIGNS)
    for call in view.of_operation(ASK):
        if call.profile_id != profile:
            continue
        asked = call.request.get("campaignIds") if isinstance(call.request, dict) else ()
        if call.is_success and isinstance(call.reply, dict):
            rows = call.reply.get(RESULTS) or ()
            done |= set(map(str, asked or ())) - {str(row["campaignId"]) for row in rows}
        elif is_final(call, ()):
            done |= set(map(str, asked or ()))
    ids = [str(each) for each in args["campaignIds"]]
    lost = [each for each in ids if each not in done]
    return [f"the recommended budget of {each}" for each in lost], len(ids)


def lost_raises(view: CaseView, args: Args) -> Lost:
    """Return the campaigns whose budget is nearly used, as a message says, and was not raised."""
    if not any(call.is_success for call in view.of_operation(RECEIVE)):
        return ["the messages of the queue"], 1
    if is_cut(view):
        return [], 0
    due = due_campaigns(view, args["percent"])
    done = written_ids(view, str(args["profile"]), CAMPAIGNS)
    return [f"the raise of {each}" for each in sorted(due - done)], max(len(due), 1)
