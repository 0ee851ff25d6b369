"""Attribution reports: levels and products agree, tags enable publishers, few clicks are masked."""

from collections import Counter
from functools import cache
from itertools import count

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts.schema import form_body
from adsmock.mockserver.services.attribution.report import DAYS
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import contract_set, value

NUMBERS = count()
DAY = 86_400
home = cache(fixtures.runtime)
MONTH = ("20260601", "20260630")
OWN, TOTAL, HALO = (
    "attributedPurchases14d",
    "attributedTotalPurchases14d",
    "brandHaloAttributedPurchases14d",
)


def create_server():
    return fixtures.create_server(home(), f"attribution{next(NUMBERS)}")


server = cache(create_server)


def send(own, days=MONTH, **body):
    asked = {"startDate": days[0], "endDate": days[1]} | body
    return own.call("/attribution/report", asked, media="application/json")


def report(own, days=MONTH, **body):
    reply = send(own, days, **body)
    assert reply.status == 200, reply.body
    schema = form_body(contract_set().by_name["attribution"], "report.reply")
    jsonschema_rs.validate(schema, value(reply))
    return value(reply)


def rows(own, days=MONTH, **body):
    return report(own, days, **body)["reports"]


def get(own, path, **changes):
    return own.send("GET", f"/attribution/{path}", b"", own.headers("application/json", **changes))


def added(found, name, *keys):
    """Return the sums of a metric by the members in ``keys``."""
    sums = Counter()
    for row in found:
        sums[tuple(row.get(key) for key in keys)] += float(row.get(name, 0))
    return sums


def test_levels_add_up_the_same_clicks():
    by_level = {each: rows(server(), groupBy=each) for each in ("CAMPAIGN", "ADGROUP", "CREATIVE")}
    clicks = {
        level: added(found, "Click-throughs", "date", "campaignId")
        for level, found in by_level.items()
    }
    assert clicks["CAMPAIGN"] == clicks["ADGROUP"]
    assert sum(clicks["CAMPAIGN"].values()) > 1_000
    assert sum((clicks["ADGROUP"] - clicks["CREATIVE"]).values()) <= 10


def test_a_tag_with_few_clicks_is_masked_and_counts_for_its_ad_group():
    year = ("20251001", "20260630")  # less than a page of creatives
    creatives = rows(server(), year)
    masked = [row for row in creatives if row["Click-throughs"] == "0"]
    assert masked
    assert {row["attributedTotalPurchases14d"] for row in masked} == {"0"}
    keys = ("date", "campaignId", "adGroupId")
    groups = added(rows(server(), year, groupBy="ADGROUP"), "Click-throughs", *keys)
    shown = added(creatives, "Click-throughs", *keys)
    hidden = groups - shown
    assert set(hidden) == {tuple(row[key] for key in keys) for row in masked}
    assert 0 < sum(hidden.values()) < 20


def test_products_are_what_performance_adds_up():
    performance = rows(server(), groupBy="ADGROUP")
    products = rows(server(), reportType="PRODUCTS")
    keys = ("date", "campaignId", "adGroupId")
    promoted = added(products, OWN, *keys)
    halo = added(products, HALO, *keys)
    assert +promoted == +added(performance, OWN, *keys)
    assert +(promoted + halo) == +added(performance, TOTAL, *keys)
    assert sum(halo.values()) > 0
    kinds = {row["productConversionType"] for row in products}
    assert kinds == {"Promoted", "Brand Halo"}
    assert {row["marketplace"] for row in products} == {"AMAZON.COM"}


def test_rows_have_the_members_of_the_observed_replies():
    (campaign, *_) = rows(server(), groupBy="CAMPAIGN")
    assert {"date", "campaignId", "advertiserName", "Click-throughs"} <= campaign.keys()
    assert {"adGroupId", "publisher", "brb_bonus_amount"}.isdisjoint(campaign)
    (creative, *_) = rows(server())
    assert {"adGroupId", "creativeId", "publisher"} <= creative.keys()
    assert all(isinstance(each, str) for each in creative.values())


@settings(max_examples=8, deadline=None)
@given(size=st.integers(60, 500), level=st.sampled_from(["CAMPAIGN", "ADGROUP", "CREATIVE"]))
def test_pages_of_every_size_are_the_whole_report(size, level):
    whole, found, cursor = rows(server(), groupBy=level), [], None
    while cursor != "":
        page = report(server(), groupBy=level, count=size, cursorId=cursor)
        assert page["size"] == len(page["reports"]) <= size
        found += page["reports"]
        cursor = page.get("cursorId", "")
    assert found == whole


def test_a_cursor_of_another_report_is_refused():
    cursor = report(server(), count=1)["cursorId"]
    assert send(server(), count=1, groupBy="CAMPAIGN", cursorId=cursor).status == 400


def test_a_tag_enables_its_publisher():
    own = create_server()
    assert {row["publisher"] for row in rows(own)} == {"Google Ads", "Display - Other"}
    reply = get(own, "tags/macroTag?publisherIds=2&publisherIds=3")
    assert reply.status == 200, reply.body
    own.sandbox.clock.advance(5 * DAY)
    found = rows(own, ("20260601", "20260705"))
    first = min(row["date"] for row in found if row["publisher"] == "Facebook")
    assert first >= "20260701"
    assert {"Microsoft Ads", "Pinterest"} & {row["publisher"] for row in found} == {"Microsoft Ads"}


def test_the_last_days_are_incomplete():
    own = create_server()  # noon of 2026-07-01
    days = ("20260625", "20260630")
    early = {row["date"]: row for row in rows(own, days, groupBy="CAMPAIGN")}
    assert rows(own, ("20260701", "20260701")) == []
    before = added(rows(own, days), OWN, "date")
    own.sandbox.clock.advance(5 * DAY)
    after = added(rows(own, days), OWN, "date")
    assert early
    assert before[("20260630",)] < after[("20260630",)]
    assert before[("20260625",)] == after[("20260625",)]


def test_the_bonus_belongs_to_sellers_and_to_campaigns_or_ad_groups():
    own = server()
    names = "Click-throughs,brb_bonus_amount"
    found = rows(own, groupBy="CAMPAIGN", metrics=names)
    assert any(float(row["brb_bonus_amount"]) > 0 for row in found)
    assert send(own, metrics=names).status == 400
    vendor = next(each for each in own.sandbox.profiles.values() if each.kind == "vendor")
    asked = {"startDate": MONTH[0], "endDate": MONTH[1], "groupBy": "CAMPAIGN", "metrics": names}
    headers = own.headers("application/json", Amazon_Advertising_API_Scope=vendor.id)
    endpoint = fixtures.ENDPOINTS[vendor.region]
    reply = own.send("POST", "/attribution/report", asked, headers, endpoint)
    assert reply.status == 200, reply.body
    assert all("brb_bonus_amount" not in row for row in value(reply)["reports"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"startDate": "2026-06-01"}, "YYYYMMDD"),
        ({"endDate": "20260501"}, "before startDate"),
        ({"startDate": "20250501"}, f"{DAYS['PERFORMANCE']} days"),
        ({"reportType": "PRODUCTS", "startDate": "20260301"}, f"{DAYS['PRODUCTS']} days"),
        ({"reportType": "OTHER"}, "reportType"),
        ({"metrics": "Click-throughs,none"}, "metrics: none"),
        ({"reportType": "PRODUCTS", "metrics": "Click-throughs"}, "metrics: Click-throughs"),
        ({"advertiserIds": "7"}, "advertiserId: 7"),
        ({"count": 5_001}, ""),
        ({"groupBy": "DAY"}, ""),
    ],
)
def test_invalid_requests_are_refused(body, says):
    reply = send(server(), **body)
    assert (reply.status, value(reply)["code"]) == (400, "400")
    assert says in value(reply)["details"]


def test_publishers_and_tags_have_the_form_of_the_guide():
    own = create_server()
    publishers = value(get(own, "publishers"))["publishers"]
    assert {"id": "1", "name": "Google Ads", "macroEnabled": True} in publishers
    (advertiser,) = value(get(own, "advertisers"))["advertisers"]
    number = advertiser["advertiserId"]
    found = value(get(own, f"tags/macroTag?publisherIds=1&advertiserIds={number}"))
    assert found["advertiserAttributionTagMap"][number]["1"] == (
        f"?maas=maas_adg_api_{number}_macro_1_99&ref_=aa_maas&tag=maas&aa_campaignid={{campaignid}}"
        "&aa_adgroupid={adgroupid}&aa_creativeid=ad-{creative}_{targetid}_dev-{device}"
        "_ext-{feeditemid}"
    )
    found = value(get(own, "tags/nonMacroTemplateTag?publisherIds=5,6"))
    assert [*found["advertiserAttributionTagMap"][number]] == ["5", "6"]


@pytest.mark.parametrize(
    "path",
    [
        "tags/macroTag",
        "tags/macroTag?publisherIds=5",
        "tags/nonMacroTemplateTag?publisherIds=1",
        "tags/nonMacroTemplateTag?publisherIds=99",
        "tags/macroTag?publisherIds=1&advertiserIds=7",
    ],
)
def test_tags_of_other_publishers_or_advertisers_are_refused(path):
    assert get(server(), path).status == 400
