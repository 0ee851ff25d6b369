"""A client that dies in the middle and lives again on the same store."""

from functools import partial

import pytest

from adsmock.harness.client import AdsClient, SeededRandom, Settings
from adsmock.harness.client.encryption import new_key
from adsmock.harness.client.errors import GaveUp, Refused
from adsmock.harness.client.extensions import Extensions
from adsmock.harness.client.store import SqliteStore
from tests.unit.harness.client.fake_service import (
    EU,
    NA,
    TASK,
    ClientFixture,
    campaigns,
    fill,
    json_reply,
    lose_answer,
    throttled,
)

KEY = new_key()
CREATE, LIST, EXPORT = "/sp/campaigns", "/sp/campaigns/list", "/campaigns/export"


class Killed(BaseException):
    """The process ends here: nothing of the client runs any further."""


def die_before(_):
    raise Killed


def die_after(answer):
    answer()
    raise Killed


@pytest.fixture
def store(tmp_path):
    """Open the same file again for each restart."""
    opened = []

    def open_store():
        opened.append(SqliteStore(tmp_path / "kept.db", KEY, environment={}))
        return opened[-1]

    yield open_store
    for each in opened:
        each.close()


def first_life(store):
    return ClientFixture(factory=partial(AdsClient, extensions=Extensions(store=store())))


def next_life(fixture, store):
    return AdsClient(
        Settings.from_task(TASK),
        clock=fixture.clock,
        sleeper=fixture.clock,
        random_source=SeededRandom(2),
        transport=fixture.service,
        extensions=Extensions(store=store()),
    )


def kill(fixture, end, step, *work):
    fixture.plan(end, step)
    verb, *arguments = work
    with pytest.raises(Killed):
        getattr(fixture.client, verb)(*arguments)


def stored(fixture):
    return sorted(row["name"] for row in fixture.service.stored["campaigns"].values())


@pytest.mark.parametrize(("death", "sends"), [(die_after, 1), (die_before, 2)])
def test_create_that_was_cut_off_is_done_once_when_it_is_asked_for_again(store, death, sends):
    fixture = first_life(store)
    kill(fixture, CREATE, death, "create", "sp.campaigns", NA, campaigns("a", "b"))
    outcomes = next_life(fixture, store).create("sp.campaigns", NA, campaigns("a", "b"))
    assert [outcome.is_done and outcome.index for outcome in outcomes] == [0, 1]
    assert all(outcome.id for outcome in outcomes)
    assert (stored(fixture), len(fixture.service.to(CREATE))) == (["a", "b"], sends)


@pytest.mark.parametrize("death", [die_after, die_before])
def test_resume_finishes_what_was_cut_off_without_a_list(store, death):
    fixture = first_life(store)
    kill(fixture, CREATE, death, "create", "sp.campaigns", NA, campaigns("a"))
    client = next_life(fixture, store)
    (resumed,) = client.resume()
    assert (resumed.resource, resumed.profile, resumed.item["name"]) == ("sp.campaigns", NA, "a")
    assert resumed.outcome.id
    assert (stored(fixture), client.resume()) == (["a"], [])


def test_resume_reads_back_before_it_sends_anything(store):
    fixture = first_life(store)
    kill(fixture, CREATE, die_after, "create", "sp.campaigns", NA, campaigns("a"))
    fixture.service.sent.clear()
    next_life(fixture, store).resume()
    assert [sent.url.rpartition("/sp")[2] for sent in fixture.service.sent][1:] == [
        "/campaigns/list"
    ]


def test_settled_creates_leave_nothing_behind(store):
    fixture = first_life(store)
    fill(fixture.service, 1)
    fixture.client.create("sp.campaigns", NA, campaigns("c0", "new", "twin", "twin"))
    assert next_life(fixture, store).resume() == []


def test_refused_create_is_not_intended_any_longer(store):
    fixture = first_life(store)
    fixture.plan(CREATE, json_reply(400, {"message": "no"}))
    with pytest.raises(Refused):
        fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert next_life(fixture, store).resume() == []


def test_create_that_was_given_up_is_finished_by_a_later_life(store):
    fixture = first_life(store)
    fixture.plan(CREATE, lose_answer(), *[lose_answer()] * 20)
    fixture.plan(LIST, *[throttled()] * 20)
    with pytest.raises(GaveUp):
        fixture.client.create("sp.campaigns", NA, campaigns("a"))
    fixture.service.plans.clear()
    (resumed,) = next_life(fixture, store).resume()
    assert resumed.outcome.id
    assert stored(fixture) == ["a"]


def test_export_that_was_cut_off_goes_on_under_its_id(store):
    fixture = first_life(store)
    kill(fixture, "/exports/e%2C1", die_before, "export", "campaigns", NA)
    client = next_life(fixture, store)
    assert client.export("campaigns", NA) == [{"campaignId": "1"}]
    assert len(fixture.service.to(EXPORT)) == 1
    client.export("campaigns", NA)
    assert len(fixture.service.to(EXPORT)) == 2


def test_export_whose_download_was_cut_off_is_downloaded_at_a_fresh_address(store):
    fixture = first_life(store)
    kill(fixture, "/file/1", die_before, "export", "campaigns", NA)
    assert next_life(fixture, store).export("campaigns", NA)
    assert len(fixture.service.to(EXPORT)) == 1
    assert len(fixture.service.to("/file/2")) == 1


def test_export_of_another_question_is_not_taken_for_it(store):
    fixture = first_life(store)
    kill(fixture, "/exports/e%2C1", die_before, "export", "campaigns", NA)
    client = next_life(fixture, store)
    client.export("campaigns", NA, {"stateFilter": ["PAUSED"]})
    client.export("campaigns", EU)
    assert len(fixture.service.to(EXPORT)) == 3


@pytest.mark.parametrize("end", ["gone", "failed", "old"])
def test_export_that_is_no_longer_good_is_requested_again(store, end):
    fixture = first_life(store)
    kill(fixture, "/exports/e%2C1", die_before, "export", "campaigns", NA)
    if end == "gone":
        fixture.plan("/exports/e%2C1", json_reply(404, {"message": "unknown"}))
    elif end == "failed":
        fixture.plan("/exports/e%2C1", json_reply(200, {"exportId": "e,1", "status": "FAILED"}))
    else:
        fixture.clock.sleep(3 * 3600)
    assert next_life(fixture, store).export("campaigns", NA)
    assert len(fixture.service.to(EXPORT)) == 2


def test_several_exports_of_one_question_are_not_taken_for_each_other(store):
    fixture = first_life(store)
    assert len(fixture.client.exports("campaigns", NA, 2)) == 2
    assert len(fixture.service.to(EXPORT)) == 2


def test_text_is_read_with_a_store_too(store):
    downloader = first_life(store).client.exporter._downloader
    downloader._inner.fetch_text = lambda url, region: f"{region} {url}"

    assert downloader.fetch_text("/result", "NA") == "NA /result"
