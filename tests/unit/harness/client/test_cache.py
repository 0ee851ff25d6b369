"""Reads that are kept for a while, and dropped by our own writes."""

from functools import partial

from adsmock.harness.client import AdsClient
from adsmock.harness.client.cache import Caching
from adsmock.harness.client.extensions import Extensions
from tests.unit.harness.client.fake_service import (
    EU,
    NA,
    ClientFixture,
    campaigns,
    fill,
    json_reply,
)

LIST = "/sp/campaigns/list"
SP = Caching(operations={"sp.campaigns.list"}, seconds=60)


def world_with(caching):
    return ClientFixture(factory=partial(AdsClient, extensions=Extensions(caching=caching)))


def test_profiles_are_read_once_a_while_and_region():
    fixture = world_with(Caching())
    first = fixture.client.list_profiles("NA")
    first.clear()  # what one caller does to a list is no business of the next
    assert fixture.client.list_profiles("NA") == [{"profileId": 333}]
    fixture.client.list_profiles("EU")
    assert len(fixture.service.to("/v2/profiles")) == 2
    fixture.clock.sleep(Caching().seconds)
    fixture.client.list_profiles("NA")
    assert len(fixture.service.to("/v2/profiles")) == 3


def test_nothing_is_kept_unless_it_is_asked_for():
    fixture = ClientFixture()
    fixture.client.list_profiles("NA")
    fixture.client.list_profiles("NA")
    assert len(fixture.service.to("/v2/profiles")) == 2


def test_list_is_kept_by_question_and_profile():
    fixture = world_with(SP)
    fill(fixture.service, 3)
    for _ in range(2):
        assert len(fixture.client.list("sp.campaigns", NA)) == 3
        assert (
            len(fixture.client.list("sp.campaigns", NA, {"nameFilter": {"include": ["c1"]}})) == 1
        )
        fixture.client.list("sp.campaigns", EU)
    assert len(fixture.service.to(LIST)) == 3


def test_own_write_drops_what_was_read_of_the_profile_alone():
    fixture = world_with(SP)
    fixture.client.list("sp.campaigns", NA)
    fixture.client.list("sp.campaigns", EU)
    fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert [row["name"] for row in fixture.client.list("sp.campaigns", NA)] == ["a"]
    fixture.client.list("sp.campaigns", EU)
    assert len(fixture.service.to(LIST)) == 3


def test_read_that_overlaps_a_write_is_not_kept():
    fixture = world_with(SP)

    def read_then_write(answer):
        reply = answer()
        fixture.client.create("sp.campaigns", NA, campaigns("a"))
        return reply

    fixture.plan(LIST, read_then_write)
    assert fixture.client.list("sp.campaigns", NA) == []
    assert len(fixture.client.list("sp.campaigns", NA)) == 1


def test_refused_read_is_not_kept():
    fixture = world_with(Caching())
    fixture.plan("/v2/profiles", json_reply(503, {}))
    assert fixture.client.list_profiles("NA") == [{"profileId": 333}]
    assert len(fixture.service.to("/v2/profiles")) == 2
