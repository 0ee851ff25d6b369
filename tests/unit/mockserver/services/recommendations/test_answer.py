"""Recommendations: valid in every version, the same for the same question, within bounds."""

from functools import cache

import jsonschema_rs
import orjson
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.catalog.recommendations.index import ADVICE
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.services.recommendations import questions
from tests.unit.mockserver.services.recommendations.questions import (
    ASIN,
    ASKED,
    BODIES,
    NAMES,
    account,
)

BIDS = "application/vnd.spthemebasedbidrecommendation.v{}+json"
KEYWORDS = "application/vnd.spkeywordsrecommendation.v{}+json"
PRODUCTS = "application/vnd.spproductrecommendation.v3+json"
TARGETING = "application/vnd.spproducttargeting.v3+json"
RETIRED, NEWEST = BIDS.format(3), BIDS.format(5)

home = cache(account)


def value(reply):
    return orjson.loads(reply.body)


def bids(own=None, media=NEWEST, **changes):
    body = BODIES["sp.advice.bids"] | changes
    return (own or home()).send("/sp/targets/bid/recommendations", body, media=media)


def keywords(own=None, version=5, **changes):
    body = {"recommendationType": "KEYWORDS_FOR_ASINS", "asins": [ASIN]} | changes
    body = {name: each for name, each in body.items() if each is not None}
    path = "/sp/targets/keywords/recommendations"
    return (own or home()).send(path, body, media=KEYWORDS.format(version))


def amounts(found, name=""):
    """Yield every number that is a bid or a budget."""
    if isinstance(found, dict):
        for key, each in found.items():
            yield from amounts(each, key)
    elif isinstance(found, list):
        for each in found:
            yield from amounts(each, name)
    elif name in {"suggestedBid", "bid", "recommended", "suggestedBudget", "dailyBudget"}:
        yield found


@pytest.mark.parametrize(("contract", "operation", "version"), ASKED, ids=NAMES)
def test_every_version_of_every_answer_fits_its_form(contract, operation, version):
    reply = home().ask(operation, version)
    if version.request == RETIRED:
        assert reply.status == 415
        return
    assert reply.status == operation.success, reply.body
    assert reply.content_type == (operation.answers or version.reply)
    jsonschema_rs.validate(form_body(contract, version.gives), value(reply))


def test_every_row_of_advice_is_some_operations():
    named = {f"{one.name}.{version.gives}" for one, _, version in ASKED}
    assert set(ADVICE) <= named | {row.id for _, row, _ in ASKED}


def test_the_same_question_has_the_same_answer_in_another_process_of_the_same_seed():
    first, second = account("twin", seed=7), account("twin", seed=7)
    for _, operation, version in ASKED:
        if operation.id in {"sp.advice.campaigns", "sp.advice.bids"} or version.request == RETIRED:
            continue  # these hang on ids, which are minted
        one, other = first.ask(operation, version), second.ask(operation, version)
        assert one.body == other.body, operation.id


def test_another_seed_answers_otherwise():
    one, other = (keywords(account("seeds", seed=seed)) for seed in (1, 2))
    assert one.body != other.body


def test_bids_of_existing_targets_come_for_each_expression_and_rise():
    themes = value(bids())["bidRecommendations"]
    assert [row["theme"] for row in themes] == ["CONVERSION_OPPORTUNITIES", "PRIME_DAY"]
    for theme in themes:
        rows = theme["bidRecommendationsForTargetingExpressions"]
        wanted = BODIES["sp.advice.bids"]["targetingExpressions"]
        assert [row["targetingExpression"] for row in rows] == wanted
        for row in rows:
            found = [each["suggestedBid"] for each in row["bidValues"]]
            assert found == sorted(found)
            assert 0.02 <= found[0] < found[2] <= 1000


def test_a_target_has_the_same_bid_anywhere():
    one = value(bids())["bidRecommendations"][0]["bidRecommendationsForTargetingExpressions"]
    turned = BODIES["sp.advice.bids"]["targetingExpressions"][::-1]
    other = value(bids(targetingExpressions=turned))["bidRecommendations"][0]
    assert other["bidRecommendationsForTargetingExpressions"] == one[::-1]


def test_analyses_come_only_when_asked_for():
    assert "bidAnalysesForTargetingExpressions" in value(bids())["bidRecommendations"][0]
    plain = value(bids(includeAnalysis=False))["bidRecommendations"][0]
    assert "bidAnalysesForTargetingExpressions" not in plain


@pytest.mark.parametrize(
    "changes",
    [
        {"campaignId": "4"},
        {"adGroupId": "4"},
        {"adGroupId": "{other}"},
        {"targetingExpressions": [{"type": "NONE"}]},
        {"recommendationType": "NONE"},
        {"targetingExpressions": [{"type": "CLOSE_MATCH"}] * 101},
    ],
)
def test_bids_for_what_is_not_there_or_not_valid_are_refused(changes):
    reply = bids(**changes)
    assert reply.status == 422
    assert value(reply)["code"] == "422"


def test_a_version_that_has_ended_was_served_before():
    own = account("early", clock_start=1_735_732_800.0)  # 2025-01-01
    (theme,) = value(bids(own, media=RETIRED))["bidRecommendations"]
    assert len(theme["impactMetrics"]["clicks"]["values"]) == 3
    assert "suggestedBidImpactMetrics" not in orjson.dumps(theme).decode()


def test_each_version_is_answered_in_its_own_and_in_no_other():
    path, body = "/sp/targets/bid/recommendations", BODIES["sp.advice.bids"]
    reported = home().send(path, body, media=BIDS.format(4), accept="*/*")
    assert reported.content_type == BIDS.format(4)
    assert home().send(path, body, media=BIDS.format(4), accept=BIDS.format(5)).status == 406
    assert home().send(path, body, media="application/json").status == 415


def test_keywords_are_ranked_with_those_handed_in():
    own = [{"keyword": "my lamp", "matchType": "EXACT"}, {"keyword": "my shelf"}]
    rows = value(keywords(maxRecommendations=4, targets=own))["keywordTargetList"]
    selected = {row["keyword"] for row in rows if row["userSelectedKeyword"]}
    assert len(rows) == 6
    assert selected == {"my lamp", "my shelf"}
    for place, row in enumerate(rows, 1):
        wanted = {"my lamp": ["EXACT"], "my shelf": ["BROAD"]}
        known = wanted.get(row["keyword"], ["BROAD", "PHRASE", "EXACT"])
        assert [each["matchType"] for each in row["bidInfo"]] == known
        assert {each["rank"] for each in row["bidInfo"]} == {place}


def test_none_but_those_handed_in_are_ranked_when_none_are_wanted():
    rows = value(keywords(maxRecommendations=0, targets=[{"keyword": "mine"}]))
    assert [row["keyword"] for row in rows["keywordTargetList"]] == ["mine"]


@pytest.mark.parametrize("version", [3, 4, 5])
@pytest.mark.parametrize("own", [1, 100])
def test_those_handed_in_are_ranked_among_no_more_than_an_answer_may_hold(version, own):
    mine = [{"keyword": f"mine {number}", "matchType": "EXACT"} for number in range(own)]
    found = value(keywords(version=version, targets=mine))
    rows = found if version == 3 else found["keywordTargetList"]
    assert len(rows) == 200 or (version == 5 and own < len(rows) < 200)
    assert sum(row["userSelectedKeyword"] for row in rows) == own


def test_bids_next_to_keywords_are_hundredths_and_can_be_left_out():
    rows = value(keywords())["keywordTargetList"]
    first = rows[0]["bidInfo"][0]
    assert first["bid"] == first["suggestedBid"]["suggested"] >= 2
    assert first["bid"] == int(first["bid"])
    bare = value(keywords(bidsEnabled=False))
    assert bare["keywordTargetList"][0]["bidInfo"] == []
    assert "impactMetrics" not in bare


def test_version_three_is_an_array_of_rows():
    rows = value(keywords(version=3, maxRecommendations=7))
    assert len(rows) == 7
    assert [row["rank"] for row in rows] == list(range(1, 8))


def test_keywords_are_not_recommended_for_an_automatic_campaign():
    plain = {"recommendationType": "KEYWORDS_FOR_ADGROUP", "asins": None}
    assert keywords(**plain, campaignId="{campaign}", adGroupId="{group}").status == 200
    reply = keywords(**plain, campaignId="{auto}", adGroupId="{other}")
    assert reply.status == 400
    assert "Auto Targeted Campaign" in value(reply)["details"]
    old = home().send("/v2/sp/adGroups/{other}/suggested/keywords", b"", "GET", "application/json")
    assert (old.status, value(old)["details"]) == (400, value(reply)["details"])


def test_items_of_brands_bids_are_judged_one_by_one():
    path = "/sb/recommendations/bids"
    found = value(home().send(path, BODIES["sb.suggestions.bids"], media="application/json",
                              accept="*/*"))  # fmt: skip
    reported = {
        name: [next(row[key] for key in row if key.endswith("Index")) for row in rows]
        for name, rows in found.items()
    }
    assert reported == {
        "keywordsBidsRecommendationSuccessResults": [0],
        "keywordsBidsRecommendationErrorResults": [1],
        "targetsBidsRecommendationSuccessResults": [0],
        "targetsBidsRecommendationErrorResults": [1],
        "themesRecommendationSuccessResults": [1],
        "themesRecommendationErrorResults": [0],
    }


def test_an_answer_tells_of_no_more_themes_than_its_form_allows():
    body = {"themeTypes": [f"T{number}" for number in range(30)]}
    found = value(home().send("/sb/recommendations/bids", body, media="application/json",
                              accept="*/*"))  # fmt: skip
    reported = [row["themeIndex"] for row in found["themesRecommendationErrorResults"]]
    assert reported == list(range(10))


@pytest.mark.parametrize(
    ("operation", "present"),
    [("sp.advice.budgets", 10), ("sb.budgetAdvice.budgets", 20), ("sd.advice.budgets", 30)],
)
def test_a_budget_grows_from_the_present_one_and_who_is_not_there_is_named(operation, present):
    row = next(row for row in ASKED if row[1].id == operation)
    found = value(home().ask(*row[1:]))
    done, failed = sorted(found.values(), key=lambda rows: "suggestedBudget" not in rows[0])
    assert (done[0]["index"], failed[0]["index"], failed[0]["campaignId"]) == (0, 1, "4")
    assert 1.05 * present <= done[0]["suggestedBudget"] <= 1.6 * present


def test_recommendations_for_campaigns_follow_what_is_there():
    def reported(query=""):
        kind = "application/vnd.spgetcampaignrecommendationsresponse.v1+json"
        path = f"/sp/campaign/recommendations{query}"
        return value(home().send(path, b"", "GET", "application/json", kind))

    rows = reported()["recommendations"]
    assert {row["campaignId"] for row in rows} == {home().ids["campaign"], home().ids["auto"]}
    (one,) = reported(f"?campaignIds={home().ids['campaign']},4")["recommendations"]
    (keyword,) = one["keywordTargetingRecommendations"]
    assert (keyword["keywordText"], keyword["adGroupId"]) == ("lamp", home().ids["group"])
    assert one["targetingGroupBidRecommendations"] == []
    (auto,) = reported(f"?campaignIds={home().ids['auto']}")["recommendations"]
    groups = auto["targetingGroupBidRecommendations"]
    wanted = {"CLOSE_MATCH", "LOOSE_MATCH", "SUBSTITUTES", "COMPLEMENTS"}
    assert {row["targetingGroupExpression"] for row in groups} == wanted
    first = reported("?maxResults=1")
    second = reported(f"?maxResults=1&nextToken={first['nextToken']}")
    assert first["recommendations"] + second["recommendations"] == rows


def test_events_that_fall_into_a_campaign_are_reported():
    body = BODIES["sp.initialBudgets.budgets"] | {"startDate": "20261101", "endDate": "20261231"}
    kind = "application/vnd.spinitialbudgetrecommendation.v3.4+json"
    path = "/sp/campaigns/initialBudgetRecommendation"
    found = value(home().send(path, body, media=kind))
    (event,) = found["specialEvents"]
    assert event["eventKey"] == "BFCM_HOLIDAY"
    assert event["dailyBudget"] == pytest.approx(1.5 * found["dailyBudget"], abs=0.01)
    for day in ("soon", "99991231", ""):
        wrong = home().send(path, body | {"startDate": day}, media=kind)
        assert (wrong.status, list(value(wrong))) == (400, ["message"])
    later = body | {"startDate": "20280701", "endDate": "20280731"}
    (event,) = value(home().send(path, later, media=kind))["specialEvents"]
    assert (event["startDate"], event["endDate"]) == ("20280708", "20280711")


@pytest.mark.parametrize("region", ["NA", "EU", "FE"])
def test_amounts_lie_within_the_bounds_of_the_marketplace(region):
    own = home()
    profile = own.server.profile(region)
    limits = fixtures.contract_set().marketplaces[profile.country].limits
    clause = {"targetingClause": questions._CLAUSE}
    for path, media, body, limit in (
        ("/sp/targets/bid/recommendations", BIDS.format(5),
         {"recommendationType": "BIDS_FOR_NEW_AD_GROUP", "asins": [ASIN],
          "bidding": {"strategy": "MANUAL"},
          "targetingExpressions": [{"type": "KEYWORD_EXACT_MATCH", "value": str(number)}
                                   for number in range(100)]}, "sp.bid"),
        ("/sd/targets/bid/recommendations",
         "application/vnd.sdtargetingrecommendations.v3.3+json",
         {"costType": "vcpm", "bidOptimization": "reach", "targetingClauses": [clause]},
         "sd.bid.vcpm"),
        ("/sb/recommendations/bids", "application/json",
         {"keywords": [{"keywordText": str(number), "matchType": "exact"}
                       for number in range(100)]}, "sb.bid.image"),
    ):  # fmt: skip
        headers = own.server.headers(media=media, Accept="*/*")
        headers["Amazon-Advertising-API-Scope"] = profile.id
        reply = own.server.send("POST", path, body, headers, fixtures.ENDPOINTS[region])
        found = list(amounts(value(reply)))
        assert found
        bounds = limits[limit]
        assert all(bounds.minimum <= each <= bounds.maximum for each in found)


def test_paths_of_version_two_that_have_ended_stay_ended():
    for path in ("/v2/sp/keywords/bidRecommendations", "/v2/sp/targets/bidRecommendations"):
        assert home().send(path, {}, media="application/json").status == 404
