"""Budget rules and budget usage: the same verbs for every family."""

from functools import cache
from itertools import count, pairwise

import pytest

from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import campaign, value

JSON = "application/json"
RULE = {
    "name": "Sale",
    "ruleType": "SCHEDULE",
    "budgetIncreaseBy": {"type": "PERCENT", "value": 20.0},
    "duration": {"dateRangeTypeRuleDuration": {"startDate": "20260710", "endDate": "20260712"}},
    "recurrence": {"type": "DAILY"},
}
DISPLAY = {"name": "D", "tactic": "T00020", "state": "enabled", "startDate": "20270101"}


NUMBERS = count()
home = cache(fixtures.runtime)


def create_server():
    return fixtures.create_server(home(), f"budget{next(NUMBERS)}")


PAST = {"startDate": "20260712", "endDate": "20260711"}


def send(own, method, path, body=b"", media=JSON):
    return value(own.call(path, body, method, media=media))


def held(shown):
    """Return what a shown value has, without the nulls for what it lacks."""
    if not isinstance(shown, dict):
        return shown
    return {name: held(each) for name, each in shown.items() if each is not None}


def rule(own, family="sp", **changes):
    body = {"budgetRulesDetails": [RULE | changes]}
    (row,) = send(own, "POST", f"/{family}/budgetRules", body)["responses"]
    return row["ruleId"]


def sold(own, name="Shoes"):
    media = "application/vnd.spCampaign.v3+json"
    body = {"campaigns": [campaign(name)]}
    answer = send(own, "POST", "/sp/campaigns", body, media)
    return answer["campaigns"]["success"][0]["campaignId"]


def displayed(own):
    (row,) = send(own, "POST", "/sd/campaigns", [DISPLAY])
    return str(row["campaignId"])


def usage(own, *ids):
    media = "application/vnd.spcampaignbudgetusage.v1+json"
    return send(own, "POST", "/sp/campaigns/budget/usage", {"campaignIds": [*ids]}, media)


@pytest.mark.parametrize("family", ["sp", "sb", "sd"])
def test_a_rule_is_made_shown_and_changed(family):
    own = create_server()
    found = rule(own, family)
    changed = {"ruleId": found, "ruleState": "PAUSED", "ruleDetails": {"name": "Later"}}

    before = send(own, "GET", f"/{family}/budgetRules/{found}")["budgetRule"]
    send(own, "PUT", f"/{family}/budgetRules", {"budgetRulesDetails": [changed]})
    (after,) = send(own, "GET", f"/{family}/budgetRules?pageSize=30")[
        "budgetRulesForAdvertiserResponse"
    ]

    assert (held(before["ruleDetails"]), before["ruleStatus"]) == (RULE, "PENDING_START")
    assert held(after["ruleDetails"]) == RULE | {"name": "Later"}
    assert after["ruleStatus"] == "PAUSED"


def test_the_status_of_a_rule_follows_the_clock():
    own = create_server()
    found = rule(own)
    seen = []
    for days in (9, 3, 3):
        own.sandbox.clock.advance(days * 86_400)
        seen.append(send(own, "GET", f"/sp/budgetRules/{found}")["budgetRule"]["ruleStatus"])

    assert seen == ["ACTIVE", "EXPIRED", "EXPIRED"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"ruleType": "PERFORMANCE"},
        {"duration": {}},
        {"duration": {"always": True}},
        {"budgetIncreaseBy": {"type": "PERCENT", "value": 0}},
        {"duration": {"dateRangeTypeRuleDuration": {"startDate": "20260601"}}},
        {"duration": {"dateRangeTypeRuleDuration": PAST}},
        {"duration": {"dateRangeTypeRuleDuration": {"startDate": "someday"}}},
        {"duration": {"dateRangeTypeRuleDuration": {"startDate": "20260732"}}},
        {
            "duration": {
                "dateRangeTypeRuleDuration": {"startDate": "20260710", "endDate": "20260710T"}
            }
        },
    ],
)  # fmt: skip
def test_details_that_make_no_rule_are_refused_in_their_place(changes):
    given = {key: one for key, one in (RULE | changes).items() if one is not None}
    body = {"budgetRulesDetails": [given, RULE]}

    rows = send(create_server(), "POST", "/sp/budgetRules", body)["responses"]

    assert [row["code"] for row in rows] == ["INVALID_ARGUMENT", "Ok"]


@pytest.mark.parametrize("named", ["mine", ["½", ""], {"a": 1}, 7, "", None])
def test_a_refused_rule_shows_the_id_that_was_given_only_where_it_is_one(named):
    body = {"budgetRulesDetails": [RULE | {"name": "", "ruleId": named}]}
    (row,) = send(create_server(), "POST", "/sp/budgetRules", body)["responses"]
    assert row["code"] == "INVALID_ARGUMENT"
    assert row.get("ruleId") == (named if named == "mine" else None)


def test_rules_come_in_pages_that_miss_none():
    own = create_server()
    made = [rule(own, name=str(number)) for number in range(5)]
    seen, token = [], ""
    while True:
        answer = send(own, "GET", f"/sp/budgetRules?pageSize=2&nextToken={token}")
        seen += [row["ruleId"] for row in answer["budgetRulesForAdvertiserResponse"]]
        token = answer["nextToken"]
        if not token:
            break

    assert seen == made


@pytest.mark.parametrize("query", ["", "?pageSize=0", "?pageSize=31", "?pageSize=3&nextToken=x"])
def test_a_page_that_cannot_be_is_refused(query):
    assert create_server().call(f"/sp/budgetRules{query}", b"", "GET", media=JSON).status == 400


@pytest.mark.parametrize(("family", "make"), [("sp", sold), ("sd", displayed)])
def test_a_rule_acts_on_campaigns_until_it_is_taken_away(family, make):
    own = create_server()
    found, held = rule(own, family), make(own)
    path = f"/{family}/campaigns/{held}/budgetRules"

    (row,) = send(own, "POST", path, {"budgetRuleIds": [found]})["responses"]
    (shown,) = send(own, "GET", path)["associatedRules"]
    (acted,) = send(own, "GET", f"/{family}/budgetRules/{found}/campaigns?pageSize=9")[
        "associatedCampaigns"
    ]
    send(own, "DELETE", f"{path}/{found}")

    assert (row["code"], shown["ruleId"], acted["campaignId"]) == ("Ok", found, held)
    assert send(own, "GET", path)["associatedRules"] == []
    assert own.call(f"{path}/{found}", b"", "DELETE", media=JSON).status == 404


def test_a_campaign_has_one_rule_of_a_name_and_pairs_answer_for_themselves():
    own = create_server()
    one, twin, held = rule(own), rule(own), sold(own)
    pairs = [
        {"campaignId": held, "budgetRuleId": one},
        {"campaignId": held, "budgetRuleId": twin},
        {"campaignId": "4", "budgetRuleId": one},
        {"campaignId": held, "budgetRuleId": "none"},
    ]

    body = {"budgetRulesAssociations": pairs}
    reported = send(own, "POST", "/sp/budgetRulesAssociation", body)["budgetRulesAssociations"]
    body = {"budgetRulesDisAssociations": pairs[:2]}
    untied = send(own, "POST", "/sp/budgetRulesAssociation/delete", body)

    assert [row["index"] for row in reported["successList"]] == [0]
    codes = [row["code"] for row in reported["errorList"]]
    assert codes == ["INVALID_ARGUMENT", "NOT_FOUND", "NOT_FOUND"]
    rows = untied["budgetRulesDisAssociations"]
    assert [len(rows["successList"]), len(rows["errorList"])] == [1, 1]


def test_usage_grows_over_the_day_and_names_what_is_missing():
    own = create_server()
    held, seen = sold(own), []
    for _ in range(4):
        (row,) = usage(own, held)["success"]
        seen.append(row["budgetUsagePercent"])
        own.sandbox.clock.advance(3600)

    answer = usage(own, "4", held)

    assert all(first < then for first, then in pairwise(seen))
    assert (row["budget"], row["campaignId"]) == (10.0, held)
    assert [each["index"] for each in answer["error"]] == [0]
    assert [each["index"] for each in answer["success"]] == [1]
