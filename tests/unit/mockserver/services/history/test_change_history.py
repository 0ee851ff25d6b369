"""The change history: what it shows of a change, and how filters choose."""

import pytest

from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import campaign, value
from tests.unit.mockserver.services.history.changes import (
    DAY,
    MEDIA,
    MINE,
    MS,
    NOW,
    NUMBERS,
    PLAIN,
    VERSION,
    ask,
    brief,
    change,
    create_server,
    events_of,
    home,
    made,
    write,
)


def test_every_change_of_a_campaign_is_reported_with_what_was_and_what_is():
    own = create_server()
    mine = made(own)
    own.sandbox.clock.advance(60)
    change(
        own,
        mine,
        name="Boots",
        state="PAUSED",
        budget={"budget": 12.5, "budgetType": "DAILY"},
        endDate="2026-08-01",
        dynamicBidding={
            "strategy": "MANUAL",
            "placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 50}],
        },
    )

    first, *rest = events_of(own)

    assert (first["changeType"], first["timestamp"]) == ("CREATED", NOW)
    assert brief(rest) == [
        ("STATUS", "ENABLED", "PAUSED"),
        ("NAME", "Shoes", "Boots"),
        ("END_DATE", "", "2026-08-01"),
        ("BUDGET_AMOUNT", "10.0", "12.5"),
        ("SMART_BIDDING_STRATEGY", "LEGACY_FOR_SALES", "MANUAL"),
        ("PLACEMENT_GROUP", "PLACEMENT_TOP:0", "PLACEMENT_TOP:50"),
    ]
    assert {row["timestamp"] for row in rest} == {NOW + 60 * MS}
    assert {row["entityId"] for row in rest} == {mine}
    assert rest[0]["metadata"] == {"campaignId": mine, "campaignBudgetType": "DAILY"}


def test_an_archive_is_a_status_and_what_changes_nothing_is_no_event():
    own = create_server()
    mine = made(own)
    change(own, mine, name="Shoes")
    media = MEDIA["/sp/campaigns"]
    own.call("/sp/campaigns/delete", {"campaignIdFilter": {"include": [mine]}}, media=media)
    assert brief(events_of(own)) == [("CREATED", "", ""), ("STATUS", "ENABLED", "ARCHIVED")]


def keywords(own):
    mine = made(own)
    group = {"campaignId": mine, "name": "G", "state": "ENABLED", "defaultBid": 0.5}
    (row,) = write(own, "/sp/adGroups", [group])
    group_id = row["adGroupId"]
    named = {"campaignId": mine, "adGroupId": group_id, "state": "ENABLED"}
    word = {**named, "keywordText": "red shoes", "matchType": "EXACT", "bid": 0.75}
    (row,) = write(own, "/sp/keywords", [word])
    return mine, group_id, row["keywordId"]


def test_bids_are_reported_with_the_keyword_and_found_by_one_filter():
    own = create_server()
    mine, group, keyword = keywords(own)
    write(own, "/sp/keywords", [{"keywordId": keyword, "bid": 1.25}], "PUT")
    write(own, "/sp/adGroups", [{"adGroupId": group, "defaultBid": 0.6}], "PUT")
    asked = {kind: {**MINE, "filters": ["BID_AMOUNT"]} for kind in ("KEYWORD", "AD_GROUP")}

    events = events_of(own, eventTypes=asked)

    assert sorted(brief(events)) == [
        ("BID_AMOUNT", "0.75", "1.25"),
        ("DEFAULT_BID_AMOUNT", "0.5", "0.6"),
    ]
    (word,) = [row for row in events if row["entityType"] == "KEYWORD"]
    assert word["metadata"] == {
        "campaignId": mine,
        "adGroupId": group,
        "keyword": "red shoes",
        "keywordType": "KEYWORD_EXACT",
    }


def test_entities_are_chosen_by_id_and_by_parent_and_nothing_by_neither():
    own = create_server()
    mine, group, keyword = keywords(own)
    made(own, "Other")

    def found(**selector):
        return {row["entityId"] for row in events_of(own, eventTypes={"KEYWORD": selector})}

    assert found() == set()
    assert found(eventTypeIds=[keyword]) == found(eventTypeIds=[int(keyword)]) == {keyword}
    assert found(eventTypeIds=["1"]) == set()
    assert found(parents=[{"campaignId": mine}]) == {keyword}
    assert found(parents=[{"campaignId": mine, "adGroupId": group}]) == {keyword}
    assert found(parents=[{"campaignId": "1"}, {"adGroupId": group}]) == {keyword}
    assert found(parents=[{"campaignId": "1", "adGroupId": group}]) == set()
    assert found(parents=[{}]) == set()
    assert found(eventTypeIds=["1"], parents=[{"campaignId": mine}]) == set()
    of_mine = {"CAMPAIGN": {"parents": [{"campaignId": mine}]}}
    assert {row["entityId"] for row in events_of(own, eventTypes=of_mine)} == {mine}


def test_a_negative_keyword_of_a_campaign_lies_in_no_ad_group():
    own = create_server()
    mine = made(own)
    item = {"campaignId": mine, "keywordText": "cheap", "matchType": "NEGATIVE_PHRASE"}
    (row,) = write(own, "/sp/campaignNegativeKeywords", [item | {"state": "ENABLED"}])
    (event,) = events_of(own, "NEGATIVE_KEYWORD")
    assert event["entityId"] == row["campaignNegativeKeywordId"]
    assert event["metadata"] == {
        "campaignId": mine,
        "keyword": "cheap",
        "keywordType": "KEYWORD_PHRASE",
    }


def test_another_profile_has_another_history():
    own = create_server()
    made(own)
    other = next(each for each in own.sandbox.profiles.values() if each.country == "CA")
    reply = own.send(
        "POST",
        "/history",
        {"eventTypes": {"CAMPAIGN": MINE}, "fromDate": NOW - MS, "toDate": NOW},
        own.headers(PLAIN) | {"Amazon-Advertising-API-Scope": other.id},
    )
    assert value(reply)["events"] == []


def test_brands_and_the_unified_api_have_a_history_and_display_has_none():
    own = create_server()
    brand = {"name": "Bags", "budget": 500.0, "budgetType": "LIFETIME", "state": "ENABLED"}
    brand |= {"startDate": "2026-07-02", "endDate": "2026-09-01"}
    (row,) = write(own, "/sb/v4/campaigns", [brand])
    display = {"name": "D", "tactic": "T00020", "state": "enabled", "budget": 10.0}
    display |= {"budgetType": "daily", "startDate": "20260702"}
    (done,) = value(own.call("/sd/campaigns", [display], media=PLAIN))
    assert done["code"] == "SUCCESS"
    product = made(own)
    body = {"campaigns": [{"campaignId": product, "state": "PAUSED"}]}
    body = {"campaigns": [{**body["campaigns"][0], "adProduct": "SPONSORED_PRODUCTS"}]}
    own.call("/adsApi/v1/update/campaigns", body, media=PLAIN)

    events = events_of(own)

    assert [(each["entityId"], each["changeType"]) for each in events] == [
        (row["campaignId"], "CREATED"),
        (product, "CREATED"),
        (product, "STATUS"),
    ]
    assert events[0]["metadata"]["campaignBudgetType"] == "LIFETIME_BUDGET"


def test_what_the_control_plane_puts_in_is_no_change():
    own = create_server()
    state = {
        "profiles": {own.profile().id: {"sp.campaigns": [{**campaign("S"), "campaignId": "7"}]}}
    }
    put_state(own.sandbox, home().resources, state)
    assert events_of(own) == []
    change(own, "7", state="PAUSED")
    assert brief(events_of(own)) == [("STATUS", "ENABLED", "PAUSED")]


def test_the_range_is_that_of_the_sandbox_s_clock():
    own = create_server()
    mine = made(own)
    own.sandbox.clock.advance(DAY)
    change(own, mine, state="PAUSED")
    assert brief(events_of(own, toDate=NOW)) == [("CREATED", "", "")]
    assert brief(events_of(own, fromDate=NOW + 1, toDate=NOW + 2 * DAY * MS)) == [
        ("STATUS", "ENABLED", "PAUSED")
    ]
    own.sandbox.clock.advance(90 * DAY)
    late = {"fromDate": NOW + DAY * MS, "toDate": NOW + 91 * DAY * MS}
    assert brief(events_of(own, **late)) == [("STATUS", "ENABLED", "PAUSED")]


@pytest.mark.parametrize(
    "body",
    [
        {"fromDate": NOW, "toDate": NOW - 1},
        {"fromDate": NOW - 91 * DAY * MS},
        {"fromDate": NOW // MS, "toDate": NOW // MS},
        {"toDate": NOW + 90 * DAY * MS},
        {"count": 49},
        {"count": 201},
        {"pageOffset": -1},
        {"pageOffset": 0, "nextToken": "x"},
        {"nextToken": "x"},
        {"eventTypes": {"CAMPAIGN": {"eventTypeIds": [str(n) for n in range(11)]}}},
        {"eventTypes": {"CAMPAIGN": {"parents": [{}] * 11}}},
        {"eventTypes": {"CAMPAIGN": {"filters": ["CREATED"]}}},
        {"eventTypes": {"THEME": MINE}},
        {"eventTypes": None},
        {"fromDate": "yesterday"},
        {"sort": {"key": "NAME"}},
    ],
)
def test_what_cannot_be_asked_is_refused(body):
    reply = ask(create_server(), **body)
    assert reply.status == 400
    assert sorted(value(reply)) == ["code", "details"]


def test_any_accept_is_answered_and_themes_ask_for_the_newer_version():
    own = create_server()
    assert ask(own, VERSION).content_type == VERSION
    assert ask(own, "application/vnd.historyresponse.v1+json").content_type == PLAIN
    assert events_of(own, "THEME", accept=VERSION) == []


def test_a_throttled_call_is_refused_by_the_gateway_without_a_time():
    own = fixtures.create_server(home(), f"history{next(NUMBERS)}", quotas={})
    replies = [ask(own) for _ in range(6)]
    assert [each.status for each in replies] == [200] * 5 + [429]
    assert value(replies[-1]) == {"message": "Too Many Requests"}
    assert "Retry-After" not in replies[-1].headers
