import pytest

from adsmock.mockserver.services.faults.json_edit import Edit, parse_pointer
from tests.unit.mockserver.fixtures import campaign, create_server, value


def test_the_reply_is_edited():
    server = create_server()
    edit = Edit("replace", parse_pointer("/totalResults"), 7)
    server.plan("patch", effect={"edits": (edit,)})

    assert value(server.call("/sp/campaigns/list"))["totalResults"] == 7
    assert server.sandbox.faults.find("patch").triggered == 1


@pytest.mark.parametrize(
    "path", ["/nothing", "/campaigns/7", "/campaigns/x", "/campaigns/01", "/totalResults/a"]
)
def test_a_pointer_that_leads_nowhere_is_not_counted(path):
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign(f"c{n}") for n in range(3)]})
    server.plan("patch", effect={"edits": (Edit("replace", parse_pointer(path), 1),)})

    server.call("/sp/campaigns/list")
    rule = server.sandbox.faults.find("patch")

    assert (rule.selected, rule.triggered, server.entries()[-1].fault) == (1, 0, None)


@pytest.mark.parametrize("size", [0, 1])
def test_an_array_without_another_order_is_not_counted(size):
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign(f"c{n}") for n in range(size)]})
    server.plan("patch", effect={"shuffle": (parse_pointer("/campaigns"),)})

    server.call("/sp/campaigns/list")

    assert server.sandbox.faults.find("patch").triggered == 0


@pytest.mark.parametrize(
    ("operation", "place"),
    [
        ({"op": "remove", "path": "/campaigns/\u00b2"}, "/effect/operations/0/path"),
        ({"op": "remove", "path": "/campaigns/\u0663/name"}, "/effect/operations/0/path"),
        ({"op": "remove", "path": "/a~2b"}, "/effect/operations/0/path"),
    ],
)
def test_a_pointer_that_cannot_be_read_is_refused_when_the_rule_is_made(control, operation, place):
    refused = control.refuse(
        "faults.create", {"effect": {"kind": "patch", "operations": [operation]}}
    )

    assert (refused["status"], refused["pointer"]) == (400, place)
    assert operation["path"] in refused["detail"]
    assert control.do("faults.list") == {"faults": []}


def test_the_pointers_of_shuffle_are_checked_too(control):
    rule = {"effect": {"kind": "partial", "indexes": [0], "shuffle": ["/a", "/b/\u00b9"]}}

    assert control.refuse("faults.create", rule)["pointer"] == "/effect/shuffle/1"
