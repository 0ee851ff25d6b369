"""The client makes, reads, changes and ends any resource of any contract, by its contract alone."""

from itertools import count
from urllib.parse import urlsplit

import pytest

from adsmock.harness.client import AdsClient, RemoteClock, Reply, SeededRandom, Settings
from adsmock.harness.client.errors import Misuse, TransportError, UnknownOutcome
from tests.unit.harness.client.fake_service import TASK
from tests.unit.mockserver.fixtures import create_server, runtime
from tests.unit.mockserver.services.unified.fixtures import (
    SB,
    SD,
    SP,
    ST,
    ad_group,
    campaign,
    keyword,
    money,
)

_NUMBERS = count()
_WORLD = []
VIDEO = {"creative": {"asins": ["B000000001"], "videoAssetIds": ["v1"]}}
REGIONS = {"NA": {"ads": "http://na.test", "lwa": "http://na.test"}}


class Wire:
    """A transport that leads to a runtime in memory; ``lost`` are ends of URLs to lose once."""

    def __init__(self, server):
        self.server = server
        self.sent = []
        self.lost = []

    def send(self, request):
        target = urlsplit(request.url)
        path = f"{target.path}?{target.query}" if target.query else target.path
        self.sent.append(target.path)
        reply = self.server.send(request.method, path, request.body or b"", dict(request.headers))
        if target.path in self.lost:
            self.lost.remove(target.path)
            raise TransportError("reset", "the answer is lost")
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return Reply(reply.status, {"content-type": reply.content_type, **headers}, reply.body)


class Place:
    """A client of a sandbox of its own, with the profile that it works for."""

    def __init__(self):
        if not _WORLD:
            _WORLD.append(runtime())
        self.server = create_server(_WORLD[0], f"resources{next(_NUMBERS)}")
        own, self.profile = self.server.sandbox.credentials, self.server.profile().id
        task = {
            **TASK,
            "regions": REGIONS,
            "profiles": [{"profileId": self.profile, "region": "NA", "countryCode": "US"}],
            "credentials": {
                "clientId": own.client_id,
                "clientSecret": own.client_secret,
                "refreshToken": own.refresh_token,
            },
        }
        self.wire = Wire(self.server)
        clock = RemoteClock(self.server.sandbox.clock.now(), self.server.sandbox.clock.advance)
        self.client = AdsClient(
            Settings.from_task(task),
            clock=clock,
            sleeper=clock,
            random_source=SeededRandom(1),
            transport=self.wire,
        )

    def make(self, resource, item):
        (outcome,) = self.client.create(resource, self.profile, [item])
        assert outcome.is_done, outcome
        return outcome.id

    def brand(self):
        """Return an ad group of Sponsored Brands."""
        item = {"name": "B", "state": "ENABLED", "budget": 10.0, "budgetType": "DAILY"}
        root = self.make("sb.campaigns", item)
        return self.make("sb.adGroups", {"campaignId": root, "name": "g", "state": "ENABLED"})


@pytest.mark.parametrize("way", ["video", "brandVideo", "storeSpotlight"])
def test_an_ad_is_made_in_the_way_that_is_named(way):
    place = Place()
    page = {"pageType": "STORE", "url": "https://www.amazon.com/stores/page/1"}
    creative = VIDEO if way == "video" else {"creative": {"brandName": "B"}, "landingPage": page}
    item = {"adGroupId": place.brand(), "name": "Ad", "state": "ENABLED", **creative}

    made = place.make(f"sb.ads.{way}", item)

    (found,) = place.client.get("sb.ads", place.profile, [made])
    assert (
        found["creative"]["type"]
        == {"video": "VIDEO", "brandVideo": "BRAND_VIDEO", "storeSpotlight": "STORE_SPOTLIGHT"}[way]
    )


def test_a_creative_is_made_alone_and_its_id_is_that_of_the_version():
    place = Place()
    place.server.sandbox.choices["review"] = "passes"
    item = {"adGroupId": place.brand(), "name": "Ad", "state": "ENABLED", **VIDEO}
    ad = place.make("sb.ads.video", item)
    place.server.sandbox.clock.advance(4 * 86_400)

    made = place.make("sb.creatives.video", {"adId": ad, "creative": {"videoAssetIds": ["v2"]}})

    (found,) = place.client.get("sb.ads", place.profile, [ad])
    assert found["creative"]["creativeVersion"] == made


def test_a_create_that_cannot_be_found_again_is_not_sent_twice():
    place = Place()
    place.server.sandbox.choices["review"] = "passes"
    item = {"adGroupId": place.brand(), "name": "Ad", "state": "ENABLED", **VIDEO}
    ad = place.make("sb.ads.video", item)
    place.server.sandbox.clock.advance(4 * 86_400)
    version = {"adId": ad, "creative": {"videoAssetIds": ["v2"]}}

    for resource, lost, body in (
        ("sb.ads.video", "/sb/v4/ads/video", item),
        ("sb.creatives.video", "/sb/ads/creatives/video", version),
    ):
        place.wire.lost.append(lost)
        before = place.wire.sent.count(lost)
        with pytest.raises(UnknownOutcome):
            place.client.create(resource, place.profile, [body])
        assert place.wire.sent.count(lost) == before + 1


UNIFIED = {
    SP: {"autoCreationSettings": {"autoCreateTargets": False}},
    SB: {
        "autoCreationSettings": {"autoCreateTargets": False},
        "costType": "CPC",
        "optimizations": {"goalSettings": {"kpi": "CLICKS"}},
    },
    SD: {"costType": "CPC"},
    ST: {},
}


@pytest.mark.parametrize("product", UNIFIED)
def test_the_unified_api_is_written_and_read_like_any_other(product):
    place = Place()
    short = {SP: "sp", SB: "sb", SD: "sd", ST: "st"}[product]
    resource, client, profile = f"v1.{short}.campaigns", place.client, place.profile
    item = campaign("C", adProduct=product, budgets=money(20.0), **UNIFIED[product])
    if product not in (SP, SB):
        item.pop("autoCreationSettings")
    if product == ST:
        item.pop("marketplaceScope")

    own = place.make(resource, item)
    (changed,) = client.update(resource, profile, [{"campaignId": own, "name": "New"}])
    listed = client.list(resource, profile)

    assert changed.is_done
    assert [row["name"] for row in listed] == ["New"]
    if product == ST:
        with pytest.raises(Misuse):
            client.get(resource, profile, [own])
    else:
        assert client.get(resource, profile, [own]) == listed
    if f"{resource}.archive" in client.api.operations:
        (gone,) = client.archive(resource, profile, [own])
        (again,) = client.archive(resource, profile, [own])
        assert gone.is_done
        assert again.has_error("entityStateError")


def test_codes_of_items_are_read_as_kinds_and_what_may_pass_is_sent_again():
    place = Place()
    root = place.make("v1.sp.campaigns", campaign("C"))
    effect = {"indexes": (1,)}
    place.server.plan("partial", effect=effect, times=1)
    groups = [ad_group(root, name) for name in ("a", "b", "a")]

    first, second, twin = place.client.create("v1.sp.adGroups", place.profile, groups)

    assert first.is_done
    assert second.is_done
    assert twin.has_error("duplicateValueError")


def test_a_throttled_item_of_a_family_with_codes_is_sent_again():
    place = Place()
    group = place.brand()
    place.server.plan("partial", effect={"indexes": (0,)}, times=1)

    place.make("sb.ads.video", {"adGroupId": group, "name": "A", "state": "ENABLED", **VIDEO})
    place.server.plan("partial", effect={"indexes": (0,)}, times=1)
    word = keyword(adProduct=SB, adGroupId=group, bid={"bid": 1.0})
    place.make("v1.sb.targets", word)


def test_entities_of_bare_arrays_are_read_by_their_ids():
    place = Place()
    item = {
        "name": "D",
        "state": "enabled",
        "budget": 20.0,
        "budgetType": "daily",
        "startDate": "20260701",
        "tactic": "T00020",
        "costType": "cpc",
    }
    ids = [place.make("sd.campaigns", item | {"name": name}) for name in ("D", "E")]

    found = place.client.get("sd.campaigns", place.profile, ids[1:])

    assert [str(row["campaignId"]) for row in found] == ids[1:]


def test_ids_that_only_an_archive_selects_are_no_filter_of_a_list():
    place = Place()

    with pytest.raises(Misuse, match=r"sd\.locations has no filter by id: use list"):
        place.client.get("sd.locations", place.profile, ["1"])

    assert "/sd/locations" not in place.wire.sent
