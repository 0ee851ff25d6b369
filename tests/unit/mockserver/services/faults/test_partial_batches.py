"""A planned failure of items fails exactly those, in every batch that any contract knows.

The list of operations is read from the contracts: a family that is new is asked too.
"""

from functools import cache
from itertools import count

import pytest

from adsmock.contracts.schema import request_body
from adsmock.mockserver.catalog.unified.index import MAPPINGS
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver.fixtures import contract_set, create_server, runtime, value

WRITES = {"create", "update", "archive", "associate", "disassociate", "join", "part"}
NO_BATCHES = {
    "adsAccounts.create": "one account is made, whatever it is associated with",
    "amc.schedules.create": "one schedule is made",
    "amc.schedules.update": "one schedule is replaced",
    "amc.workflowExecutions.create": "one workflow is executed",
    "amc.workflowExecutions.update": "one execution is canceled",
    "amc.workflows.create": "one workflow is made",
    "amc.workflows.update": "one workflow is replaced",
    "brandMetrics.create": "one report is made",
    "v1.reports.create": "one report is made, over all accounts that it names",
    "v1.streamSubscriptions.create": "one subscription is made, of all accounts that it names",
    "v1.streamSubscriptions.delete": "one subscription is archived",
}
TEXT = "planned by this test"
ITEMS, DOOMED = 4, (1, 3)
CAMPAIGNS = {
    "sp": {"targetingType": "MANUAL", "budget": {"budget": 10.0, "budgetType": "DAILY"}},
    "sb": {"budget": 10.0, "budgetType": "DAILY"},
    "sd": {"budget": 10.0, "budgetType": "daily", "startDate": "20260701", "tactic": "T00020"},
}
LONG_AGO = 1_717_200_000.0  # 2024-06-01, when no path that is served was retired yet
_NUMBERS = count()


def batches():
    """Return every operation that takes items or ids and answers each for itself, with its place.

    A place is the dotted member that holds them, empty where they are the whole body.
    """
    found = []
    for contract in contract_set().by_name.values():
        for operation in contract.operations:
            schema = request_body(contract, operation) if operation.verb in WRITES else None
            place = None if schema is None else place_of(schema)
            if place is not None and operation.id not in NO_BATCHES:
                found.append((contract, operation, schema, place))
    return found


def place_of(schema):
    if schema.get("type") == "array":
        return ""
    for name, member in schema.get("properties", {}).items():
        if "include" in member.get("properties", {}):
            return f"{name}.include"
        if member.get("type") == "array":
            is_object = member["items"].get("type") == "object"
            if is_object or name.endswith("Ids"):
                return name
    return None


def sample(schema):
    """Return the least value of a schema."""
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        members = schema.get("properties", {})
        wanted = [*schema.get("required", ())]
        wanted += [name for name in members if not wanted and schema.get("minProperties")][:1]
        return {name: sample(members[name]) for name in wanted}
    if kind == "array":
        return [sample(schema["items"]) for _ in range(schema.get("minItems", 0))]
    return SCALARS[kind](schema)


def _string(schema):
    if schema.get("pattern", "").startswith("^[0-9]") or "format" not in schema:
        return "20260801" if "20" in schema.get("pattern", "") else "1"
    return {"date": "2026-08-01", "date-time": "2026-08-01T00:00:00Z"}[schema["format"]]


SCALARS = {
    "string": _string,
    "integer": lambda schema: int(schema.get("minimum", 1)),
    "number": lambda schema: schema.get("minimum", 1.0),
    "boolean": lambda _: True,
}


@cache
def shared():
    return runtime()


def body_of(schema, place, number):
    """Return a body of ``count`` samples that all look the same."""
    if not place:
        return [sample(schema["items"]) for _ in range(number)]
    name, _, inner = place.partition(".")
    rows = schema["properties"][name]
    rows = rows["properties"][inner] if inner else rows
    items = [sample(rows["items"]) for _ in range(number)]
    whole = {each: sample(schema["properties"][each]) for each in schema.get("required", ())}
    return whole | {name: {inner: items} if inner else items}


def peopled():
    """Return a client of a sandbox with a campaign of each family and a manager account."""
    server = create_server(shared(), f"partial{next(_NUMBERS)}", clock_start=LONG_AGO)
    state = {
        f"{family}.campaigns": [
            {"campaignId": 77 if family == "sd" else "77", "name": "c", "state": state, **rest}
        ]
        for (family, rest), state in zip(
            CAMPAIGNS.items(), ("ENABLED", "ENABLED", "enabled"), strict=True
        )
    }
    put_state(server.sandbox, server.runtime.resources, {"profiles": {server.profile().id: state}})
    return server


def owned(server, contract):
    """Let the ids of a batch of the unified API be of the product: they tell which it is."""
    resource = MAPPINGS[contract.name][0].resource
    table = server.sandbox.store.table(server.profile().id, resource)
    if "1" not in table:
        table.put(Entity("1", 1, "ARCHIVED", b"{}", (), None, 0.0, 0.0))


def addressed(server, path):
    """Return a path with what it names, which is there."""
    if "{managerAccountId}" in path:
        media = "application/vnd.createmanageraccountrequest.v1+json"
        named = {"managerAccountName": "M", "managerAccountType": "Advertiser"}
        reply = server.call("/managerAccounts", named, media=media, Accept="*/*")
        return path.replace("{managerAccountId}", value(reply)["managerAccountId"])
    return path.replace("{campaignId}", "77")


def rows_of(reply):
    """Yield the rows of a reply with their index, or their place where rows have none."""
    if isinstance(reply, list):
        yield from enumerate(reply)
        return
    for each in reply.values():
        if isinstance(each, dict):
            yield from rows_of(each)
        elif isinstance(each, list):
            for place, row in enumerate(each):
                named = (row[name] for name in row if name.lower().endswith("index"))
                yield next(named, place), row


@pytest.mark.parametrize(
    ("contract", "operation", "schema", "place"),
    [pytest.param(*row, id=row[1].id) for row in batches()],
)
def test_a_planned_failure_of_items_fails_those_alone(contract, operation, schema, place):
    server = peopled()
    path = addressed(server, operation.path)
    if contract.name in MAPPINGS and operation.verb != "create":
        owned(server, contract)
    effect = {"indexes": DOOMED, "message": TEXT}
    server.plan("partial", effect=effect, match=Match(operation=(operation.id,)))

    reply = server.call(
        path,
        body_of(schema, place, ITEMS),
        operation.method,
        media=operation.request,
        Accept="*/*",
        **({"Amazon_Advertising_API_Scope": None} if not operation.scope else {}),
    )

    assert reply.status == (operation.seen_success or operation.success), reply.body
    rows = list(rows_of(value(reply)))
    assert len(rows) == ITEMS
    doomed = sorted(index for index, row in rows if TEXT in str(row))
    if contract.shape == "managers":  # rows differ in the account alone
        assert len(doomed) == len(DOOMED)
    else:
        assert sorted(index for index, _ in rows) == list(range(ITEMS))
        assert doomed == list(DOOMED)
    (entry,) = server.entries()[-1:]
    assert entry.operation == operation.id
    (rule,) = server.sandbox.faults.rules()
    assert rule.triggered == 1


def test_every_shape_of_batch_is_asked():
    shapes = {contract.shape for contract, *_ in batches()}

    assert shapes >= {"array", "bare", "keyed", "managers", "rules", "split", "unified"}
    assert len(batches()) > 120
    assert set(NO_BATCHES) <= {
        operation.id for each in contract_set().by_name.values() for operation in each.operations
    }
