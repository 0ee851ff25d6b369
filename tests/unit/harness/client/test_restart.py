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
    World,
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
    """Open the same file anew for each life."""
    opened = []

    def open_store():
        opened.append(SqliteStore(tmp_path / "kept.db", KEY, environment={}))
        return opened[-1]

    yield open_store
    for each in opened:
        each.close()


def first_life(store):
    return World(factory=partial(AdsClient, extensions=Extensions(store=store())))


def next_life(world, store):
    return AdsClient(
        Settings.from_task(TASK),
        clock=world.clock,
        sleeper=world.clock,
        random_source=SeededRandom(2),
        transport=world.service,
        extensions=Extensions(store=store()),
    )


def kill(world, end, step, *work):
    world.plan(end, step)
    verb, *arguments = work
    with pytest.raises(Killed):
        getattr(world.client, verb)(*arguments)


def stored(world):
    return sorted(row["name"] for row in world.service.stored["campaigns"].values())


@pytest.mark.parametrize(("death", "sends"), [(die_after, 1), (die_before, 2)])
def test_create_that_was_cut_off_is_done_once_when_it_is_asked_for_again(store, death, sends):
    world = first_life(store)
    kill(world, CREATE, death, "create", "sp.campaigns", NA, campaigns("a", "b"))
    outcomes = next_life(world, store).create("sp.campaigns", NA, campaigns("a", "b"))
    assert [outcome.is_done and outcome.index for outcome in outcomes] == [0, 1]
    assert all(outcome.id for outcome in outcomes)
    assert (stored(world), len(world.service.to(CREATE))) == (["a", "b"], sends)


@pytest.mark.parametrize("death", [die_after, die_before])
def test_resume_finishes_what_was_cut_off_without_being_told_what(store, death):
    world = first_life(store)
    kill(world, CREATE, death, "create", "sp.campaigns", NA, campaigns("a"))
    client = next_life(world, store)
    (resumed,) = client.resume()
    assert (resumed.resource, resumed.profile, resumed.item["name"]) == ("sp.campaigns", NA, "a")
    assert resumed.outcome.id
    assert (stored(world), client.resume()) == (["a"], [])


def test_resume_reads_back_before_it_sends_anything(store):
    world = first_life(store)
    kill(world, CREATE, die_after, "create", "sp.campaigns", NA, campaigns("a"))
    world.service.sent.clear()
    next_life(world, store).resume()
    assert [sent.url.rpartition("/sp")[2] for sent in world.service.sent][1:] == ["/campaigns/list"]


def test_settled_creates_leave_nothing_behind(store):
    world = first_life(store)
    fill(world.service, 1)
    world.client.create("sp.campaigns", NA, campaigns("c0", "new", "twin", "twin"))
    assert next_life(world, store).resume() == []


def test_refused_create_is_not_intended_any_longer(store):
    world = first_life(store)
    world.plan(CREATE, json_reply(400, {"message": "no"}))
    with pytest.raises(Refused):
        world.client.create("sp.campaigns", NA, campaigns("a"))
    assert next_life(world, store).resume() == []


def test_create_that_was_given_up_is_finished_by_a_later_life(store):
    world = first_life(store)
    world.plan(CREATE, lose_answer(), *[lose_answer()] * 20)
    world.plan(LIST, *[throttled()] * 20)
    with pytest.raises(GaveUp):
        world.client.create("sp.campaigns", NA, campaigns("a"))
    world.service.plans.clear()
    (resumed,) = next_life(world, store).resume()
    assert resumed.outcome.id
    assert stored(world) == ["a"]


def test_export_that_was_cut_off_goes_on_under_its_id(store):
    world = first_life(store)
    kill(world, "/exports/e%2C1", die_before, "export", "campaigns", NA)
    client = next_life(world, store)
    assert client.export("campaigns", NA) == [{"campaignId": "1"}]
    assert len(world.service.to(EXPORT)) == 1
    client.export("campaigns", NA)
    assert len(world.service.to(EXPORT)) == 2


def test_export_whose_download_was_cut_off_is_downloaded_at_a_fresh_address(store):
    world = first_life(store)
    kill(world, "/file/1", die_before, "export", "campaigns", NA)
    assert next_life(world, store).export("campaigns", NA)
    assert len(world.service.to(EXPORT)) == 1
    assert len(world.service.to("/file/2")) == 1


def test_export_of_another_question_is_not_taken_for_it(store):
    world = first_life(store)
    kill(world, "/exports/e%2C1", die_before, "export", "campaigns", NA)
    client = next_life(world, store)
    client.export("campaigns", NA, {"stateFilter": ["PAUSED"]})
    client.export("campaigns", EU)
    assert len(world.service.to(EXPORT)) == 3


@pytest.mark.parametrize("end", ["gone", "failed", "old"])
def test_export_that_is_no_longer_good_is_asked_for_anew(store, end):
    world = first_life(store)
    kill(world, "/exports/e%2C1", die_before, "export", "campaigns", NA)
    if end == "gone":
        world.plan("/exports/e%2C1", json_reply(404, {"message": "unknown"}))
    elif end == "failed":
        world.plan("/exports/e%2C1", json_reply(200, {"exportId": "e,1", "status": "FAILED"}))
    else:
        world.clock.sleep(3 * 3600)
    assert next_life(world, store).export("campaigns", NA)
    assert len(world.service.to(EXPORT)) == 2


def test_several_exports_of_one_question_are_not_taken_for_each_other(store):
    world = first_life(store)
    assert len(world.client.exports("campaigns", NA, 2)) == 2
    assert len(world.service.to(EXPORT)) == 2
