"""The check of what a client reports about itself: its claims compared with the journal.

A claim that the journal contradicts is a breach; one that fits proves nothing. A claim of success
is accepted for an entity found by reading, a duplicate error, an unnecessary update or a lost
answer. A claim of failure is always accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adsmock.harness.suite.checks.claimed_rows import claimed_rows
from adsmock.harness.suite.checks.finding import Finding, broken, counted, holds, quote, row
from adsmock.harness.suite.checks.job_files import CORRUPT
from adsmock.harness.suite.checks.paging import TOKEN, next_token
from adsmock.harness.suite.checks.settled import is_final
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import DUPLICATE, batch, name_of, own_id

CHILDREN = {"adGroups": "sp.adGroups", "keywords": "sp.keywords", "productAds": "sp.productAds"}

Claim = dict[str, Any]


def claims_match_journal(view: CaseView) -> Finding:
    """Hold when the journal contradicts no claim of success."""
    claims = successes(view)
    lies = [(each, lie) for each in claims if (lie := _lie(view, each))]
    numbers: dict[str, Any] = {"claims": len(claims), "contradicted": len(lies)}
    if lies:
        claim, lie = lies[0]
        task = claim["task"]
        calls = _calls_of(view, _args(view, claim).get("profile"))
        return broken(
            f"{len(lies)} of {counted(len(claims), 'reported success')} contradict the journal; "
            f"the client reports task {task + 1} ({claim['verb']}) as {claim['status']}, but {lie}",
            [row(call, "call for this profile") for call in calls[-3:]],
            **numbers,
        )
    return holds(
        f"{counted(len(claims), 'reported success')}, none contradicts the journal", **numbers
    )


def successes(view: CaseView) -> list[Claim]:
    """Return the claims that something was done; a claim of failure is never wrong."""
    return [claim for claim in view.record.ending.claims if claim["status"] in {"done", "partial"}]


def _lie(view: CaseView, claim: Claim) -> str:
    """Return how the journal contradicts one claim, empty when it does not."""
    args = _args(view, claim)
    special = RULES.get(claim["verb"])
    if special:
        return special(view, claim, args)
    return _any_call(view, args)


def _any_call(view: CaseView, args: dict[str, Any]) -> str:
    if args.get("profile") and not any(map(_whole, _calls_of(view, args["profile"]))):
        return "no call for its profile succeeded"
    return ""


def _args(view: CaseView, claim: Claim) -> dict[str, Any]:
    return dict(view.record.tasks[claim["task"]]["args"])


def _reported_done(claim: Claim, intended: int) -> int:
    """Return how much work a claim says was done; success without a number means all of it."""
    return claim.get("done") or (intended if claim["status"] == "done" else 0)


def _idle(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    del view, claim, args
    return ""


def _profiles(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    """A list is of all regions: one in which it only failed has not been listed."""
    del args
    calls = [entry for entry in view.entries if entry.operation.startswith("profiles.")]
    good = {entry.region for entry in calls if _whole(entry)}
    if not good:
        return "no list of profiles succeeded"
    listed = {str(entry.region) for entry in calls if entry.operation == "profiles.list"}
    failed = sorted(listed - good) if claim["status"] == "done" else []
    return f"no list of profiles succeeded in {' and '.join(failed)}" if failed else ""


def _read(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    """A list may come from pages, from an export, or from what was read for an earlier task."""
    if any(map(_whole, view.downloads)):
        return ""
    pages = view.api_by_operation.get((str(args["profile"]), f"{args['resource']}.list"), ())
    good = [each for each in pages if _whole(each)]
    if not good:
        return "no page of that list succeeded"
    if any(call.reply is None for call in good):
        return ""  # too large for the journal
    if claim["status"] == "done" and (cut := _cut(view, pages, args)):
        return cut
    return _miscounted(view, claim, args, good)


def _miscounted(view: CaseView, claim: Claim, args: dict[str, Any], good: list[Entry]) -> str:
    """Return how the reported number differs from the entities of the pages."""
    claimed = claim.get("done", 0)
    seen, last = (_count(args["resource"], pages) for pages in (good, _last_pass(good)))
    if claimed > seen:
        return f"it reports {claimed} entities and received {seen}"
    if 0 < claimed < last and _is_whole_list(view, claim, args):
        return f"it reports {claimed} entities and received {last}"
    return ""


def _cut(view: CaseView, pages: Sequence[Entry], args: dict[str, Any]) -> str:
    """Return that a list ended at a failed page, empty when some page was its last.

    Only calls with the filter of the task are surely of this list.
    """
    wanted = args.get("filter") or {}
    own = [page for page in pages if view.filters.get(page.seq) == wanted]
    if not own or own[-1].is_success or any(map(is_last_page, own)):
        return ""
    ended = own[-1].status or "no answer"
    return f"its last call of that list failed ({ended}), and no page was the last of the list"


def is_last_page(call: Entry) -> bool:
    """Say whether a page came as it should, without the token of a next page."""
    return _whole(call) and not next_token(call)


def _count(resource: str, pages: list[Entry]) -> int:
    return len({own_id(resource, entity) for page in pages for entity in _entities(page)})


def _last_pass(pages: list[Entry]) -> list[Entry]:
    """Return the pages of the last pass through a list: a client may have counted it before."""
    tokens = [isinstance(page.request, dict) and page.request.get(TOKEN) for page in pages]
    starts = [place for place, token in enumerate(tokens) if not token]
    return pages[starts[-1] :] if any(tokens) and starts else pages


def _is_whole_list(view: CaseView, claim: Claim, args: dict[str, Any]) -> bool:
    """Say whether all entities that the client received belong to one list, and none changed.

    A client may apply a filter itself, and then receives more than it reports.
    """
    same = [
        task
        for task in view.record.tasks
        if task["args"].get("profile") == args["profile"]
        and task["args"].get("resource") == args["resource"]
    ]
    return claim["status"] == "done" and len(same) == 1 and not args.get("filter")


def _download(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    del claim, args
    if any(map(_whole, view.downloads)):
        return ""
    return "no file was downloaded completely"


def _exported(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    return _download(view, claim, args) or claimed_rows(view, claim, args)


def _reported(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    return _any_call(view, args) or claimed_rows(view, claim, args)


def _scheduled(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    """Calls to Marketing Cloud name an instance, not a profile."""
    del claim, args
    if any(_whole(call) for call in view.api if call.operation.startswith("amc.")):
        return ""
    return "no call to Marketing Cloud succeeded"


def _created(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    nodes = [(args["resource"], name_of(item)) for item in args["items"]]
    return _missing(view, claim, args["profile"], nodes)


def _planted(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    nodes = [node for campaign in args["campaigns"] for node in _nodes("sp.campaigns", campaign)]
    return _missing(view, claim, args["profile"], nodes)


def _nodes(resource: str, entity: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield resource, name_of(entity)
    for member, child in CHILDREN.items():
        for below in entity.get(member, ()):
            yield from _nodes(child, below)


def _missing(view: CaseView, claim: Claim, profile: str, nodes: list[tuple[str, str]]) -> str:
    """Return which claimed entities were never created, empty when all were."""
    known = set(_known(view, profile))
    absent = [name for resource, name in nodes if (resource, name) not in known]
    done = _reported_done(claim, len(nodes))
    if done > len(nodes):
        return _too_many(done, counted(len(nodes), "entity"))
    if done <= len(nodes) - len(absent):
        return ""
    of_all = f"{len(absent)} of {len(nodes)} intended entities"
    return f"{of_all} were never created, such as {quote(absent[:1])}"


def _too_many(done: int, intended: str) -> str:
    return f"it reports {done} as done, and the task has {intended}"


def _updated(view: CaseView, claim: Claim, args: dict[str, Any]) -> str:
    """An update may be unnecessary or its answer lost: only what was refused was not made."""
    if lie := _any_call(view, args):
        return lie
    resource = args["resource"]
    refused: set[str] = set()
    written: set[str] = set()
    for call in view.api_by_operation.get((str(args["profile"]), f"{resource}.update"), ()):
        sent = batch(call)
        if sent is None:
            continue
        for index, item in enumerate(sent.items):
            errors = sent.errors_of(index) if index in sent.error else ()
            (refused if is_final(call, errors) else written).add(own_id(resource, item))
    wanted = [own_id(resource, item) for item in args["items"]]
    lost = [name for name in wanted if name in refused - written]
    done = _reported_done(claim, len(wanted))
    if done > len(wanted):
        return _too_many(done, counted(len(wanted), "update"))
    if done <= len(wanted) - len(lost):
        return ""
    return (
        f"{len(lost)} of {counted(len(wanted), 'update')} were refused, such as that of {lost[0]}"
    )


def _known(view: CaseView, profile: str) -> Iterator[tuple[str, str]]:
    """Yield resource and name of all entities that exist or that an answer names."""
    for resource, entities in view.record.created.get(profile, {}).items():
        yield from ((resource, name_of(entity)) for entity in entities)
    for call in view.of_verb("list"):
        if call.profile_id == profile and _whole(call):
            resource = call.operation.removesuffix(".list")
            yield from ((resource, name_of(entity)) for entity in _entities(call))
    for call in view.of_verb("create"):
        sent = batch(call)
        if sent is None or call.profile_id != profile:
            continue
        resource = call.operation.removesuffix(".create")
        for index, item in enumerate(sent.items):
            if index in sent.success or (
                index in sent.error and DUPLICATE in sent.errors_of(index)
            ):
                yield resource, name_of(item)


def _calls_of(view: CaseView, profile: object) -> list[Entry]:
    return [call for call in view.api if profile is None or call.profile_id == str(profile)]


def _entities(call: Entry) -> Iterator[dict[str, Any]]:
    members = call.reply.values() if isinstance(call.reply, dict) else ()
    for member in members:
        if isinstance(member, list):
            yield from (each for each in member if isinstance(each, dict))


def _whole(call: Entry) -> bool:
    return call.is_success and call.fault_kind not in CORRUPT


RULES: dict[str, Callable[[CaseView, Claim, dict[str, Any]], str]] = {
    "idle": _idle,
    "list_profiles": _profiles,
    "list": _read,
    "export": _exported,
    "report": _reported,
    "run_workflow": _download,
    "schedule_workflow": _scheduled,
    "create": _created,
    "create_tree": _planted,
    "update": _updated,
}
"""Verbs with claims that say more than that a call succeeded."""
