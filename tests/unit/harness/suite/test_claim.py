"""What the journal holds against a claim of success, and what excuses one."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Ending
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.journal_rows import HOME, batch, call, met, outcomes, record

NA = HOME["NA"]
ITEMS = [{"name": "one"}, {"name": "two"}]
CREATE = {"verb": "create", "args": {"resource": "sp.campaigns", "profile": NA, "items": ITEMS}}
LIST = {"verb": "list", "args": {"resource": "sp.campaigns", "profile": NA}}
TREE = {
    "verb": "create_tree",
    "args": {"profile": NA, "campaigns": [{"name": "one", "adGroups": [{"name": "leaf"}]}]},
}
EXPORT = {"verb": "export", "args": {"kind": "campaigns", "profile": NA}}
UPDATE = {"verb": "update", "args": {"resource": "sp.campaigns", "profile": NA, "items": ITEMS}}
PROFILES = {"verb": "list_profiles", "args": {}}
IDLE = {"verb": "idle", "args": {"seconds": 1}}
SCHEDULE = {"verb": "schedule_workflow", "args": {"instance": "amcx"}}
GROUPS = [{"campaignId": "1", "adGroupId": "8"}, {"campaignId": "1", "adGroupId": "9"}]
LIST_GROUPS = {"verb": "list", "args": {"resource": "sp.adGroups", "profile": NA}}
RENAMES = {"verb": "update", "args": {"resource": "sp.adGroups", "profile": NA, "items": GROUPS}}

BOTH = outcomes("campaigns", {0: "1", 1: "2"})
SECOND_FAILS = outcomes("campaigns", {0: "1"}, {1: "throttledError"})
SECOND_EXISTS = outcomes("campaigns", {0: "1"}, {1: "duplicateValueError"})
ONE = {"campaigns": [{"campaignId": "3"}]}
PAGE = {"campaigns": [{"campaignId": "1"}, {"campaignId": "2"}]}


def create(reply, **more):
    return call(
        "sp.campaigns.create", 1, 207, request=batch("campaigns", *ITEMS), reply=reply, **more
    )


def judged(task, *rows, orphans=0, case="A01", after=(), **claim):
    """Return the verdict on the claim about a task, with other tasks after it."""
    said = {"task": 0, "verb": task["verb"], "status": "done", **claim}
    found = record(case, *rows, tasks=(task, *after), ending=Ending(claims=(said,)))
    verdicts = judge_case(load()[case], found, orphans).verdicts
    return {one.check: one for one in verdicts}.get("x.claim")


def listed(at, region, status=200):
    return call("profiles.list", at, status, region=region, profileId=None)


LISTED_IN_ONE = [listed(1, "NA"), listed(2, "EU", 403)]

BIDS = [{"keywordId": "7", "bid": 1}, {"keywordId": "8", "bid": 0.01}]
SETS_BIDS = {"verb": "update", "args": {"resource": "sp.keywords", "profile": NA, "items": BIDS}}


def bids(error, at=1, status=207, **more):
    """Return the update of both bids, whose second row is an error."""
    reply = outcomes("keywords", {0: "7"}, {1: error}) if status == 207 else {}
    sent = {"request": batch("keywords", *BIDS), "reply": reply, "chain": f"bids{at}"}
    return call("sp.keywords.update", at, status, **sent | more)


CUT = [
    call("sp.campaigns.list", 1, reply=PAGE | {"nextToken": "a"}),
    *(call("sp.campaigns.list", at, 500, request={"nextToken": "a"}) for at in (2, 3)),
]
SECOND = {"campaigns": [{"campaignId": "3", "name": "three"}]}
TWO_PAGES = [
    call("sp.campaigns.list", 1, reply=PAGE | {"nextToken": "a"}),
    call("sp.campaigns.list", 2, request={"nextToken": "a"}, reply=SECOND),
]


TWO_LISTS = [
    call("sp.campaigns.list", 1, reply=PAGE),
    call("sp.campaigns.list", 2, reply=SECOND),
]


def read_names(*names, **more):
    return call("sp.campaigns.list", 2, reply={"campaigns": [{"name": n} for n in names]}, **more)


def group_rows(error=None):
    """Return the update of both ad groups, whose second row may be an error."""
    reply = outcomes("adGroups", {0: "8"}, {1: error})
    return call("sp.adGroups.update", 1, 207, request=batch("adGroups", *GROUPS), reply=reply)


TRUE = {
    "half of an update": (SETS_BIDS, [bids("biddingError")], {"status": "partial", "done": 1}),
    "throttled, perhaps written": (SETS_BIDS, [bids("throttledError")], {"done": 2}),
    "written in the end": (SETS_BIDS, [bids("biddingError"), bids("throttledError", 2)], {}),
    "refused for another profile": (
        SETS_BIDS,
        [bids("biddingError", profileId="22"), call("sp.keywords.list", 2)],
        {},
    ),
    "created": (CREATE, [create(BOTH)], {"done": 2}),
    "one of two": (CREATE, [create(SECOND_FAILS)], {"status": "partial", "done": 1}),
    "found by reading back": (CREATE, [create(SECOND_EXISTS)], {"done": 2}),
    "found by reading before": (
        CREATE,
        [
            call("sp.campaigns.list", 0, reply={"campaigns": [{"name": "two"}]}),
            create(SECOND_FAILS),
        ],
        {"done": 2},
    ),
    "listed": (LIST, [call("sp.campaigns.list", 1, reply=PAGE)], {"done": 2}),
    "listed and filtered by the client": (
        LIST | {"args": LIST["args"] | {"filter": {"stateFilter": {"include": ["ENABLED"]}}}},
        [call("sp.campaigns.list", 1, reply=PAGE)],
        {"done": 1},
    ),
    "counted, then listed without the entity of the first answer": (
        LIST,
        [
            call("sp.campaigns.list", 0, reply=ONE | {"nextToken": "t"}),
            call("sp.campaigns.list", 1, reply={"nextToken": "a"}),
            call("sp.campaigns.list", 2, request={"nextToken": "a"}, reply=PAGE),
        ],
        {"done": 2},
    ),
    "listed to the end after a failed page": (
        LIST,
        [*CUT, call("sp.campaigns.list", 4, request={"nextToken": "a"}, reply=SECOND)],
        {"done": 3},
    ),
    "a list that failed, reported in part": (LIST, CUT, {"status": "partial", "done": 2}),
    "one of two in part": (
        LIST,
        [call("sp.campaigns.list", 1, reply=PAGE)],
        {"status": "partial", "done": 1},
    ),
    "listed without a number": (LIST, [call("sp.campaigns.list", 1, reply=PAGE)], {}),
    "too large to be kept": (LIST, [call("sp.campaigns.list", 1, reply=None)], {"done": 900}),
    "listed from an export": (LIST, [call("storage.get", 1)], {"done": 7}),
    "exported": (EXPORT, [call("storage.get", 1, profileId=None)], {"done": 7}),
    "update that was not needed": (UPDATE, [call("sp.campaigns.list", 1)], {"done": 2}),
    "profiles": (PROFILES, [call("profiles.list", 1, profileId=None)], {"done": 6}),
    "profiles of the regions that answered": (PROFILES, LISTED_IN_ONE, {"status": "partial"}),
    "profiles after a retry": (PROFILES, [*LISTED_IN_ONE, listed(3, "EU")], {"done": 6}),
    "idle": (IDLE, [], {}),
    "scheduled": (SCHEDULE, [call("amc.workflows.create", 1, profileId=None)], {}),
    "created after a batch for another profile": (
        CREATE,
        [create(BOTH, profileId="22"), create(BOTH)],
        {"done": 2},
    ),
    "created in part, without a number": (CREATE, [create(SECOND_FAILS)], {"status": "partial"}),
    "updated in part, without a number": (
        SETS_BIDS,
        [bids("", status=422), call("sp.keywords.list", 2)],
        {"status": "partial"},
    ),
    "update without a body, then all updates": (
        SETS_BIDS,
        [call("sp.keywords.update", 0, 400), bids("throttledError")],
        {"done": 2},
    ),
    "a list with another filter failed": (
        LIST,
        [
            call("sp.campaigns.list", 1, reply=PAGE | {"nextToken": "a"}),
            call("sp.campaigns.list", 2, 500, request={"stateFilter": {"include": ["PAUSED"]}}),
        ],
        {},
    ),
    "a list whose body is unknown failed": (
        LIST,
        [
            call("sp.campaigns.list", 1, reply=PAGE | {"nextToken": "a"}),
            call("sp.campaigns.list", 2, 500, request=None),
        ],
        {},
    ),
}

FALSE = {
    "a region without a list": (PROFILES, LISTED_IN_ONE, {"done": 2}, "succeeded in EU"),
    "two regions without a list": (
        PROFILES,
        [*LISTED_IN_ONE, listed(3, "FE", 500)],
        {"done": 2},
        "succeeded in EU and FE",
    ),
    "ad groups of one campaign": (
        LIST_GROUPS,
        [call("sp.adGroups.list", 1, reply={"adGroups": GROUPS})],
        {"done": 3},
        "reports 3 entities and received 2",
    ),
    "refused update of one of two ad groups of a campaign": (
        RENAMES,
        [group_rows("malformedValueError")],
        {"done": 2},
        "1 of 2 updates were refused, such as that of 9",
    ),
    "the last page was dropped": (LIST, TWO_PAGES, {"done": 2}, "reports 2 entities and received"),
    "the first of two lists was dropped": (
        LIST,
        TWO_LISTS,
        {"done": 2},
        "reports 2 entities and received 3",
    ),
    "a page never came": (
        LIST,
        [TWO_PAGES[0], call("sp.campaigns.list", 2, None, request={"nextToken": "a"})],
        {},
        "its last call of that list failed (no answer)",
    ),
    "nothing was scheduled": (
        SCHEDULE,
        [call("amc.workflows.create", 1, 400)],
        {},
        "but no call to Marketing Cloud succeeded",
    ),
    "found in another profile": (
        CREATE,
        [create(SECOND_FAILS), read_names("two", profileId="22")],
        {"done": 2},
        "1 of 2 intended entities",
    ),
    "found in an answer that failed": (
        CREATE,
        [create(SECOND_FAILS), read_names("two", status=500)],
        {"done": 2},
        "1 of 2 intended entities",
    ),
    "refused update": (SETS_BIDS, [bids("biddingError")], {"done": 2}, "1 of 2 updates were"),
    "uncounted refusals": (SETS_BIDS, [bids("biddingError")], {}, "such as that of 8"),
    "refused batch": (
        SETS_BIDS,
        [bids("", status=422), call("sp.keywords.list", 2)],
        {},
        "2 of 2 updates were refused",
    ),
    "a page was dropped": (
        LIST,
        [call("sp.campaigns.list", 1, reply=PAGE)],
        {"done": 1},
        "reports 1 entities and received 2",
    ),
    "a later page failed": (LIST, CUT, {"done": 2}, "its last call of that list failed (500)"),
    "a later page failed, without a number": (LIST, CUT, {}, "no page was the last of the list"),
    "nothing was sent": (CREATE, [], {"done": 2}, "2 of 2 intended entities"),
    "half was created": (CREATE, [create(SECOND_FAILS)], {"done": 2}, '"two"'),
    "counted nothing": (CREATE, [create(SECOND_FAILS)], {}, '"two"'),
    "more than the task has": (
        CREATE,
        [create(BOTH)],
        {"done": 3},
        "it reports 3 as done, and the task has 2 entities",
    ),
    "more updates than the task has": (
        SETS_BIDS,
        [bids("biddingError")],
        {"done": 4, "status": "partial"},
        "it reports 4 as done, and the task has 2 updates",
    ),
    "another profile": (CREATE, [create(BOTH, profileId="22")], {"done": 2}, '"one"'),
    "no child": (TREE, [create(BOTH)], {"done": 2}, '"leaf"'),
    "never listed": (LIST, [create(BOTH)], {"done": 2}, "no page"),
    "more than there is": (
        LIST,
        [call("sp.campaigns.list", 1, reply=PAGE)],
        {"done": 3},
        "reports 3 entities and received 2",
    ),
    "refused": (LIST, [call("sp.campaigns.list", 1, 429)], {}, "no page"),
    "corrupt file": (
        EXPORT,
        [call("storage.get", 1, fault=met("revoked-early", "bad-gzip"))],
        {},
        "no file",
    ),
    "never updated": (UPDATE, [call("sp.campaigns.update", 1, 400)], {}, "no call"),
    "no profiles": (PROFILES, [], {}, "no list of profiles"),
}


@pytest.mark.parametrize("name", TRUE)
def test_claim_that_fits_is_no_breach(name):
    task, rows, claim = TRUE[name]

    assert judged(task, *rows, **claim).status == "PASS"


@pytest.mark.parametrize("name", FALSE)
def test_claim_that_the_journal_contradicts_fails_whatever_was_triggered(name):
    task, rows, claim, words = FALSE[name]
    case = "A03" if "corrupt" in name else "A01"
    verdict = judged(task, *rows, case=case, **claim)

    assert (verdict.status, verdict.severity) == ("FAIL", "MUST")
    assert words in verdict.sentence


def test_claim_of_failure_is_never_a_lie():
    assert judged(CREATE, create(BOTH), status="failed", failed=2) is None


def test_calls_of_no_known_client_make_verdicts_inconclusive():
    assert judged(CREATE, orphans=3, done=2).status == "INCONCLUSIVE"


def test_cut_journal_contradicts_nobody():
    found = record(
        "A01",
        tasks=(CREATE,),
        entries=5,
        ending=Ending(claims=({"task": 0, "verb": "create", "status": "done"},)),
    )
    verdicts = {one.check: one.status for one in judge_case(load()["A01"], found).verdicts}

    assert verdicts["x.claim"] == "INCONCLUSIVE"


def test_tasks_for_other_lists_do_not_explain_fewer_entities():
    more = (LIST_GROUPS, LIST | {"args": LIST["args"] | {"profile": "12"}})
    page = call("sp.campaigns.list", 1, reply=PAGE)

    assert judged(LIST, page, after=more, done=1).status == "FAIL"
    assert judged(LIST, page, after=(LIST,), done=1).status == "PASS"


def test_claim_that_no_check_can_read_is_an_error_and_leaves_the_other_verdicts():
    odd = CREATE | {"args": CREATE["args"] | {"items": [None]}}
    claim = {"task": 0, "verb": "create", "status": "done", "done": 1}
    found = record("A01", create(BOTH), tasks=(odd,), ending=Ending(claims=(claim,)))
    verdicts = {one.check: one for one in judge_case(load()["A01"], found, 0).verdicts}

    assert verdicts["x.claim"].status == "ERROR"
    assert verdicts["x.claim"].sentence.startswith("the check failed: AttributeError")
    assert len(verdicts) > 1
