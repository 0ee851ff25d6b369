"""Demo data: all ad products, in the words and the currency of each marketplace, by seed."""

import orjson
import pytest

from adsmock.mockserver.catalog.locales import LOCALES
from adsmock.mockserver.catalog.product_words import english_nouns, nouns, qualities, translated
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from adsmock.mockserver.services.sandboxes.import_state import put_state, read_state
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import ENDPOINTS, create_server, value
from tests.unit.mockserver.services.exports.test_requests import look, start
from tests.unit.mockserver.services.exports.test_requests import rows as exported_rows
from tests.unit.mockserver.services.reporting.report_requests import finished, wish

JSON = "application/json"
ADVERTISER = {
    "portfolios", "sp.campaigns", "sp.adGroups", "sp.productAds", "sp.keywords", "sp.targets",
    "sp.negativeKeywords", "sp.campaignNegativeKeywords", "sp.negativeTargets",
    "sp.campaignNegativeTargets", "sb.campaigns", "sb.adGroups", "sb.ads", "sb.creatives",
    "sb.keywords", "sb.targets", "sb.themes", "sb.negativeKeywords", "sb.negativeTargets",
    "sd.campaigns", "sd.adGroups", "sd.productAds", "sd.targets", "sd.negativeTargets",
    "sd.creatives",
}  # fmt: skip


@pytest.fixture(scope="module")
def busy():
    """Return a server whose profiles have forty numbers of demo data."""
    server = create_server()
    for profile in server.sandbox.profiles.values():
        add_demo_data(server.sandbox, server.runtime.resources, profile, 40)
    return server


def rows(server, country):
    profile = next(row for row in server.sandbox.profiles.values() if row.country == country)
    return read_state(server.sandbox)["profiles"][profile.id]


@pytest.mark.parametrize("country", ["US", "DE", "JP"])
def test_an_advertiser_uses_every_ad_product(busy, country):
    found = rows(busy, country)

    assert set(found) == ADVERTISER
    assert len(found["sp.campaigns"]) == 40
    assert {row["targetingType"] for row in found["sp.campaigns"]} == {"MANUAL", "AUTO"}
    assert {row["matchType"] for row in found["sp.keywords"]} == {"BROAD", "PHRASE", "EXACT"}
    assert {row["creative"]["type"] for row in found["sb.ads"]} == {
        "PRODUCT_COLLECTION", "VIDEO", "STORE_SPOTLIGHT",
    }  # fmt: skip
    assert {row["tactic"] for row in found["sd.campaigns"]} == {"T00020", "T00030"}
    states = [row["state"] for row in found["sp.campaigns"]]
    assert 0 < states.count("PAUSED") < 8


def test_words_and_amounts_are_those_of_the_marketplace(busy):
    japanese = set(nouns("JP"))
    names = [row["name"] for row in rows(busy, "JP")["sp.campaigns"]]

    assert all(any(word in name for word in japanese) for name in names)
    assert any(row["keywordText"].split()[-1] in qualities("DE") for row in
               rows(busy, "DE")["sp.keywords"])  # fmt: skip
    yen = orjson.dumps([rows(busy, "JP")[name] for name in ("sp.campaigns", "sp.keywords")])
    assert b"." not in yen.replace(b".amazon.", b"")
    assert {row["budget"]["currencyCode"] for row in rows(busy, "JP")["portfolios"]} == {"JPY"}


@pytest.mark.parametrize("country", sorted(LOCALES))
def test_every_marketplace_has_words_for_the_same_products(country):
    assert len(set(nouns(country))) == len(english_nouns()) == 20
    assert len(set(qualities(country))) == 8
    assert [translated(word, country) for word in english_nouns()] == nouns(country)


def test_a_campaign_of_an_ended_portfolio_does_not_serve(busy):
    asked = {"includeExtendedDataFields": True, "maxResults": 100}
    listed = value(busy.call("/sp/campaigns/list", asked))["campaigns"]
    by_status = {}
    for row in listed:
        by_status.setdefault(row["extendedData"]["servingStatus"], []).append(row)

    assert {"CAMPAIGN_STATUS_ENABLED", "CAMPAIGN_PAUSED", "PORTFOLIO_ENDED"} <= set(by_status)
    ended = {row["portfolioId"] for row in by_status["PORTFOLIO_ENDED"]}
    dated = {
        row["portfolioId"] for row in rows(busy, "US")["portfolios"] if "endDate" in row["budget"]
    }
    assert ended == dated


@pytest.mark.parametrize("family", ["sp", "sb"])
def test_budget_rules_act_on_some_campaigns(busy, family):
    path = f"/{family}/budgetRules?pageSize=30"
    found = value(busy.call(path, b"", "GET", media=JSON))["budgetRulesForAdvertiserResponse"]

    assert found
    assert {row["ruleStatus"] for row in found} == {"ACTIVE"}
    one = found[0]["ruleId"]
    under = value(
        busy.call(f"/{family}/budgetRules/{one}/campaigns?pageSize=30", b"", "GET", media=JSON)
    )
    known = {row["campaignId"] for row in rows(busy, "US")[f"{family}.campaigns"]}
    assert [row["campaignId"] in known for row in under["associatedCampaigns"]] == [True]


@pytest.mark.parametrize(
    ("kind", "product"),
    [
        ("spCampaigns", "SPONSORED_PRODUCTS"),
        ("sbCampaigns", "SPONSORED_BRANDS"),
        ("sdCampaigns", "SPONSORED_DISPLAY"),
    ],
)
def test_campaigns_have_run_for_weeks_so_that_reports_have_rows(busy, kind, product):
    found = finished(
        busy,
        wish(
            reportTypeId=kind,
            adProduct=product,
            columns=["campaignId", "date", "clicks"],
            timeUnit="DAILY",
            startDate="2026-06-01",
            endDate="2026-06-14",
        )
        | {"startDate": "2026-06-02"},
    )
    assert {row["date"] for row in found} >= {"2026-06-02", "2026-06-14"}
    assert sum(row["clicks"] for row in found) > 100


@pytest.mark.parametrize("kind", ["campaigns", "adGroups", "ads", "targets"])
def test_everything_can_be_exported_and_queried(busy, kind):
    media = f"application/vnd.{kind.lower()}export.v1+json"
    export = start(busy, path=f"/{kind}/export", media=media)
    busy.sandbox.clock.advance(10)
    exported = exported_rows(busy, value(look(busy, export, media=media))["url"])

    for product in ("SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY"):
        asked = {"adProductFilter": {"include": [product]}}
        reply = busy.call(f"/adsApi/v1/query/{kind}", asked, media=JSON)
        assert (reply.status, bool(value(reply)[kind])) == (200, True)
        assert any(row["adProduct"] == product for row in exported)


def test_the_state_can_be_imported_again(busy):
    copy = create_server(sandbox_id="t1")
    kept = read_state(busy.sandbox)

    put_state(copy.sandbox, copy.runtime.resources, kept)

    assert read_state(copy.sandbox) == kept


def test_the_largest_profile_has_enough_for_pages_and_exports_by_default():
    control = make_control()
    made = control.do("state.invent")["profiles"]
    sizes = [len(found["sp.campaigns"]) for found in made.values()]

    assert sizes[0] >= 350
    assert all(size >= 40 for size in sizes)
    again = control.do("state.invent", {"campaigns": 2})["profiles"]
    first = next(iter(made))
    assert not {*again[first]["sp.campaigns"]} & {*made[first]["sp.campaigns"]}
    server = control.server
    server.endpoint = ENDPOINTS["NA"]
    page = value(server.call("/sp/campaigns/list", {"maxResults": 100}))
    assert (page["totalResults"], "nextToken" in page) == (sizes[0] + 2, True)


def test_calls_are_answered_between_two_slices(monkeypatch):
    control = make_control()
    seen = []
    monkeypatch.setattr(
        "adsmock.mockserver.control.handler.state.pause",
        lambda: seen.append(
            value(control.server.call("/sp/campaigns/list", {"maxResults": 1})).get("totalResults")
        ),
    )
    profile = control.server.profile().id
    control.do("state.invent", {"campaigns": 20, "profiles": [profile]})

    assert len(seen) >= 4
    assert seen == sorted(seen)
    assert seen[-1] == 20
