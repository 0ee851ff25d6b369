"""Bare arrays: one row an item, ids as numbers, reads by query and by path."""

import pytest

from adsmock.mockserver.core.fault import Match
from tests.unit.mockserver.fixtures import create_server, value

JSON = "application/json"


def shelf():
    """Return a server and the ids of a campaign and of an ad group in it."""
    own = create_server()
    (made,) = send(own, "POST", "campaigns", [campaign()])
    group = {"campaignId": made["campaignId"], "name": "G", "state": "enabled", "defaultBid": 1}
    (below,) = send(own, "POST", "adGroups", [group])
    return own, made["campaignId"], below["adGroupId"]


def campaign(name="A", **members):
    plain = {"name": name, "tactic": "T00020", "state": "enabled", "startDate": "20270101"}
    return plain | members


def target(group, kind="asinSameAs", text="B000000001", **members):
    expression = [{"type": kind, "value": text}]
    plain = {"adGroupId": group, "state": "enabled", "expressionType": "manual"}
    return plain | {"expression": expression} | members


def reply(own, method, path, body=None):
    raw = b"" if body is None else body
    return own.call(f"/sd/{path}", raw, method, media=JSON)


def send(own, method, path, body=None):
    return value(reply(own, method, path, body))


def test_rows_stand_in_the_order_of_the_items_and_a_refused_one_has_no_id():
    rows = send(create_server(), "POST", "campaigns", [campaign(), campaign(), campaign("B")])

    assert [row["code"] for row in rows] == ["SUCCESS", "INVALID_ARGUMENT", "SUCCESS"]
    assert isinstance(rows[0]["campaignId"], int)
    assert set(rows[1]) == {"code", "description"}


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"tactic": "remarketing"}, "Tactic must be one of [T00020, T00030]"),
        ({"endDate": "20261231"}, "End date cannot be before start date"),
        ({"startDate": "20200101"}, "Start date cannot be in the past"),
        ({"startDate": "2027-01-01"}, "Date is invalid"),
        ({"name": None}, "Name is invalid"),
        ({"budget": 0.5}, "Budget is out of range (must be in [1.0, 1000000.0])"),
    ],
)
def test_what_is_wrong_with_an_item_fails_the_item_alone(members, text):
    rows = send(create_server(), "POST", "campaigns", [campaign(**members), campaign("B")])

    assert rows[0] == {"code": "INVALID_ARGUMENT", "description": text}
    assert rows[1]["code"] == "SUCCESS"


def test_a_missing_member_fails_its_item():
    item = campaign()
    del item["startDate"]
    (row,) = send(create_server(), "POST", "campaigns", [item])

    assert row["description"] == "Start date is required"


@pytest.mark.parametrize("body", [{"a": 1}, b"campaignId", [1], [{"name": 5}], [{}] * 101])
def test_a_body_that_is_no_batch_cannot_be_processed(body):
    answer = reply(create_server(), "POST", "campaigns", body)

    assert (answer.status, value(answer)["code"]) == (422, "422")


def test_a_campaign_gets_the_defaults_of_its_marketplace():
    own, found, _ = shelf()

    stored = send(own, "GET", f"campaigns/{found}")

    assert (stored["budget"], stored["costType"]) == (100, "cpc")
    assert stored["deliveryProfile"] == "as_soon_as_possible"


def test_ids_are_taken_as_strings_and_shown_as_numbers():
    own, found, _ = shelf()

    rows = send(own, "PUT", "campaigns", [{"campaignId": str(found), "state": "paused"}])

    assert rows == [{"campaignId": found, "code": "SUCCESS"}]
    assert send(own, "GET", f"campaigns/{found}")["state"] == "paused"


def test_an_update_of_nothing_is_reported_item_by_item():
    rows = send(create_server(), "PUT", "campaigns", [{"campaignId": 5}, {"state": "paused"}])

    assert [row["code"] for row in rows] == ["NOT_FOUND", "INVALID_ARGUMENT"]
    assert rows[0]["description"] == "Cannot find entity with id 5"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["A", "B", "C"]),
        ("startIndex=1&count=1", ["B"]),
        ("startIndex=9", []),
        ("stateFilter=paused", ["B"]),
        ("stateFilter=enabled,%20archived", ["A", "C"]),
        ("name=C", ["C"]),
        ("unknown=1&count=99999", ["A", "B", "C"]),
    ],
)
def test_a_list_is_cut_by_its_query(query, names):
    own = create_server()
    items = [campaign(), campaign("B", state="paused"), campaign("C")]
    made = send(own, "POST", "campaigns", items)
    send(own, "DELETE", f"campaigns/{made[2]['campaignId']}")

    assert [row["name"] for row in send(own, "GET", f"campaigns?{query}")] == names


def test_a_list_takes_ids_between_commas():
    own = create_server()
    first, second = send(own, "POST", "campaigns", [campaign(), campaign("B")])
    wanted = f"{second['campaignId']},{first['campaignId']},1"

    rows = send(own, "GET", f"campaigns?campaignIdFilter={wanted}")

    assert [row["name"] for row in rows] == ["A", "B"]


@pytest.mark.parametrize("query", ["stateFilter=gone", "count=x", "campaignIdFilter=A1"])
def test_a_selector_that_means_nothing_is_refused(query):
    assert reply(create_server(), "GET", f"campaigns?{query}").status == 400


def test_an_extended_read_shows_more_and_weighs_five():
    own, found, _ = shelf()
    operations = own.runtime.contract_set.operations

    (listed,) = send(own, "GET", "campaigns/extended")

    assert listed == send(own, "GET", f"campaigns/extended/{found}")
    assert listed["servingStatus"] == "PENDING_START_DATE"
    assert listed["creationDate"] == 1_782_907_200_000
    assert operations["sd.campaigns.extended.list"].weight == 5
    assert operations["sd.campaigns.list"].weight == 1


def test_what_is_archived_stays_so():
    own, found, _ = shelf()

    assert send(own, "DELETE", f"campaigns/{found}") == {"campaignId": found, "code": "SUCCESS"}
    again = reply(own, "DELETE", f"campaigns/{found}")
    (row,) = send(own, "PUT", "campaigns", [{"campaignId": found, "name": "Z"}])
    group = {"campaignId": found, "name": "H", "state": "enabled", "defaultBid": 1}
    (below,) = send(own, "POST", "adGroups", [group])

    assert again.status == 400
    assert row["description"] == " Archived entity cannot be modified"
    assert below["description"] == "Parent entity is archived"
    assert send(own, "GET", f"campaigns/{found}")["state"] == "archived"


def test_an_update_may_archive():
    own, found, _ = shelf()

    send(own, "PUT", "campaigns", [{"campaignId": found, "state": "archived"}])

    assert reply(own, "DELETE", f"campaigns/{found}").status == 400


@pytest.mark.parametrize("path", ["campaigns/7", "campaigns/extended/7", "targets/x"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_id_in_the_path_is_not_found(path, method):
    answer = reply(create_server(), method, path)
    is_known = not (method == "DELETE" and "extended" in path)

    assert answer.status == (404 if is_known else 405)


def test_a_child_is_placed_by_its_ad_group_alone():
    own, found, group = shelf()

    send(own, "POST", "productAds", [{"adGroupId": group, "state": "enabled", "sku": "S"}])

    (ad,) = send(own, "GET", f"productAds?campaignIdFilter={found}")
    assert (ad["campaignId"], ad["adGroupId"]) == (found, group)


def test_a_child_that_names_another_campaign_is_refused():
    own, _, group = shelf()
    item = {"adGroupId": group, "campaignId": 9, "state": "enabled", "sku": "S"}

    (row,) = send(own, "POST", "productAds", [item])

    assert row["description"] == "Parent entity not found"


def test_a_parent_that_no_reply_names_is_known_all_the_same():
    own, found, group = shelf()
    send(own, "POST", "negativeTargets", [target(group)])

    (row,) = send(own, "GET", f"negativeTargets?campaignIdFilter={found}")

    assert "campaignId" not in row
    assert row["resolvedExpression"] == row["expression"]


def test_a_tactic_decides_what_can_be_targeted():
    own, _, group = shelf()
    views = target(group) | {"expression": [{"type": "views", "value": [{"type": "negative"}]}]}

    rows = send(own, "POST", "targets", [target(group), views, target(group, text="short")])

    assert [row["code"] for row in rows] == ["SUCCESS", "INVALID_ARGUMENT", "INVALID_ARGUMENT"]
    assert rows[1]["description"] == "Expression type views is not supported for tactic T00020"


def test_an_ad_group_shows_the_tactic_of_its_campaign():
    own, _, group = shelf()

    assert send(own, "GET", f"adGroups/{group}")["tactic"] == "T00020"


@pytest.mark.parametrize(("paid", "bid", "code"), [("cpc", 0.5, "S"), ("vcpm", 0.5, "I")])
def test_the_bounds_of_a_bid_are_those_of_how_the_campaign_is_paid(paid, bid, code):
    own = create_server()
    (made,) = send(own, "POST", "campaigns", [campaign(costType=paid)])
    item = {"campaignId": made["campaignId"], "name": "G", "state": "enabled", "defaultBid": bid}

    (row,) = send(own, "POST", "adGroups", [item])

    assert row["code"][0] == code


def test_a_location_is_answered_whole_and_gone_when_deleted():
    own, _, group = shelf()
    item = {"adGroupId": group, "state": "enabled", "expression": [{"type": "location"}]}

    (made,) = send(own, "POST", "locations", [item])
    selector = {"include": [made["locationExpressionId"], 7]}
    rows = send(own, "POST", "locations/delete", {"locationExpressionIdFilter": selector})

    assert made["adGroupId"] == group
    assert [row["code"] for row in rows] == ["SUCCESS", "NOT_FOUND"]
    assert send(own, "GET", "locations") == []


def test_a_creative_with_too_long_a_headline_is_refused():
    own, _, group = shelf()
    items = [{"adGroupId": group, "properties": {"headline": "x" * n}} for n in (50, 51)]

    rows = send(own, "POST", "creatives", items)

    assert [row["code"] for row in rows] == ["SUCCESS", "INVALID_ARGUMENT"]


def test_a_creative_waits_for_its_review():
    own, _, group = shelf()
    send(own, "POST", "creatives", [{"adGroupId": group, "properties": {"headline": "Hi"}}])

    (before,) = send(own, "GET", "creatives")
    own.sandbox.clock.advance(73 * 3600)
    (after,) = send(own, "GET", "creatives")

    assert before["moderationStatus"] == "PENDING_REVIEW"
    assert after["moderationStatus"] in {"APPROVED", "REJECTED"}


def test_planned_failures_fall_on_the_items_they_name():
    own = create_server()
    effect = {"indexes": (1,), "error": "throttledError", "reason": "THROTTLED"}
    own.plan("partial", effect=effect, match=Match(operation=("sd.campaigns.create",)))

    rows = send(own, "POST", "campaigns", [campaign(), campaign("B"), campaign("C")])

    assert [row["code"] for row in rows] == ["SUCCESS", "THROTTLED", "SUCCESS"]
    assert own.entries()[-1].items == 3


def test_the_selector_of_an_archive_is_no_parameter_of_a_list():
    own, _, group = shelf()
    place = [{"type": "location", "value": "amzn1.ad-geo.US"}]
    (made,) = send(
        own, "POST", "locations", [{"adGroupId": group, "state": "enabled", "expression": place}]
    )

    listed = reply(own, "GET", "locations?locationExpressionIdFilter=1")

    assert listed.status == 200
    assert [row["locationExpressionId"] for row in value(listed)] == [made["locationExpressionId"]]
