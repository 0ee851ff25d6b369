"""Batches, multi-status rows, lost answers: everything that writes a batch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.client import Reply
from adsmock.harness.client.api import load_api
from adsmock.harness.client.errors import GaveUp, TransportError, UnknownOutcome, VersionGone
from adsmock.harness.client.multistatus import UNANSWERED, partition
from tests.unit.harness.client.fake_service import (
    NA,
    ClientFixture,
    campaigns,
    failure,
    fill,
    json_reply,
    lose_answer,
    partly,
    throttled,
)

CONTRACT = load_api().contracts["sp.campaigns"]
CREATE = "/sp/campaigns"
LIST = "/sp/campaigns/list"
FATES = st.lists(st.sampled_from(["done", "throttledError", "rangeError", "silent"]), max_size=30)


def names(sent):
    return [item["name"] for item in sent.body["campaigns"]]


@given(fates=FATES, chance=st.randoms(use_true_random=False))
def test_multistatus_rows_are_matched_by_index_in_any_order(fates, chance):
    success = [
        {"index": place, "campaignId": f"id{place}"}
        for place, fate in enumerate(fates)
        if fate == "done"
    ]
    error = [
        failure(place, fate) for place, fate in enumerate(fates) if fate not in {"done", "silent"}
    ]
    chance.shuffle(success)
    chance.shuffle(error)
    document = {"campaigns": {"success": success, "error": error}}
    outcomes = partition(document, CONTRACT, len(fates))
    assert [outcome.index for outcome in outcomes] == list(range(len(fates)))
    for place, (fate, outcome) in enumerate(zip(fates, outcomes, strict=True)):
        assert outcome.is_done == (fate == "done")
        assert outcome.id == (f"id{place}" if fate == "done" else None)
        assert outcome.is_retryable == (fate in {"throttledError", "silent"})
        assert outcome.has_error(UNANSWERED) == (fate == "silent")


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"campaigns": None},
        {"campaigns": {"success": "x", "error": [1, {"index": 9}, {"index": "0"}]}},
    ],
)
def test_multistatus_survives_any_json(document):
    outcomes = partition(document, CONTRACT, 2)
    assert [outcome.has_error(UNANSWERED) for outcome in outcomes] == [True, True]


def test_batches_are_cut_at_the_documented_maximum():
    fixture = ClientFixture()
    outcomes = fixture.client.create("sp.campaigns", NA, campaigns(*map(str, range(2001))))
    assert [len(names(sent)) for sent in fixture.service.to(CREATE)] == [1000, 1000, 1]
    assert [outcome.index for outcome in outcomes] == list(range(2001))
    assert len({outcome.id for outcome in outcomes}) == 2001


def test_only_throttled_items_are_sent_again():
    fixture = ClientFixture()
    wanted = [f"b{place}" for place in range(10)]
    fixture.plan(CREATE, partly(b1="throttledError", b6="throttledError")(fixture))
    outcomes = fixture.client.create("sp.campaigns", NA, campaigns(*wanted))
    assert [names(sent) for sent in fixture.service.to(CREATE)] == [wanted, ["b1", "b6"]]
    first, second = fixture.service.to(CREATE)
    assert second.at - first.at >= 1
    stored = {
        row["name"]: row["campaignId"] for row in fixture.service.stored["campaigns"].values()
    }
    assert [outcome.id for outcome in outcomes] == [stored[name] for name in wanted]


def test_permanent_items_are_reported_and_not_sent_again():
    fixture = ClientFixture()
    fixture.plan(CREATE, partly(b="rangeError")(fixture))
    done, failed = fixture.client.create("sp.campaigns", NA, campaigns("a", "b"))
    assert done.is_done
    assert failed.has_error("rangeError")
    assert len(fixture.service.to(CREATE)) == 1


def test_items_that_stay_throttled_are_given_up_and_the_others_kept():
    fixture = ClientFixture()
    fixture.plan(CREATE, *[partly(b="throttledError")(fixture)] * 20)
    done, failed = fixture.client.create("sp.campaigns", NA, campaigns("a", "b"))
    assert done.is_done
    assert failed.has_error("throttledError")
    assert len(fixture.service.to(CREATE)) == 11


@pytest.mark.parametrize("lost", [lose_answer("reset"), lose_answer("timeout")])
def test_lost_create_that_was_done_is_read_back_and_not_sent_again(lost):
    fixture = ClientFixture()
    fixture.plan(CREATE, lost)
    outcomes = fixture.client.create("sp.campaigns", NA, campaigns("a", "b"))
    assert [outcome.id for outcome in outcomes] == ["1000", "1001"]
    assert len(fixture.service.to(CREATE)) == 1
    (look,) = fixture.service.to(LIST)
    assert look.body["nameFilter"] == {"include": ["a", "b"], "queryTermMatchType": "EXACT_MATCH"}


@pytest.mark.parametrize(
    "lost", [TransportError("reset", ""), json_reply(500, {}), Reply(207, {}, b"<html>")]
)
def test_lost_create_that_was_not_done_is_sent_again_after_a_look(lost):
    fixture = ClientFixture()
    fixture.plan(CREATE, lost)
    fixture.client.create("sp.campaigns", NA, campaigns("a", "b"))
    paths = [sent.url.removeprefix("http://na.test") for sent in fixture.service.sent[1:]]
    assert paths == [CREATE, LIST, CREATE]


def test_only_the_missing_items_of_a_lost_create_are_sent_again():
    fixture = ClientFixture()
    fixture.plan(CREATE, lambda _: partly(b="x")(fixture)(None) and TransportError("reset", ""))
    outcomes = fixture.client.create("sp.campaigns", NA, campaigns("a", "b", "c"))
    assert [names(sent) for sent in fixture.service.to(CREATE)] == [["a", "b", "c"], ["b"]]
    assert all(outcome.is_done for outcome in outcomes)


def test_duplicate_on_a_repetition_counts_as_done_and_ends_it():
    fixture = ClientFixture()
    fixture.plan(CREATE, lose_answer())
    # The first look is stale: it does not show yet what was created.
    fixture.plan(LIST, json_reply(200, {"campaigns": []}))
    outcomes = fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert [outcome.id for outcome in outcomes] == ["1000"]
    assert len(fixture.service.to(CREATE)) == 2


def test_repetition_that_was_done_counts_as_done_though_its_id_cannot_be_read():
    fixture = ClientFixture()
    fixture.plan(CREATE, lose_answer())
    fixture.plan(LIST, json_reply(200, {"campaigns": []}), *[json_reply(400, {})] * 9)
    (outcome,) = fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert outcome.is_done
    assert outcome.id is None
    assert len(fixture.service.to(CREATE)) == 2


def test_duplicate_on_the_first_submission_is_a_failure():
    fixture = ClientFixture()
    fixture.client.create("sp.campaigns", NA, campaigns("a"))
    (outcome,) = fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert outcome.has_error("duplicateValueError")
    assert len(fixture.service.to(CREATE)) == 2


def test_throttled_create_is_repeated_without_a_look():
    fixture = ClientFixture()
    fixture.plan(CREATE, throttled(2), TransportError("connect", ""))
    fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert len(fixture.service.to(CREATE)) == 3
    assert fixture.service.to(LIST) == []


def test_retries_do_not_multiply_over_layers():
    fixture = ClientFixture()
    mixed = [throttled(), json_reply(500, {}), partly(a="throttledError")(fixture)] * 20
    fixture.plan(CREATE, *mixed)
    with pytest.raises(GaveUp):
        fixture.client.create("sp.campaigns", NA, campaigns("a"))
    assert len(fixture.service.to(CREATE)) == 11


def test_update_is_repeated_after_a_lost_answer():
    fixture = ClientFixture()
    answer = json_reply(207, {"campaigns": {"success": [{"index": 0, "campaignId": "1"}]}})
    fixture.plan(CREATE, TransportError("reset", ""), answer)
    (outcome,) = fixture.client.update("sp.campaigns", NA, [{"campaignId": "1"}])
    assert outcome.id == "1"
    assert [sent.method for sent in fixture.service.to(CREATE)] == ["PUT", "PUT"]
    assert fixture.service.to(LIST) == []


def test_archive_that_was_done_unseen_counts_as_done():
    fixture = ClientFixture()
    refused = json_reply(207, {"campaigns": {"error": [failure(0, "entityStateError")]}})
    fixture.plan("/delete", TransportError("reset", ""), refused)
    (outcome,) = fixture.client.archive("sp.campaigns", NA, ["7"])
    assert outcome.is_done
    assert outcome.id == "7"
    bodies = [sent.body for sent in fixture.service.to("/delete")]
    assert bodies == [{"campaignIdFilter": {"include": ["7"]}}] * 2


def test_archive_refused_at_once_is_a_failure():
    fixture = ClientFixture()
    refused = json_reply(207, {"campaigns": {"error": [failure(0, "entityStateError")]}})
    fixture.plan("/delete", refused)
    (outcome,) = fixture.client.archive("sp.campaigns", NA, ["7"])
    assert not outcome.is_done


def test_refused_write_raises_and_stops_the_batches_after_it():
    fixture = ClientFixture()
    fixture.plan(CREATE, *[json_reply(404, {"details": "Method Not Found"})] * 3)
    with pytest.raises(VersionGone):
        fixture.client.create("sp.campaigns", NA, campaigns(*map(str, range(1500))))
    assert len(fixture.service.to(CREATE)) == 1


def test_trouble_in_a_later_batch_keeps_what_was_done():
    fixture = ClientFixture()
    fixture.plan(CREATE, lambda answer: answer(), json_reply(400, {"message": "no"}))
    outcomes = fixture.client.create("sp.campaigns", NA, campaigns(*map(str, range(2500))))
    assert [outcome.is_done for outcome in outcomes] == [True] * 1000 + [False] * 1500
    assert outcomes[-1].has_error("Refused")
    assert len(fixture.service.to(CREATE)) == 2


def test_update_sends_what_changes_of_what_was_just_read():
    fixture = ClientFixture()
    fill(fixture.service, 3)
    fixture.client.list("sp.campaigns", NA)
    answer = json_reply(207, {"campaigns": {"success": [{"index": 0, "campaignId": "1"}]}})
    fixture.plan(CREATE, answer)
    same = {"campaignId": "0", "name": "c0"}
    outcomes = fixture.client.update(
        "sp.campaigns", NA, [same, {"campaignId": "1", "name": "c1", "state": "PAUSED"}]
    )
    assert [outcome.is_done for outcome in outcomes] == [True, True]
    (sent,) = fixture.service.to(CREATE)
    assert sent.body == {"campaigns": [{"campaignId": "1", "state": "PAUSED"}]}


@pytest.mark.parametrize("passed", ["an update", "five minutes"])
def test_update_is_sent_whole_when_the_memory_may_be_wrong(passed):
    fixture = ClientFixture()
    fill(fixture.service, 1)
    fixture.client.list("sp.campaigns", NA)
    answer = json_reply(207, {"campaigns": {"success": [{"index": 0, "campaignId": "0"}]}})
    fixture.plan(CREATE, answer, answer)
    if passed == "an update":
        fixture.client.update("sp.campaigns", NA, [{"campaignId": "0", "name": "other"}])
    else:
        fixture.clock.sleep(301)
    whole = {"campaignId": "0", "name": "c0"}
    fixture.client.update("sp.campaigns", NA, [whole])
    assert fixture.service.to(CREATE)[-1].body == {"campaigns": [whole]}


def test_bid_outside_its_marketplace_is_not_sent():
    fixture = ClientFixture()
    groups = [
        {"name": str(bid), "campaignId": "1", "defaultBid": bid} for bid in (0.01, 0.5, 1000.5)
    ]
    outcomes = fixture.client.create("sp.adGroups", NA, groups)
    assert [outcome.is_done for outcome in outcomes] == [False, True, False]
    assert outcomes[0].errors[0].kind == "biddingError"
    (sent,) = fixture.service.to("/sp/adGroups")
    assert [item["name"] for item in sent.body["adGroups"]] == ["0.5"]


@pytest.mark.parametrize("lost", [TransportError("reset", ""), json_reply(500, {})])
def test_lost_create_of_what_cannot_be_found_again_is_left_to_the_caller(lost):
    fixture = ClientFixture()
    fixture.plan("/sd/creatives", lost)
    with pytest.raises(UnknownOutcome):
        fixture.client.create("sd.creatives", NA, [{"adGroupId": 1, "properties": {}}])
    assert len(fixture.service.to("/sd/creatives")) == 1


def test_an_item_of_an_unknown_fate_that_cannot_be_found_again_is_not_sent_again():
    fixture = ClientFixture()
    fixture.plan("/sd/creatives", json_reply(207, [{"code": "INTERNAL_ERROR", "description": ""}]))
    (outcome,) = fixture.client.create("sd.creatives", NA, [{"adGroupId": 1, "properties": {}}])
    assert outcome.is_uncertain
    assert len(fixture.service.to("/sd/creatives")) == 1


def test_flat_rows_in_two_arrays_are_matched_by_the_index_of_their_family():
    contract = load_api().contracts["sb.targets"]
    refused = {"code": "NOT_FOUND", "details": "none", "targetRequestIndex": 2}
    document = {
        "updateTargetErrorResults": [refused],
        "updateTargetSuccessResults": [{"targetId": 7, "targetRequestIndex": 0}],
    }
    first, second, third = partition(document, contract, 3)
    assert (first.index, first.id) == (0, "7")
    assert second.has_error(UNANSWERED)
    assert (third.index, third.has_error("entityNotFoundError")) == (2, True)
