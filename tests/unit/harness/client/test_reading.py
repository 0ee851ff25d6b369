"""Lists, regions, headers, the pace, exports: everything that reads."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.loader import load
from adsmock.harness.client import Reply
from adsmock.harness.client.errors import (
    GaveUp,
    JobFailed,
    JobTimedOut,
    Misuse,
    PageExpired,
    TransportError,
    UnreadableReply,
)
from tests.unit.harness.client.fake_service import (
    EU,
    NA,
    START,
    ClientFixture,
    fill,
    json_reply,
    throttled,
)

LIST = "/sp/campaigns/list"
SCOPE = "Amazon-Advertising-API-Scope"
EXPIRED = Reply(403, {}, b"<Error><Code>AccessDenied</Code><Message>Request has expired")


@given(number=st.integers(0, 40), size=st.integers(1, 50))
def test_pager_reads_every_entity_once_whatever_the_page_size(number, size):
    fixture = ClientFixture()
    fill(fixture.service, number)
    found = fixture.client.list("sp.campaigns", NA, {"stateFilter": {"include": ["X"]}}, size)
    assert [row["campaignId"] for row in found] == [str(place) for place in range(number)]
    pages = fixture.service.to(LIST)
    assert len(pages) == max(1, -(-number // size))
    tokens = [page.body.get("nextToken") for page in pages]
    assert len(set(tokens)) == len(tokens)
    assert {json.dumps(page.body["stateFilter"]) for page in pages} == {'{"include": ["X"]}'}


def test_pager_asks_for_the_largest_pages():
    fixture = ClientFixture()
    fixture.client.list("sp.campaigns", NA)
    fixture.client.list("sp.campaigns", NA, page_size=99_999)
    assert [sent.body["maxResults"] for sent in fixture.service.to(LIST)] == [1000, 1000]


def test_pager_repeats_a_failed_page_and_not_the_first():
    fixture = ClientFixture()
    fill(fixture.service, 6)
    fixture.plan(LIST, lambda answer: answer(), throttled(1))
    assert len(fixture.client.list("sp.campaigns", NA, page_size=2)) == 6
    tokens = [sent.body.get("nextToken") for sent in fixture.service.to(LIST)]
    assert tokens == [None, "2", "2", "4"]


def test_pager_refuses_to_walk_in_circles():
    fixture = ClientFixture()
    fixture.plan(LIST, *[json_reply(200, {"campaigns": [], "nextToken": "again"})] * 9)
    with pytest.raises(UnreadableReply, match="repeated a page token"):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(LIST)) == 2


@given(st.lists(st.sampled_from([NA, EU]), min_size=1, max_size=20))
def test_each_profile_is_asked_for_at_its_own_region_only(profiles):
    fixture = ClientFixture()
    for profile in profiles:
        fixture.client.list("sp.campaigns", profile)
    homes = {NA: "http://na.test/sp/", EU: "http://eu.test/eu/sp/"}
    lists = fixture.service.to(LIST)
    assert [sent.headers[SCOPE] for sent in lists] == profiles
    assert all(sent.url.startswith(homes[sent.headers[SCOPE]]) for sent in lists)


@pytest.mark.parametrize(
    "error", [TransportError("connect", ""), TransportError("reset", ""), json_reply(503, {})]
)
def test_dark_region_is_waited_for_at_the_same_host(error):
    fixture = ClientFixture()
    fixture.plan(LIST, *[error] * 4)
    fixture.client.list("sp.campaigns", EU)
    assert {sent.url for sent in fixture.service.to(LIST)} == {"http://eu.test/eu" + LIST}
    assert len(fixture.service.to(LIST)) == 5


def test_unknown_names_are_the_callers_mistake():
    fixture = ClientFixture()
    for misuse in (
        lambda: fixture.client.list("sp.campaigns", "999"),
        lambda: fixture.client.list("sp.nothing", NA),
        lambda: fixture.client.call("sp.campaigns.sell", NA),
        lambda: fixture.client.create("exports", NA, [{}]),
        lambda: fixture.client.list_profiles("MARS"),
    ):
        with pytest.raises(Misuse):
            misuse()
    assert fixture.service.sent == []


def test_listed_profiles_find_their_region_and_need_no_scope():
    fixture = ClientFixture()
    fixture.client.list_profiles("EU")
    (discovery,) = fixture.service.to("/v2/profiles")
    assert discovery.url == "http://eu.test/eu/v2/profiles"
    assert SCOPE not in discovery.headers
    fixture.client.list("sp.campaigns", "333")
    assert fixture.service.to(LIST)[0].url.startswith("http://eu.test/eu")


def test_call_names_its_version_in_both_media_types():
    fixture = ClientFixture()
    fixture.client.call("sp.campaigns.list", NA, {"maxResults": 5})
    (sent,) = fixture.service.to(LIST)
    assert sent.headers["Accept"] == "application/vnd.spCampaign.v3+json"
    assert sent.headers["Content-Type"] == "application/vnd.spCampaign.v3+json"
    assert sent.headers["Amazon-Advertising-API-ClientId"] == "client"
    assert sent.headers["Authorization"] == "Bearer token-1"


def test_pace_stays_under_the_quota():
    fixture = ClientFixture()
    quota = load().quotas["sp.read"]
    number = int(quota.burst + 5 * quota.rate)
    for _ in range(number):
        fixture.client.list("sp.campaigns", NA)
    at = [sent.at for sent in fixture.service.to(LIST)]
    for start in range(number):
        within = sum(1 for time in at[start:] if time - at[start] <= 1)
        assert within <= quota.burst + quota.rate


def test_extended_lists_cost_five_times_the_pace():
    quota = load().quotas["sp.read"]
    spent = []
    for filters in ({}, {"includeExtendedDataFields": True}):
        fixture = ClientFixture()
        for _ in range(int(quota.burst)):
            fixture.client.list("sp.campaigns", NA, filters)
        spent.append(fixture.clock.now() - START)
    assert spent[1] > 3 * (spent[0] + 1)


def test_retry_after_rests_the_route_and_its_quota_class_in_that_region_only():
    fixture = ClientFixture()
    fixture.plan("na.test" + LIST, throttled(30))
    admitted = []
    sleep = fixture.clock.sleep

    def watch(seconds):
        fixture.clock.sleep = sleep
        for profile, resource in ((EU, "sp.campaigns"), (NA, "sp.campaigns"), (NA, "sp.adGroups")):
            fixture.client.list(resource, profile)
            admitted.append(fixture.clock.now() - START)
        sleep(seconds)

    fixture.clock.sleep = watch
    fixture.client.list("sp.campaigns", NA)
    assert admitted[0] < 1
    assert admitted[1] >= 30
    assert admitted[2] >= 30


def export(fixture):
    return fixture.client.export("campaigns", NA, {"adProductFilter": ["SPONSORED_PRODUCTS"]})


def test_export_polls_with_growing_gaps_of_at_least_five_seconds():
    fixture = ClientFixture()
    fixture.service.statuses = ["IN_PROGRESS", "PROCESSING", "SOMETHING_NEW", "COMPLETED"]
    assert export(fixture) == [{"campaignId": "1"}]
    at = [sent.at for sent in fixture.service.to("/exports/e%2C1")]
    gaps = [later - earlier for earlier, later in zip([START, *at], at, strict=False)]
    assert min(gaps) >= 5 - 1e-6
    assert gaps == sorted(gaps)


def test_export_is_polled_with_the_media_type_that_made_it():
    fixture = ClientFixture()
    fixture.client.export("targets", NA)
    accepts = {sent.headers["Accept"] for sent in fixture.service.sent if "xport" in sent.url}
    assert accepts == {"application/vnd.targetsexport.v1+json"}


def test_download_carries_nothing_of_ours():
    fixture = ClientFixture()
    export(fixture)
    (download,) = fixture.service.to("/file/1")
    assert set(download.headers) == {"Accept-Encoding"}


def test_dead_address_is_replaced_without_a_new_export():
    fixture = ClientFixture()
    fixture.plan("/file/1", EXPIRED)
    assert export(fixture) == [{"campaignId": "1"}]
    assert len(fixture.service.to("/file/1")) == 1
    assert len(fixture.service.to("/file/2")) == 1
    assert len(fixture.service.to("/campaigns/export")) == 1


def test_addresses_that_keep_dying_end_in_a_clear_error():
    fixture = ClientFixture()
    for address in range(1, 20):
        fixture.service.plans[f"/file/{address}"] = [EXPIRED] * 9
    with pytest.raises(GaveUp, match="addresses expired"):
        export(fixture)
    assert len([sent for sent in fixture.service.sent if "/file/" in sent.url]) == 5


@pytest.mark.parametrize(
    "broken",
    [
        Reply(200, {}, gzip.compress(b"[]")[:-4]),
        Reply(200, {"content-length": "99"}, gzip.compress(b"[]")),
        Reply(200, {}, b"[]"),
        Reply(200, {}, b""),
        TransportError("truncated", ""),
    ],
)
def test_short_or_damaged_file_is_fetched_again_whole(broken):
    fixture = ClientFixture()
    fixture.plan("/file/1", broken)
    assert export(fixture) == [{"campaignId": "1"}]
    assert len(fixture.service.to("/file/1")) == 2


def test_failed_export_is_not_asked_about_again():
    fixture = ClientFixture()
    fixture.service.statuses = ["FAILED"]
    with pytest.raises(JobFailed):
        export(fixture)
    assert len(fixture.service.to("/exports/e%2C1")) == 2
    first, second = fixture.service.to("/campaigns/export")
    assert second.at - first.at >= 60


def test_export_that_is_gone_is_requested_again_once():
    fixture = ClientFixture()
    fixture.plan("/exports/e%2C1", json_reply(404, {"message": "Not Found"}))
    assert export(fixture) == [{"campaignId": "1"}]
    assert len(fixture.service.to("/campaigns/export")) == 2


def test_exports_keep_to_five_in_progress():
    fixture = ClientFixture()
    results = fixture.client.exports("campaigns", NA, 12)
    assert results == [[{"campaignId": "1"}]] * 12
    assert len(fixture.service.to("/campaigns/export")) == 12


def test_metadata_is_exported_once_a_half_day():
    fixture = ClientFixture()
    for _ in range(3):
        fixture.client.sync_metadata(NA)
    assert len(fixture.service.to("/campaigns/export")) == 1
    fixture.clock.sleep(12 * 3600)
    fixture.client.sync_metadata(NA)
    assert len(fixture.service.to("/campaigns/export")) == 2


def test_expired_page_token_restarts_the_reading_once():
    fixture = ClientFixture()
    fill(fixture.service, 5)
    expired = json_reply(400, {"message": "expired"})
    fixture.plan(LIST, lambda answer: answer(), expired)
    assert len(fixture.client.list("sp.campaigns", NA, page_size=2)) == 5
    tokens = [sent.body.get("nextToken") for sent in fixture.service.to(LIST)]
    assert tokens == [None, "2", None, "2", "4"]
    fixture.plan(LIST, *[lambda answer: answer(), expired] * 5)
    with pytest.raises(PageExpired):
        fixture.client.list("sp.campaigns", NA, page_size=2)
    assert len(fixture.service.to(LIST)) == 5 + 4


def test_known_ids_are_read_in_one_call():
    fixture = ClientFixture()
    fixture.client.get("sp.campaigns", NA, [str(n) for n in range(40)])
    (sent,) = fixture.service.to(LIST)
    assert sent.body["campaignIdFilter"] == {"include": [str(n) for n in range(40)]}


def test_export_that_never_ends_is_left_after_an_hour():
    fixture = ClientFixture()
    fixture.service.statuses = ["IN_PROGRESS"]
    with pytest.raises(JobTimedOut):
        export(fixture)
    assert 3500 <= fixture.clock.now() - START <= 3600
    assert len(fixture.service.to("/campaigns/export")) == 1


def test_throttled_poll_keeps_the_export():
    fixture = ClientFixture()
    fixture.plan("/exports/e%2C1", throttled(20))
    export(fixture)
    first, second, *_ = fixture.service.to("/exports/e%2C1")
    assert second.at - first.at >= 20 - 1e-6
    assert len(fixture.service.to("/campaigns/export")) == 1
