"""Entities in pages, and the facts that are the same for all sandboxes."""

from tests.unit.mockserver.fixtures import campaign


def test_entities_are_found_by_resource_text_and_page(control):
    names = ["Red Shoes", "Blue shoes", "Hats"]
    control.server.call("/sp/campaigns", {"campaigns": [campaign(name) for name in names]})
    whole = control.do("entities.list")
    assert (whole["total"], whole["resources"]) == (3, {"sp.campaigns": 3})
    assert [row["entity"]["name"] for row in whole["entities"]] == names[::-1]
    found = control.do("entities.list", query={"search": "SHOES"})
    assert [row["entity"]["name"] for row in found["entities"]] == names[1::-1]
    one = control.do("entities.list", query={"search": whole["entities"][0]["id"]})
    assert [row["entity"]["name"] for row in one["entities"]] == ["Hats"]
    second = control.do("entities.list", query={"offset": 1, "limit": 1})
    assert (second["total"], second["entities"]) == (3, whole["entities"][1:2])
    assert control.do("entities.list", query={"resource": "sb.campaigns"})["total"] == 0
    other = control.do("entities.list", query={"profileId": "1"})
    assert (other["total"], other["resources"]) == (0, {})
    assert control.refuse("entities.list", query={"limit": 1001})["pointer"] == "/limit"


def test_the_calendar_is_in_order_of_shut_off(control):
    rows = control.do("service.calendar")["shutOffs"]
    assert len(rows) == len(control.server.runtime.contract_set.deprecations) > 5
    assert [row["shutOff"] for row in rows] == sorted(row["shutOff"] for row in rows)


def test_every_operation_has_its_quota_and_cost(control):
    rows = {row["operation"]: row for row in control.do("service.costs")["operations"]}
    assert rows.keys() == control.server.runtime.contract_set.operations.keys()
    found = rows["sp.campaigns.list"]
    assert (found["quota"], found["weight"], found["extendedWeight"]) == ("sp.read", 1, 5)
