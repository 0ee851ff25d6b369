import pytest

from adsmock.mockserver.services.faults.kinds.partial import ItemSelector
from tests.unit.mockserver.fixtures import campaign, create_server, value


def test_the_named_items_fail():
    server = create_server()
    server.plan("partial", effect={"indexes": (1, 7)})
    items = [campaign(f"c{number}") for number in range(3)]

    rows = value(server.call("/sp/campaigns", {"campaigns": items}))["campaigns"]

    assert [row["index"] for row in rows["error"]] == [1]
    assert server.sandbox.faults.find("partial").triggered == 1
    assert server.entries()[-1].fault == {"id": "partial", "kind": "partial", "point": "before"}


@pytest.mark.parametrize(
    ("path", "body"), [("/sp/campaigns", {"campaigns": [campaign()]}), ("/sp/campaigns/list", {})]
)
def test_indexes_beyond_the_batch_are_not_counted(path, body):
    server = create_server()
    server.plan("partial", effect={"indexes": (7, 8)})

    server.call(path, body)
    rule = server.sandbox.faults.find("partial")

    assert (rule.selected, rule.triggered, server.entries()[-1].fault) == (1, 0, None)
    assert server.runtime.metrics.faults == {}


def test_items_selected_by_member_fail_in_any_batch_as_often_as_planned():
    server = create_server()
    server.plan("partial", effect={"items": ItemSelector("name", ("b", "c"), times=1)})

    def create(*names):
        body = {"campaigns": [campaign(name) for name in names]}
        return value(server.call("/sp/campaigns", body))["campaigns"]

    first, second, again = create("a", "b"), create("c"), create("c", "b")

    assert [row["index"] for row in first["error"]] == [1]
    assert [row["index"] for row in second["error"]] == [0]
    assert (again["error"], [row["index"] for row in again["success"]]) == ([], [0, 1])
    assert server.sandbox.faults.find("partial").triggered == 2


def test_items_selected_by_member_fail_always_without_a_count():
    server = create_server()
    server.plan("partial", effect={"items": ItemSelector("name", ("b",))})
    body = {"campaigns": [campaign("b")]}

    replies = [value(server.call("/sp/campaigns", body))["campaigns"] for _ in range(3)]

    assert [len(one["error"]) for one in replies] == [1, 1, 1]


def test_archived_items_are_selected_by_their_id():
    server = create_server()
    created = value(server.call("/sp/campaigns", {"campaigns": [campaign("a"), campaign("b")]}))
    ids = [row["campaignId"] for row in created["campaigns"]["success"]]
    server.plan("partial", effect={"items": ItemSelector("campaignId", (ids[1],))})

    reply = value(server.call("/sp/campaigns/delete", {"campaignIdFilter": {"include": ids}}))

    assert [row["index"] for row in reply["campaigns"]["error"]] == [1]
