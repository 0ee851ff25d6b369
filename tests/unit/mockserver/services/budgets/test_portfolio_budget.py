"""Budgets of portfolios: what each policy needs, days and currency, and how they are used up."""

from functools import cache
from itertools import count

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.schema import form_body
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import campaign, contract_set, value

NUMBERS = count()
home = cache(fixtures.runtime)
MEDIA = "application/vnd.spPortfolio.v3+json"
USAGE = "application/vnd.portfoliobudgetusage.v1+json"
RANGE = {
    "policy": "DATE_RANGE",
    "amount": 100.0,
    "startDate": "2026-07-02",
    "endDate": "2026-07-12",
    "currencyCode": "USD",
}
MONTHLY = {"policy": "MONTHLY_RECURRING", "amount": 100.0}
DAY = 86_400


def create_server():
    return fixtures.create_server(home(), f"portfolio{next(NUMBERS)}")


def send(own, item, method="POST"):
    body = {"portfolios": [item]}
    answer = value(own.call("/portfolios", body, method, media=MEDIA))["portfolios"]
    if answer["success"]:
        return answer["success"][0]["portfolioId"], None
    ((kind, found),) = answer["error"][0]["errors"][0]["errorValue"].items()
    return "", (kind, found["reason"], found["cause"]["location"].partition("budget.")[2])


def made(own, budget, name="P"):
    return send(own, {"name": name, "state": "ENABLED", "budget": budget})


def without(name):
    return {key: each for key, each in RANGE.items() if key != name}


@pytest.mark.parametrize(
    ("budget", "refused"),
    [
        (RANGE, None),
        (MONTHLY, None),
        (MONTHLY | {"endDate": "2026-12-31"}, None),
        ({"policy": "NO_CAP"}, None),
        ({"policy": "NO_CAP", "amount": None, "startDate": None, "endDate": None}, None),
        ({}, None),
        (without("policy"), ("budgetError", "MISSING_BUDGETING_POLICY", "policy")),
        (RANGE | {"policy": "OTHER"}, ("budgetError", "BUDGETING_POLICY_INVALID", "policy")),
        (RANGE | {"policy": "NO_CAP"}, ("budgetError", "BUDGETING_POLICY_INVALID", "policy")),
        (without("amount"), ("budgetError", "BUDGET_AMOUNT_INVALID", "amount")),
        (RANGE | {"amount": 0}, ("budgetError", "BUDGET_AMOUNT_INVALID", "amount")),
        (
            RANGE | {"currencyCode": "EUR"},
            (
                "budgetError",
                "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS",
                "currencyCode",
            ),
        ),
        (without("startDate"), ("dateError", "START_DATE_NOT_NULL", "startDate")),
        (without("endDate"), ("missingValueError", "MISSING_VALUE", "endDate")),
        (RANGE | {"endDate": "2026-02-30"}, ("dateError", "INVALID_DATE", "endDate")),
        (
            RANGE | {"startDate": "2026-06-30"},
            ("dateError", "START_DATE_EARLIER_THAN_TODAY", "startDate"),
        ),
        (
            MONTHLY | {"endDate": "2026-06-30"},
            ("dateError", "END_DATE_EARLIER_THAN_TODAY", "endDate"),
        ),
        (
            RANGE | {"endDate": "2026-07-02"},
            ("dateError", "START_DATE_EQUAL_END_DATE", "endDate"),
        ),
        (RANGE | {"endDate": "2026-07-01"}, ("dateError", "START_DATE_AFTER_END_DATE", "endDate")),
    ],
)
def test_a_budget_is_judged_by_its_policy(budget, refused):
    assert made(create_server(), budget)[1] == refused


def test_a_budget_is_taken_away_by_nulls_and_days_that_stay_may_pass():
    own = create_server()
    mine, _ = made(own, RANGE)
    own.sandbox.clock.advance(5 * DAY)
    later = {"portfolioId": mine, "budget": {"amount": 120.0, "startDate": "2026-07-02"}}
    assert send(own, later, "PUT") == (mine, None)
    half = {"portfolioId": mine, "budget": {"policy": "NO_CAP", "amount": None}}
    assert send(own, half, "PUT")[1] == ("budgetError", "BUDGETING_POLICY_INVALID", "policy")
    half["budget"] |= {"startDate": None, "endDate": None}
    assert send(own, half, "PUT") == (mine, None)
    assert send(own, {"portfolioId": mine, "name": "Q"}, "PUT") == (mine, None)


DAYS = st.sampled_from(["2026-06-30", "2026-07-01", "2026-07-02", "2026-07-03", None])


@given(DAYS, DAYS, st.sampled_from([None, -1.0, 5.0]))
def test_a_range_is_valid_when_it_has_an_amount_and_two_days_in_order_to_come(start, end, amount):
    budget = {"policy": "DATE_RANGE", "startDate": start, "endDate": end, "amount": amount}
    is_valid = bool(amount == 5.0 and start and end and "2026-07-01" <= start < end)
    assert (made(create_server(), budget)[1] is None) == is_valid


def usage(own, *ids):
    body = {"portfolioIds": [*ids]}
    reply = own.call("/portfolios/budget/usage", body, media=USAGE)
    assert reply.status == 207
    answer = value(reply)
    schema = form_body(contract_set().by_name["portfolios.budgetUsage"], "get.reply")
    assert jsonschema_rs.validator_for(schema).is_valid(answer)
    return answer["success"], answer["error"]


def test_usage_grows_over_the_days_of_a_budget_and_stays():
    own = create_server()
    mine, _ = made(own, RANGE)
    endless, _ = made(own, {"policy": "NO_CAP"}, "Q")
    seen = []
    for days in (0, 2, 4, 4, 4, 10):
        own.sandbox.clock.advance(days * DAY)
        ((row, free), _) = usage(own, mine, endless)
        assert (row["budget"], free["budgetUsagePercent"], free["budget"]) == (
            100.0,
            0,
            9999999999.0,
        )
        seen.append(row["budgetUsagePercent"])
    assert seen[0] == 0.0
    assert seen == sorted(seen)
    assert 0 < seen[2] < seen[-1] == seen[-2] <= 100


def test_a_budget_may_last_to_the_end_of_time():
    own = create_server()
    mine, _ = made(own, RANGE | {"endDate": "9999-12-31"})
    own.sandbox.clock.advance(30 * DAY)
    ((row,), _) = usage(own, mine)
    assert 0 <= row["budgetUsagePercent"] < 1


def test_unknown_portfolios_are_reported_in_their_place():
    own = create_server()
    mine, _ = made(own, MONTHLY)
    done, failed = usage(own, "1", mine)
    assert [(row["portfolioId"], row["index"]) for row in done] == [(mine, 1)]
    details = "Portfolio 1 was not found"
    assert failed == [{"portfolioId": "1", "index": 0, "code": "NOT_FOUND", "details": details}]
    for ids in ([], ["1"] * 101):
        body = {"portfolioIds": ids}
        assert own.call("/portfolios/budget/usage", body, media=USAGE).status == 400


def reported(answer):
    """Return code and place of the one refusal, in whatever family's words."""
    if isinstance(answer, list):
        return answer[0]["code"], answer[0]["description"]
    rows = answer.get("campaigns", answer)
    error = rows["error"][0]["errors"][0]
    if "code" in error:
        return error["code"], error["fieldLocation"]
    ((kind, found),) = error["errorValue"].items()
    return kind, found["reason"], found["cause"]["location"]


BRAND = {"name": "B", "budget": 10.0, "budgetType": "DAILY", "state": "ENABLED"}
DISPLAY = {"name": "D", "tactic": "T00020", "state": "enabled", "startDate": "20270101"}
UNIFIED = {
    "adProduct": "SPONSORED_PRODUCTS",
    "name": "U",
    "state": "ENABLED",
    "startDateTime": "2026-07-02T00:00:00Z",
    "marketplaceScope": "SINGLE_MARKETPLACE",
    "budgets": [
        {
            "budgetType": "MONETARY",
            "budgetValue": {"monetaryBudgetValue": {"monetaryBudget": {"value": 10.0}}},
            "recurrenceTimePeriod": "DAILY",
        }
    ],
    "autoCreationSettings": {"autoCreateTargets": False},
}
NOWHERE = ("parentEntityError", "PARENT_ENTITY_NOT_FOUND", "$.campaigns[0].portfolioId")
WAYS = {
    "sp": ("/sp/campaigns", "application/vnd.spCampaign.v3+json", campaign(), NOWHERE),
    "sb": (
        "/sb/v4/campaigns",
        "application/vnd.sbcampaignresource.v4+json",
        BRAND,
        ("otherError", "PARENT_ENTITY_NOT_FOUND", "$.portfolioId"),
    ),
    "sd": (
        "/sd/campaigns",
        "application/json",
        DISPLAY,
        ("INVALID_ARGUMENT", "Portfolio 12345 was not found"),
    ),
    "v1": (
        "/adsApi/v1/create/campaigns",
        "application/json",
        UNIFIED,
        ("FIELD_VALUE_NOT_FOUND", "$.campaigns[0].portfolioId"),
    ),
}


def asked(own, way, item, method="POST"):
    path, media, _, _ = WAYS[way]
    body = [item] if way == "sd" else {"campaigns": [item]}
    if method == "PUT" and way == "v1":
        path, method = "/adsApi/v1/update/campaigns", "POST"
    reply = own.call(path, body, method, media=media)
    assert reply.status == 207, reply.body
    return value(reply)


def id_of(answer):
    if isinstance(answer, list):
        return answer[0]["campaignId"]
    row = answer.get("campaigns", answer)["success"][0]
    return row["campaign"]["campaignId"] if "campaign" in row else row["campaignId"]


@pytest.mark.parametrize("way", WAYS)
def test_a_campaign_cannot_be_in_a_portfolio_that_the_profile_does_not_have(way):
    own = create_server()
    _, _, item, refused = WAYS[way]
    mine, _ = made(own, {})
    number = int if way == "sd" else str

    assert reported(asked(own, way, item | {"portfolioId": number(12345)})) == refused
    held = id_of(asked(own, way, item | {"portfolioId": number(mine)}))
    change = {"campaignId": held, "portfolioId": number(12345)}
    if way == "v1":
        change["adProduct"] = "SPONSORED_PRODUCTS"
    assert reported(asked(own, way, change, "PUT")) == refused
    assert id_of(asked(own, way, change | {"portfolioId": number(mine)}, "PUT")) == held
    assert id_of(asked(own, way, change | {"portfolioId": None}, "PUT")) == held


def test_a_portfolio_of_another_profile_is_none():
    own = create_server()
    other = next(each for each in own.sandbox.profiles.values() if each.country == "CA")
    headers = own.headers(MEDIA) | {"Amazon-Advertising-API-Scope": other.id}
    body = {"portfolios": [{"name": "P", "state": "ENABLED"}]}
    answer = value(own.send("POST", "/portfolios", body, headers))
    foreign = answer["portfolios"]["success"][0]["portfolioId"]
    assert reported(asked(own, "sp", campaign(portfolioId=foreign))) == NOWHERE
