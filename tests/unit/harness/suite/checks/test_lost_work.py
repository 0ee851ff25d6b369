"""Which work counts as lost, for each verb of a task and each way in which it can be settled."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.lost_work import work_is_not_lost
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import batch, call, met, outcomes, record

CREATE = "sp.campaigns.create"
LIST = "sp.keywords.list"
NAMES = [{"name": "A"}, {"name": "B"}]


def task(verb, **args):
    return {"verb": verb, "args": {"profile": "11", **args}}


def judged(tasks, *rows, ending=None, **more):
    found = record("I12", *rows, tasks=tuple(tasks), ending=ending or Ending(), **more)
    return work_is_not_lost(CaseView.of(found))


def lost(one, *rows, **more):
    """Return the names that the sentence about a task calls lost."""
    found = judged([one], *rows, **more)
    if found.outcome == "holds":
        assert found.numbers["lost"] == 0
        return ""
    assert found.outcome == "broken"
    return found.sentence.partition(" lost ")[2].partition(": never")[0].replace('"', "")


CREATES = task("create", resource="sp.campaigns", items=NAMES)
SENT = {"request": batch("campaigns", *NAMES)}


def answered(error, *success, **more):
    """Return a 207 that refuses B with an error, or accepts the items with these indexes."""
    reply = outcomes("campaigns", dict.fromkeys(success or (0,), "1"), error and {1: error})
    return call(CREATE, 1, 207, reply=reply, **SENT | more)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([], "A, B"),
        ([answered(None, 0, 1)], ""),
        ([answered(None)], "B"),
        ([answered("duplicateValueError")], ""),
        ([answered("malformedValueError")], ""),
        ([answered("throttledError")], "B"),
        ([answered("internalServerError")], "B"),
        ([answered(None, 0, 1, profileId="12")], "A, B"),
        ([call(CREATE, 1, 399, **SENT)], "A, B"),
        ([call(CREATE, 1, 400, **SENT)], ""),
        ([call(CREATE, 1, 401, **SENT)], "A, B"),
        ([call(CREATE, 1, 408, **SENT)], "A, B"),
        ([call(CREATE, 1, 425, **SENT)], "A, B"),
        ([call(CREATE, 1, 429, **SENT)], "A, B"),
        ([call(CREATE, 1, 499, **SENT)], ""),
        ([call(CREATE, 1, 500, **SENT)], "A, B"),
        ([call("sp.campaigns.list", 1, reply={"campaigns": NAMES})], ""),
        ([call("sp.campaigns.list", 1, 500, reply={"campaigns": NAMES})], "A, B"),
        ([call("sp.campaigns.list", 1, reply={"campaigns": NAMES}, profileId="12")], "A, B"),
        ([call("sp.adGroups.list", 1, reply={"adGroups": NAMES})], "A, B"),
    ],
)
def test_entity_is_created_when_it_exists_or_is_refused_for_good(rows, names):
    assert lost(CREATES, *rows) == names


@pytest.mark.parametrize(
    ("made", "names"),
    [
        ({"11": {"sp.campaigns": NAMES}}, ""),
        ({"11": {"sp.campaigns": NAMES[:1]}}, "B"),
        ({"12": {"sp.campaigns": NAMES}}, "A, B"),
        ({"11": {"sp.adGroups": NAMES}}, "A, B"),
    ],
)
def test_entity_that_the_mock_has_is_created(made, names):
    assert lost(CREATES, created=made) == names


GROUP = {"name": "G", "keywords": [{"keywordText": "K"}]}
TREE = task("create_tree", campaigns=[{"name": "A", "adGroups": [GROUP]}, {"name": "B"}])


@pytest.mark.parametrize(
    ("made", "names"),
    [
        ({}, "A, B"),
        ({"sp.campaigns": NAMES}, "G"),
        ({"sp.campaigns": NAMES, "sp.adGroups": [{"name": "G"}]}, "K"),
        ({"sp.campaigns": NAMES[1:]}, "A"),
    ],
)
def test_entity_below_a_missing_one_is_not_counted_again(made, names):
    assert lost(TREE, created={"11": made}) == names


def test_complete_tree_is_not_lost():
    made = {"sp.campaigns": NAMES, "sp.adGroups": [GROUP], "sp.keywords": GROUP["keywords"]}
    found = judged([TREE], created={"11": made})

    assert (found.outcome, found.numbers) == ("holds", {"intended": 4, "lost": 0})
    assert found.sentence == "4 pieces of work, none lost"


BIDS = [{"keywordId": "7", "bid": 1}, {"keywordId": "8", "bid": 2}]
UPDATES = task("update", resource="sp.keywords", items=BIDS)


def updated(status=207, error=None, success=(0,), **more):
    reply = outcomes("keywords", dict.fromkeys(success, "7"), error and {1: error})
    sent = {"request": batch("keywords", *BIDS), "reply": reply if status == 207 else {}}
    return call("sp.keywords.update", 1, status, **sent | more)


def read(*bids, **more):
    return call(LIST, 1, reply={"keywords": [{"state": "ENABLED", **bid} for bid in bids]}, **more)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([], "the update of 7, the update of 8"),
        ([updated(success=(0, 1))], ""),
        ([updated()], "the update of 8"),
        ([updated(error="malformedValueError")], ""),
        ([updated(error="throttledError")], "the update of 8"),
        ([updated(500)], "the update of 7, the update of 8"),
        ([updated(500, committed=True)], ""),
        ([updated(400)], ""),
        ([updated(success=(0, 1), profileId="12")], "the update of 7, the update of 8"),
        ([read(*BIDS)], ""),
        ([read(*BIDS, profileId="12")], "the update of 7, the update of 8"),
        ([read(BIDS[0], {"keywordId": "8", "bid": 3})], "the update of 8"),
    ],
)
def test_update_is_written_refused_or_needless(rows, names):
    assert lost(UPDATES, *rows) == names


def test_update_of_another_family_cannot_be_seen():
    other = task("update", resource="sb.keywords", items=BIDS)

    assert judged([other]).outcome == "unproven"


ARCHIVES = task("archive", resource="sp.keywords", ids=["7", "8"])


def archive(status=200, *ids, **more):
    request = {"keywordIdFilter": {"include": list(ids or ("7", "8"))}}
    return call("sp.keywords.archive", 1, status, request=request, **more)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([], "the archiving of 7, the archiving of 8"),
        ([archive()], ""),
        ([archive(200, "7"), archive(200, "8")], ""),
        ([archive(200, "7")], "the archiving of 8"),
        ([archive(200, "7"), archive(503, "8")], "the archiving of 8"),
        ([archive(503)], "the archiving of 7, the archiving of 8"),
        ([archive(503, committed=True)], ""),
        ([archive(404)], ""),
        ([archive(profileId="12")], "the archiving of 7, the archiving of 8"),
    ],
)
def test_entity_is_archived_or_refused(rows, names):
    assert lost(ARCHIVES, *rows) == names


FILTER = {"stateFilter": {"include": ["ENABLED"]}}
READS = task("list", resource="sp.keywords", filter=FILTER)
PAGED = {"reply": {"nextToken": "a"}}


@pytest.mark.parametrize(
    ("rows", "is_read"),
    [
        ([], False),
        ([call(LIST, 1)], True),
        ([call(LIST, 1, **PAGED)], False),
        ([call(LIST, 1, **PAGED), call(LIST, 2)], True),
        ([call(LIST, 1, profileId="12")], False),
        ([call(LIST, 1, 500)], False),
        ([call(LIST, 1, 404)], True),
        ([call(LIST, 1, request=FILTER)], True),
        ([call(LIST, 1, request=FILTER, **PAGED), call(LIST, 2)], True),
        ([call(LIST, 1, request=FILTER, **PAGED), call(LIST, 2, request={"idFilter": 1})], False),
        ([call("exports.get", 1)], True),
        ([call("exports.get", 1, 500)], False),
        ([call("sp.campaigns.list", 1)], False),
    ],
)
def test_list_is_read_to_its_end(rows, is_read):
    assert lost(READS, *rows) == ("" if is_read else "the complete list of sp.keywords")


SHAPED = {"idFilter": {"include": [7, {"from": 1}]}, "stateFilter": {"include": ["ENABLED"]}}


@pytest.mark.parametrize(
    ("sent", "is_read"),
    [
        (SHAPED, True),
        ({"idFilter": {"include": [7.0, {"from": 1}]}}, True),
        ({"stateFilter": {"include": ["ENABLED"]}}, True),
        ({"idFilter": {"include": [{"from": 1}, 7]}}, False),
        ({"idFilter": {"include": [7, {"from": 2}]}}, False),
        ({"stateFilter": {"include": ["ENABLED"]}, "idFilter": {"include": [8]}}, False),
        ({"nameFilter": {"include": ["A"]}}, True),
        ({"nameFilter": None, "nextToken": None, **SHAPED}, True),
        ({"nameFilter": {"include": ["A"]}, **SHAPED}, False),
    ],
)
def test_list_with_a_part_of_its_filters_is_the_same_list(sent, is_read):
    reads = task("list", resource="sp.keywords", filter=SHAPED)
    assert lost(reads, call(LIST, 1, request=sent)) == (
        "" if is_read else "the complete list of sp.keywords"
    )


def test_damaged_page_is_not_the_last_one():
    found = record("E09", call(LIST, 1, fault=met("page", "html")), tasks=(READS,))

    assert work_is_not_lost(CaseView.of(found)).outcome == "broken"


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Ending(), "broken"),
        (Ending(exit_code=0), "broken"),
        (Ending(exit_code=1), "holds"),
        (Ending(error="Refused: 400"), "holds"),
        (Ending(timed_out=True), "inconclusive"),
        (Ending(exit_code=-15, timed_out=True), "inconclusive"),
        (Ending(claims=({"task": 0, "status": "done"},), error="Refused: 400"), "broken"),
        (Ending(claims=({"task": 1, "status": "failed"},)), "broken"),
        (Ending(claims=({"task": 0, "status": "failed"},)), "holds"),
        (Ending(claims=({"task": 0, "status": "partial", "failed": 1},)), "broken"),
        (Ending(claims=({"task": 0, "status": "partial", "failed": 2},)), "holds"),
        (Ending(claims=({"task": 0, "status": "partial"},)), "holds"),
    ],
)
def test_reported_failure_excuses_as_many_pieces_as_it_names(ending, outcome):
    assert judged([CREATES], ending=ending).outcome == outcome


def test_sentence_is_about_the_first_task_that_lost_work():
    calls = [call(LIST, at) for at in range(1, 6)]
    other = call(LIST, 9, profileId="12")
    found = judged([READS, CREATES, UPDATES], *calls, other)

    assert found.sentence == (
        'task 2 (create) of profile NA.US (11) lost "A", "B": never done, not refused for good '
        "and not reported as failed"
    )
    assert [one.seq for one in found.rows] == [3, 4, 5]
    assert found.numbers == {"intended": 5, "lost": 4}


def test_stop_by_the_suite_is_named():
    found = judged([CREATES], ending=Ending(timed_out=True))

    assert found.sentence == (
        "adsmock stopped the client at its time limit, before it did this work or reported it as "
        'failed: "A", "B" of task 1 (create); let it end by itself, or give it more time with '
        "--timeout"
    )
    assert found.numbers == {"intended": 2, "lost": 2}


def test_fault_that_lasts_is_no_refusal_for_good_and_must_be_reported():
    found = record("E06", call(CREATE, 1, 503, fault=met("for-ever"), **SENT), tasks=(CREATES,))
    lasting = frozenset({"for-ever"})

    assert work_is_not_lost(CaseView.of(found, lasting=lasting)).outcome == "broken"
    silent = replace(found, ending=Ending(exit_code=0))
    assert work_is_not_lost(CaseView.of(silent, lasting=lasting)).outcome == "broken"
    said = replace(found, ending=Ending(exit_code=1))
    assert work_is_not_lost(CaseView.of(said, lasting=lasting)).outcome == "holds"
