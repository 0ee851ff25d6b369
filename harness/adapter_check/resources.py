"""The work that the check asks for on each resource: create, list, get, update and archive.

Resources that the check cannot create are listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.adapter_check.account import Account
from adsmock.harness.adapter_check.items import templates
from adsmock.harness.adapter_check.probe import Examination, Outcome, Probe
from adsmock.harness.adapter_check.probes import CAMPAIGNS
from adsmock.harness.adapter_check.row import Problem
from adsmock.harness.client.api import Contract, Filter, load_api

STEPS = ("create", "list", "get", "update", "archive")
"""The verbs of a resource, in an order in which each finds what it needs."""

LEAST_ENTITIES = 2
"""Enough for two pages of one."""

PAGE = 1

OTHER_VERBS = frozenset({"profiles"})
"""Resources whose list is a verb of its own, ``list_profiles``."""

Build = Callable[[Account, str], dict[str, Any]]


def checkable() -> list[str]:
    """Return the resources of the vocabulary beyond those that every check uses, in order."""
    return [name for name in sorted(load().by_name) if is_checkable(name)]


def is_checkable(resource: str) -> bool:
    """Return whether the check has a request for a resource beyond those of every adapter."""
    contract = load_api().contracts.get(resource)
    if contract is None or contract.page is None or resource in {CAMPAIGNS, *OTHER_VERBS}:
        return False
    return _has(resource, "list") and not _needs_filter(contract)


def probes_of(resource: str, verbs: Iterable[str]) -> list[Probe]:
    """Return the requests for a resource, one for each of its verbs in ``verbs``."""
    wanted = frozenset(verbs)
    return [probe for probe in _probes(resource) if probe.verb in wanted]


def _probes(resource: str) -> Iterator[Probe]:
    contract, template = load_api().contracts[resource], templates().get(resource)
    made = template.created_as or resource if template else ""
    if template and _has(made, "create"):
        yield _probe("create", made, partial(_create, listed=resource), _created_in(resource))
    yield _probe("list", resource, _list, _every_entity)
    state = _state_filter(contract)
    if state is not None:
        yield _probe("list", resource, _filtered_list, _filtered)
    if template and _is_read_by_id(contract):
        yield _probe("get", resource, _ids, _by_id)
    if template and template.change and _has(resource, "update"):
        yield _probe("update", resource, _update, _changed)
    if template and _has(resource, "archive"):
        yield _probe("archive", resource, _ids, _archived)


def _has(resource: str, verb: str) -> bool:
    return f"{resource}.{verb}" in load_api().operations


def _needs_filter(contract: Contract) -> bool:
    """Return whether a list names its parent: there is no list of all entities."""
    return any(row.required and not row.enum for row in contract.filters)


def _is_read_by_id(contract: Contract) -> bool:
    own = contract.identity.field if contract.identity else ""
    kinds = {"comma"} if contract.page and contract.page.start else {"comma", "include"}
    return any(row.field == own and row.kind in kinds for row in contract.filters)


def _state_filter(contract: Contract) -> Filter | None:
    """Return the filter by state, where paused and enabled entities differ."""
    rows = (row for row in contract.filters if row.field == "state" and row.kind != "typed")
    return next((row for row in rows if _paused(row)), None)


def _paused(row: Filter) -> str:
    return next((word for word in row.enum if word.upper() == "PAUSED"), "")


def _probe(verb: str, resource: str, build: Build, examine: Examination) -> Probe:
    def args(account: Account) -> dict[str, Any]:
        place = {"resource": resource, "profile": account.profile("NA")}
        return place | build(account, resource)

    return Probe(verb, args, _called(verb, examine))


def _create(account: Account, _made: str, listed: str) -> dict[str, Any]:
    """Return one new item; ``listed`` is the resource that a list shows it in."""
    item = account.entities_of.item(listed)
    account.entities_of.mark(listed)
    return {"items": [item]}


def _list(account: Account, resource: str) -> dict[str, Any]:
    entities = account.entities_of
    if resource in templates():
        for _ in range(LEAST_ENTITIES - len(entities.stored(resource))):
            entities.add(resource)
    page = load_api().contracts[resource].page
    return {"pageSize": PAGE} if page and page.size and resource in templates() else {}


def _filtered_list(account: Account, resource: str) -> dict[str, Any]:
    del account
    row = _state_filter(load_api().contracts[resource])
    assert row is not None, "only then the list has a filter"
    value = [_paused(row)]
    return {"filter": {row.name: value if row.kind == "comma" else {"include": value}}}


def _ids(account: Account, resource: str) -> dict[str, Any]:
    return {"ids": [account.entities_of.add(resource)]}


def _update(account: Account, resource: str) -> dict[str, Any]:
    entities = account.entities_of
    return {"items": [entities.change(resource, entities.add(resource))]}


def _resource(seen: Outcome) -> str:
    return str(seen.args["resource"])


def _called(verb: str, examine: Examination) -> Examination:
    """Return an examination that first looks for the call itself."""
    operation = "list" if verb == "get" else verb

    def examine_call(seen: Outcome) -> Iterator[Problem]:
        resource = _resource(seen)
        if seen.of(f"{resource}.{operation}"):
            yield from examine(seen)
            return
        called = ", ".join(sorted({str(call["operation"]) for call in seen.calls}))
        yield Problem(
            f"no call of {resource}.{operation} arrived; there were {called}",
            "send the request for args.resource, with its own path and media type",
        )

    return examine_call


def _created_in(listed: str) -> Examination:
    """Return the examination of a create, whose entity a list of ``listed`` shows."""

    def created(seen: Outcome) -> Iterator[Problem]:
        added = seen.account.entities_of.added(listed)
        if not added:
            step = f"send args.items in a {_resource(seen)}.create"
            yield Problem("the item was not created", step)
        elif len(added) > 1:
            yield Problem(
                f"{len(added)} entities were created from one item",
                "read the rows of the reply, and do not send again what was created",
            )

    return created


def _every_entity(seen: Outcome) -> Iterator[Problem]:
    resource = _resource(seen)
    page = load_api().contracts[resource].page
    calls = seen.of(f"{resource}.list")
    stored = len(seen.account.entities_of.stored(resource))
    last = calls[-1].get("reply")
    if page and page.token and isinstance(last, dict) and last.get(page.token):
        yield Problem(
            f"only the first page was read: the last reply has a {page.token} that no call sent",
            f"send {page.token} in the next list until a reply has none",
        )
    if page and "pageSize" in seen.args and not _asks_for(calls, page.size, str(PAGE)):
        yield Problem(
            f"pageSize {PAGE} was ignored: no call has {page.size} {PAGE}",
            f"send args.pageSize as {page.size} in each list",
        )
    done = seen.reply.get("done", stored)
    if done != stored:
        yield Problem(
            f"the reply says done: {done}, but {stored} entities exist",
            "count every entity of every page in done, or leave done out",
        )


def _asks_for(calls: list[dict[str, Any]], name: str, value: str) -> bool:
    return all(
        str((call.get("request") or {}).get(name)) == value or f"{name}={value}" in _query(call)
        for call in calls
    )


def _query(call: dict[str, Any]) -> str:
    return str(call.get("query") or "") + str(call["path"])


def _filtered(seen: Outcome) -> Iterator[Problem]:
    (name,) = seen.args["filter"]
    calls = seen.of(f"{_resource(seen)}.list")
    if not all(name in _sent(call) and "PAUSED" in _sent(call).upper() for call in calls):
        yield Problem(
            f"the filter was ignored: the list went out without {name}",
            "put the members of args.filter into the body, or the query, of each list",
        )


def _sent(call: dict[str, Any]) -> str:
    return json.dumps(call.get("request")) + _query(call)


def _by_id(seen: Outcome) -> Iterator[Problem]:
    (wanted,) = seen.args["ids"]
    if not any(wanted in _sent(call) for call in seen.calls):
        yield Problem(
            "the ids were ignored: no call asked for them", "list with the filter by id: args.ids"
        )


def _changed(seen: Outcome) -> Iterator[Problem]:
    resource = _resource(seen)
    entities = seen.account.entities_of
    (item,) = seen.args["items"]
    own, template = entities.id_field(resource), templates()[resource]
    row = entities.stored(resource).get(str(item[own]), {})
    for name in template.change:
        if _plain(row.get(name)) != _plain(item[name]):
            yield Problem(
                f"{name} of the entity did not become {json.dumps(item[name])}",
                f"send args.items in a {resource}.update",
            )


def _archived(seen: Outcome) -> Iterator[Problem]:
    resource = _resource(seen)
    (entity_id,) = seen.args["ids"]
    row = seen.account.entities_of.stored(resource).get(entity_id)
    if row is not None and _plain(row.get("state")) != "ARCHIVED":
        yield Problem("the entity is not archived", f"send args.ids in a {resource}.archive")


def _plain(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value
