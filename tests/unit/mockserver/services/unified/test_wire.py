"""Headers, codes and shapes of the unified API."""

import pytest

from adsmock.mockserver.core.fault import Match
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.unified.fixtures import (
    SP,
    ST,
    ad_group,
    campaign,
    keyword,
    make_tree,
    money,
    post,
    product,
    query_records,
    send_batch,
    unified_server,
)

QUERY = {"adProductFilter": {"include": [SP]}}


def test_the_header_of_the_unified_api_names_the_client():
    server = unified_server()
    own = server.sandbox.credentials.client_id
    named = {"Amazon_Advertising_API_ClientId": None, "Amazon_Ads_ClientId": own}

    assert post(server, "query/campaigns", QUERY, **named).status == 200
    assert post(server, "query/campaigns", QUERY).status == 200


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": "Bearer Atza|nobody"}, 401, "UNAUTHORIZED"),
        ({"Amazon_Advertising_API_Scope": None}, 401, "UNAUTHORIZED"),
        ({"Amazon_Advertising_API_Scope": "1"}, 401, "UNAUTHORIZED"),
    ],
)
def test_a_refused_call_has_a_code_and_a_message(headers, status, code):
    reply = post(unified_server(), "query/campaigns", QUERY, **headers)

    assert (reply.status, value(reply)["code"]) == (status, code)
    assert set(value(reply)) == {"code", "message"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("create/campaigns", {}),
        ("create/campaigns", {"campaigns": []}),
        ("create/campaigns", {"campaigns": [campaign()] * 1001}),
        ("create/campaigns", {"campaigns": [campaign(state="enabled")]}),
        ("create/campaigns", {"campaigns": [campaign(adProduct="SPONSORED_RADIO")]}),
        ("create/campaigns", {"campaigns": [campaign(), campaign(adProduct=ST)]}),
        ("create/campaigns", b"{"),
        ("query/campaigns", {}),
        ("query/campaigns", {**QUERY, "maxResults": 1001}),
        ("query/campaigns", {**QUERY, "nextToken": "strange"}),
        ("delete/campaigns", {"campaignIds": []}),
        ("delete/campaigns", {"campaignIds": 7}),
        ("delete/ads", {"adIds": {"include": ["1"]}}),
        ("update/campaigns", {"campaigns": [7]}),
    ],
)
def test_a_body_that_does_not_fit_is_a_bad_request(path, body):
    reply = post(unified_server(), path, body)

    assert (reply.status, value(reply)["code"]) == (400, "BAD_REQUEST")


def test_the_most_of_a_batch_depends_on_the_product():
    item = {
        "adProduct": ST,
        "name": "TV",
        "state": "ENABLED",
        "startDateTime": "2026-07-02T00:00:00Z",
        "budgets": money(9.0),
    }
    server = unified_server()

    assert post(server, "create/campaigns", {"campaigns": [item] * 100}).status == 207
    assert post(server, "create/campaigns", {"campaigns": [item] * 101}).status == 400


def test_throttling_is_reported_in_the_words_of_the_family():
    server = unified_server()
    server.plan("http", effect={"status": 429}, match=Match(operation=("v1.sp.*",)))

    reply = post(server, "query/campaigns", QUERY)

    assert (reply.status, value(reply)["code"]) == (429, "TOO_MANY_REQUESTS")


def test_the_journal_names_the_operation_of_the_product_and_counts_items():
    server = unified_server()
    root, *_ = make_tree(server)
    post(server, "delete/campaigns", {"campaignIds": [root]})
    post(server, "query/campaigns", {"adProductFilter": {"include": [ST]}})

    rows = [(each.operation, each.items) for each in server.entries()[-2:]]

    assert rows == [("v1.sp.campaigns.archive", 1), ("v1.st.campaigns.list", None)]


def test_each_refused_item_has_the_code_and_the_place_of_its_flaw():
    server = unified_server()
    _, refused = send_batch(
        server,
        "create/campaigns",
        {
            "campaigns": [
                campaign("A"),
                campaign("A"),
                campaign(""),
                campaign("B", startDateTime="2020-01-01T00:00:00Z"),
                campaign("C", marketplaces=["DE"]),
                campaign("D", budgets=money(0.1)),
                campaign("E", startDateTime="2026-08-01T00:00:00Z", endDateTime="tomorrow"),
                campaign("F", startDateTime="0001-01-01T00:00:00Z"),
            ]
        },
    )
    value_at = "budgets[0].budgetValue.monetaryBudgetValue.monetaryBudget.value"

    assert refused == {
        1: ("FIELD_VALUE_NOT_UNIQUE", "$.campaigns[1].name"),
        2: ("FIELD_VALUE_IS_EMPTY", "$.campaigns[2].name"),
        3: ("DATE_CANNOT_BE_IN_PAST", "$.campaigns[3].startDateTime"),
        4: ("UNSUPPORTED_MARKETPLACE", "$.campaigns[4].marketplaces"),
        5: ("FIELD_VALUE_IS_OUT_OF_RANGE", f"$.campaigns[5].{value_at}"),
        6: ("FIELD_VALUE_IS_INVALID", "$.campaigns[6].endDateTime"),
        7: ("FIELD_VALUE_IS_INVALID", "$.campaigns[7].startDateTime"),
    }


def test_targets_go_to_the_resource_that_their_type_sign_and_parent_name():
    server = unified_server()
    root, words, wares = make_tree(server)
    items = [
        keyword(adGroupId=words, bid={"bid": 1.5}),
        keyword(negative=True, adGroupId=words),
        keyword(negative=True, campaignId=root),
        product(adGroupId=wares),
        product(negative=True, adGroupId=wares),
        keyword(campaignId=root),
        {
            **product(adGroupId=wares),
            "targetType": "LOCATION",
            "targetDetails": {"locationTarget": {"locationId": "1"}},
        },
    ]

    made, refused = send_batch(server, "create/targets", {"targets": items})

    tables = server.sandbox.store.tables()
    kinds = {
        each["targetId"]: name
        for each in made
        for (_, name), table in tables.items()
        if each["targetId"] in table
    }
    assert list(kinds.values()) == [
        "sp.keywords",
        "sp.negativeKeywords",
        "sp.campaignNegativeKeywords",
        "sp.targets",
        "sp.negativeTargets",
    ]
    assert refused == {
        5: ("FIELD_VALUE_IS_NULL", "$.targets[5].adGroupId"),
        6: ("ACTION_NOT_SUPPORTED", "$.targets[6].targetType"),
    }


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({}, [0, 1, 2, 3]),
        ({"maxResults": 1}, [0, 1, 2, 3]),
        ({"negativeFilter": {"include": [True]}}, [1, 2]),
        ({"targetTypeFilter": {"include": ["PRODUCT"]}}, [3]),
        ({"matchTypeFilter": {"include": ["EXACT", "PRODUCT_EXACT"]}}, [0, 3]),
        ({"keywordFilter": {"include": ["HO"], "queryTermMatchType": "BROAD_MATCH"}}, [0, 1]),
        ({"keywordFilter": {"include": ["hat"], "queryTermMatchType": "EXACT_MATCH"}}, [2]),
        (
            {"productIdFilter": {"include": ["B000000001"], "queryTermMatchType": "EXACT_MATCH"}},
            [3],
        ),
        ({"stateFilter": {"include": ["ARCHIVED"]}}, []),
    ],
)
def test_filters_reach_every_kind_of_target(filters, places):
    server = unified_server()
    root, words, wares = make_tree(server)
    items = [
        keyword("shoe", adGroupId=words),
        keyword("shoe", "BROAD", negative=True, adGroupId=words),
        keyword("hat", "PHRASE", negative=True, campaignId=root),
        product(adGroupId=wares),
    ]
    made, _ = send_batch(server, "create/targets", {"targets": items})

    found = query_records(server, "targets", **filters)

    assert [each["targetId"] for each in found] == [made[place]["targetId"] for place in places]


def test_what_is_deleted_is_archived_for_good():
    server = unified_server()
    root, *_ = make_tree(server)

    done, refused = send_batch(server, "delete/campaigns", {"campaignIds": [root, root, "9"]})
    _, late = send_batch(
        server, "update/campaigns", {"campaigns": [{"campaignId": root, "name": "X"}]}
    )
    _, child = send_batch(server, "create/adGroups", {"adGroups": [ad_group(root, "late")]})

    assert [each["state"] for each in done] == ["ARCHIVED"]
    assert refused == {
        1: ("ARCHIVED_RESOURCE_CANNOT_EDIT", "$.campaignIds[1]"),
        2: ("RESOURCE_ID_NOT_FOUND", "$.campaignIds[2]"),
    }
    assert late == {0: ("ARCHIVED_RESOURCE_CANNOT_EDIT", "$.campaigns[0].campaignId")}
    assert child == {0: ("ARCHIVED_PARENT_CANNOT_CREATE", "$.adGroups[0].campaignId")}


def test_a_planned_failure_of_items_has_the_code_of_the_family():
    server = unified_server()
    server.plan("partial", effect={"indexes": (1,)}, match=Match(operation=("v1.sp.*.create",)))

    made, refused = send_batch(
        server, "create/campaigns", {"campaigns": [campaign("A"), campaign("B")]}
    )

    assert [each["name"] for each in made] == ["A"]
    assert refused == {1: ("TOO_MANY_REQUESTS", "$.campaigns[1]")}


def test_a_null_takes_a_value_away():
    server = unified_server()
    _, words, _ = make_tree(server)
    made, _ = send_batch(
        server, "create/targets", {"targets": [keyword(adGroupId=words, bid={"bid": 2.0})]}
    )
    own = made[0]["targetId"]

    send_batch(server, "update/targets", {"targets": [{"targetId": own, "bid": None}]})

    assert made[0]["bid"] == {"bid": 2.0, "currencyCode": "USD"}
    assert "bid" not in query_records(server, "targets")[0]
