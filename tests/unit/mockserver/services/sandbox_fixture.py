"""A sandbox and short calls of its verbs, for tests of the services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson

from adsmock.contracts.loader import load
from adsmock.mockserver.core.effect import Effect
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.fault import FaultRule, Match, PlannedRule, When
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.outcome import Batch, Failure, Listing, Single, Success
from adsmock.mockserver.core.sandbox import Principal, Profile
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.render import multistatus, page
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox
from adsmock.mockserver.services.verbs import by_id
from adsmock.mockserver.services.verbs.archive import archive
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources
from adsmock.mockserver.services.verbs.create import create
from adsmock.mockserver.services.verbs.list_by_body import list_from_body
from adsmock.mockserver.services.verbs.list_by_query import list_from_query
from adsmock.mockserver.services.verbs.update import update

CONTRACTS = load()
COMPILED = CompiledResources(CONTRACTS)
NOON = 1_782_907_200.0  # 2026-07-01T12:00:00Z, a morning in Los Angeles
TODAY = "2026-07-01"

VERBS = {"create": create, "update": update, "archive": archive, "list": list_from_body}


def selected(effect: Effect) -> SelectedFault:
    """Return the effect as a fault that a rule chose for a call."""
    rule = FaultRule("planned", Match(), When(), effect)
    return SelectedFault(PlannedRule(rule), Entry("POST", "/", 0.0), Metrics())


@dataclass
class SandboxFixture:
    """One frozen sandbox with the default profiles."""

    def __post_init__(self) -> None:
        self.sandboxes = Sandboxes()
        self.sandbox = make_sandbox(
            self.sandboxes,
            CONTRACTS,
            SandboxRequest(id="t01", seed=7, clock_mode="frozen", clock_start=NOON),
        )
        self.profiles = {each.country: each for each in self.sandbox.profiles.values()}

    def context(
        self,
        resource: str,
        verb: str,
        body: Any,
        *,
        country: str = "US",
        planned: Effect | None = None,
    ) -> RequestContext:
        profile: Profile = self.profiles[country]
        return RequestContext(
            operation=CONTRACTS.operations[f"{resource}.{verb}"],
            contract=CONTRACTS.by_name[resource],
            body=body,
            principal=Principal("client", profile),
            region=profile.region,
            sandbox=self.sandbox,
            sandboxes=self.sandboxes,
            now=self.sandbox.clock.now(),
            lwa=CONTRACTS.lwa,
            resource=COMPILED[resource].resource,
            compiled=COMPILED[resource],
            fault=None if planned is None else selected(planned),
        )

    def create(self, resource: str, items: list[Any], **more: Any) -> list[Any]:
        return self._batch(resource, "create", batch(resource, items), **more)

    def update(self, resource: str, items: list[Any], **more: Any) -> list[Any]:
        return self._batch(resource, "update", batch(resource, items), **more)

    def archive(self, resource: str, ids: list[Any], **more: Any) -> list[Any]:
        contract = CONTRACTS.by_name[resource]
        identity, verbs = contract.identity, {one.verb: one for one in contract.operations}
        if any(row.place == "path" for row in verbs["archive"].parameters):
            return [self._archive(resource, place, each, **more) for place, each in enumerate(ids)]
        return self._batch(resource, "archive", {identity.selector: {"include": ids}}, **more)

    def _archive(self, resource: str, place: int, entity_id: str, **more: Any) -> Any:
        """Archive what a path names; a refused call counts as a refused item."""
        context = self.context(resource, "archive", {}, **more)
        (name,) = [row.name for row in context.operation.parameters if row.place == "path"]
        context.parameters = {name: entity_id}
        try:
            result = by_id.archive(context)
        except ApiError as error:
            kind = {"notFound": "entityNotFoundError"}.get(error.kind, "entityStateError")
            return Failure(place, kind, "", str(error))
        assert isinstance(result, Single)
        outcome = result.outcome
        if isinstance(outcome, Success):
            return outcome._replace(index=place)
        return replace(outcome, index=place)

    def found(
        self, resource: str, wanted: dict[str, list[str]], size: int, **more: Any
    ) -> list[str]:
        """Return the ids of all pages of a list; ``wanted`` are values by member."""
        compiled, page_form = COMPILED[resource], CONTRACTS.by_name[resource].page
        asked = {
            row.name: values
            for row in CONTRACTS.by_name[resource].filters
            if (values := wanted.get(row.field))
        }
        if compiled.contract.shape != "array":
            typed = {row.name for row in compiled.contract.filters if row.kind == "typed"}
            body: dict[str, Any] = {
                name: values if name in typed else {"include": values}
                for name, values in asked.items()
            }
            rows = self.rows(resource, {page_form.size: size, **body}, **more)
            return [str(row[compiled.id_field]) for row in rows]
        query_of = {name: ",".join(values) for name, values in asked.items()}
        ids: list[str] = []
        while True:
            cut = {page_form.start: str(len(ids)), page_form.size: str(size)}
            rows = self.browsed(resource, query_of | cut, **more)
            ids += [str(row[compiled.id_field]) for row in rows]
            if len(rows) < size:
                return ids

    def every(self, resource: str, **more: Any) -> list[dict[str, Any]]:
        """Return all entities of a resource."""
        if CONTRACTS.by_name[resource].shape != "array":
            return self.rows(resource, **more)
        return self.browsed(resource, {}, **more)

    def browsed(self, resource: str, query_of: dict[str, str], **more: Any) -> list[Any]:
        context = self.context(resource, "list", {}, **more)
        context.parameters = query_of
        rows: list[Any] = orjson.loads(
            page.render(CONTRACTS.by_name[resource], list_from_query(context))
        )
        return rows

    def _batch(self, resource: str, verb: str, body: Any, **more: Any) -> list[Any]:
        result = VERBS[verb](self.context(resource, verb, body, **more))
        assert isinstance(result, Batch)
        return result.outcomes

    def one(self, resource: str, item: dict[str, Any], **more: Any) -> str:
        """Create one entity that must succeed and return its id."""
        (outcome,) = self.create(resource, [item], **more)
        assert isinstance(outcome, Success), outcome
        return outcome.id

    def refusal(self, outcomes: list[Any]) -> Failure:
        """Return the only outcome, which must be a refusal."""
        (outcome,) = outcomes
        assert isinstance(outcome, Failure), outcome
        return outcome

    def listing(self, resource: str, body: dict[str, Any] | None = None, **more: Any) -> Listing:
        result = list_from_body(self.context(resource, "list", body or {}, **more))
        assert isinstance(result, Listing)
        return result

    def rows(
        self, resource: str, body: dict[str, Any] | None = None, **more: Any
    ) -> list[dict[str, Any]]:
        """Return all rows of all pages, as a client reads them."""
        body, found, tokens = dict(body or {}), [], set()
        while body.get("nextToken") not in tokens:
            tokens.add(body.get("nextToken"))
            contract = CONTRACTS.by_name[resource]
            text = page.render(contract, self.listing(resource, body, **more))
            answer = orjson.loads(text)
            found += answer[contract.page.key]
            if "nextToken" not in answer:
                return found
            body["nextToken"] = answer["nextToken"]
        raise AssertionError("a page token came twice: the listing would never end")

    def reply(self, resource: str, outcomes: list[Any], *, wants_entities: bool = False) -> Any:
        contract = CONTRACTS.by_name[resource]
        return orjson.loads(multistatus.render(contract, outcomes, wants_entities=wants_entities))


def batch(resource: str, items: list[Any]) -> Any:
    """Return the body that carries items: under their key, or bare."""
    envelope = CONTRACTS.by_name[resource].envelope
    return {envelope: items} if envelope else items


def campaign(name: str = "Summer", **members: Any) -> dict[str, Any]:
    return {
        "name": name,
        "targetingType": "MANUAL",
        "state": "ENABLED",
        "budget": {"budget": 10.0, "budgetType": "DAILY"},
        **members,
    }


def ad_group(campaign_id: str, name: str = "Shoes", **members: Any) -> dict[str, Any]:
    return {
        "campaignId": campaign_id,
        "name": name,
        "defaultBid": 0.5,
        "state": "ENABLED",
        **members,
    }


CONTENT: dict[str, dict[str, Any]] = {
    "sp.campaigns": campaign(),
    "sp.adGroups": {"name": "Shoes", "defaultBid": 0.5, "state": "ENABLED"},
    "sp.productAds": {"sku": "SKU-1", "state": "ENABLED"},
    "sp.keywords": {"keywordText": "red shoe", "matchType": "BROAD", "state": "ENABLED"},
    "sp.negativeKeywords": {
        "keywordText": "free shoe",
        "matchType": "NEGATIVE_EXACT",
        "state": "ENABLED",
    },
    "sp.campaignNegativeKeywords": {
        "keywordText": "free shoe",
        "matchType": "NEGATIVE_PHRASE",
        "state": "ENABLED",
    },
    "sp.targets": {
        "expression": [{"type": "ASIN_SAME_AS", "value": "B000000001"}],
        "expressionType": "MANUAL",
        "state": "ENABLED",
    },
    "sp.negativeTargets": {
        "expression": [{"type": "ASIN_SAME_AS", "value": "B000000002"}],
        "state": "ENABLED",
    },
    "sp.campaignNegativeTargets": {
        "expression": [{"type": "ASIN_SAME_AS", "value": "B000000003"}],
        "state": "ENABLED",
    },
}
"""One valid item of each resource of keyed batches, without its parents."""
RESOURCES = tuple(CONTENT)


@dataclass
class Tree:
    """A stage with the parents that items of one resource need."""

    fixture: SandboxFixture
    resource: str
    parents: dict[str, str]

    def item(self, **members: Any) -> dict[str, Any]:
        return {**CONTENT[self.resource], **self.parents, **members}


def grow(resource: str, fixture: SandboxFixture | None = None, country: str = "US") -> Tree:
    """Return a tree in which items of ``resource`` can be created."""
    fixture = fixture or SandboxFixture()
    members = COMPILED[resource].parent_members
    parents: dict[str, str] = {}
    if "campaignId" in members:
        # Sellers may exclude products of a whole campaign only where targeting is automatic.
        kind = "AUTO" if resource == "sp.campaignNegativeTargets" else "MANUAL"
        parent = campaign("Parent", targetingType=kind)
        parents["campaignId"] = fixture.one("sp.campaigns", parent, country=country)
    if "adGroupId" in members:
        group = ad_group(parents["campaignId"], "Parent")
        parents["adGroupId"] = fixture.one("sp.adGroups", group, country=country)
    return Tree(fixture, resource, parents)
