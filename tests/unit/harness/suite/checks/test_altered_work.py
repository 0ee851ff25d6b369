"""Work that was done otherwise than a task asks, and what a compliant client may do."""

import pytest

from adsmock.harness.suite.checks.altered_work import work_is_as_asked
from adsmock.harness.suite.checks.settled import agrees
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.checks.test_lost_work import task
from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record

KEYWORD = {"keywordText": "shoe", "matchType": "EXACT", "bid": 0.5}
TREE = task(
    "create_tree", campaigns=[{"name": "A", "adGroups": [{"name": "G", "keywords": [KEYWORD]}]}]
)


def judged(tasks, *rows, **more):
    return work_is_as_asked(CaseView.of(record("I12", *rows, tasks=tuple(tasks), **more)))


def difference(one, *rows, **more):
    """Return how the work of a task differs from it, empty where it does not."""
    found = judged([one], *rows, **more)
    if found.outcome != "broken":
        assert found.outcome == "holds"
        return ""
    return found.sentence.partition("as the tasks ask: ")[2]


def stored(**keyword):
    """Return the created entities of the tree, with one keyword."""
    made = {"sp.campaigns": [{"name": "A"}], "sp.adGroups": [{"name": "G"}]}
    return {"created": {"11": made | {"sp.keywords": [KEYWORD | keyword]}}}


@pytest.mark.parametrize(
    ("keyword", "found"),
    [
        ({}, ""),
        ({"keywordId": "7", "state": "ENABLED"}, ""),
        ({"matchType": "BROAD"}, '"shoe" of sp.keywords has matchType "BROAD" instead of "EXACT"'),
        ({"bid": None}, '"shoe" of sp.keywords has bid null instead of 0.5'),
    ],
)
def test_created_entity_has_the_values_of_its_task(keyword, found):
    assert difference(TREE, **stored(**keyword)) == found


def test_created_campaign_of_a_tree_has_the_values_of_its_task():
    one = task("create_tree", campaigns=[{"name": "A", "state": "PAUSED"}])
    made = {"11": {"sp.campaigns": [{"name": "A", "state": "ENABLED"}]}}

    found = '"A" of sp.campaigns has state "ENABLED" instead of "PAUSED"'
    assert difference(one, created=made) == found


def test_value_of_any_entity_with_the_name_counts():
    both = {"created": {"11": {"sp.keywords": [KEYWORD | {"matchType": "BROAD"}, KEYWORD]}}}

    assert difference(TREE, **both) == ""


def test_entity_may_be_created_paused_and_enabled_later():
    one = task("create", resource="sp.campaigns", items=[{"name": "A", "state": "ENABLED"}])
    paused = {"name": "A", "state": "PAUSED"}
    first = call("sp.campaigns.create", 1, 207, request=batch("campaigns", paused))
    made = {"11": {"sp.campaigns": [{"name": "A", "state": "ENABLED", "campaignId": "5"}]}}

    assert difference(one, first, updated({"campaignId": "5", **paused}), created=made) == ""


def updated(*items, at=2, reply=None, **more):
    ids = {place: str(item["campaignId"]) for place, item in enumerate(items)}
    answer = reply or outcomes("campaigns", ids)
    sent = {"request": batch("campaigns", *items), "reply": answer, "chain": f"u{at}"}
    return call("sp.campaigns.update", at, 207, **sent | more)


def listed(*entities, at=1):
    return call("sp.campaigns.list", at, reply={"campaigns": list(entities)})


UPDATE = task(
    "update", resource="sp.campaigns", items=[{"campaignId": "7", "name": "N", "state": "PAUSED"}]
)
WHOLE = {"campaignId": "7", "name": "N", "state": "PAUSED"}
UNNAMED = "7 of sp.campaigns has name null instead of "


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([updated(WHOLE)], ""),
        ([updated(WHOLE | {"campaignId": 7})], ""),
        ([updated({"campaignId": "7", "state": "PAUSED"})], f'{UNNAMED}"N"'),
        ([listed({"campaignId": "7", "name": "N"}), updated(WHOLE | {"name": "N"})], ""),
        (
            [
                listed({"campaignId": "7", "name": "N", "state": "ENABLED"}),
                updated({"campaignId": "7", "state": "PAUSED"}),
            ],
            "",
        ),
        (
            [
                updated({"campaignId": "7", "name": "N"}),
                updated({"campaignId": "7", "state": "PAUSED"}, at=3),
            ],
            "",
        ),
        (
            [updated(WHOLE | {"state": "ENABLED"})],
            '7 of sp.campaigns has state "ENABLED" instead of "PAUSED"',
        ),
    ],
)
def test_update_has_the_values_of_its_task(rows, found):
    assert difference(UPDATE, *rows) == found


def test_update_that_was_refused_is_not_compared():
    refusal = outcomes("campaigns", {}, {0: "malformedValueError"})
    refused = updated(WHOLE | {"state": "ENABLED"}, reply=refusal)

    assert judged([UPDATE], refused).outcome == "unproven"


@pytest.mark.parametrize(
    ("error", "found"),
    [
        ("throttledError", '7 of sp.campaigns has name "Other" instead of "N"'),
        ("malformedValueError", ""),
    ],
)
def test_value_that_was_only_throttled_has_to_be_sent_again(error, found):
    first = updated(WHOLE, reply=outcomes("campaigns", {}, {0: error}))

    assert difference(UPDATE, first, updated(WHOLE | {"name": "Other"}, at=3)) == found


@pytest.mark.parametrize("error", ["throttledError", "malformedValueError"])
def test_created_entity_has_no_value_of_an_attempt_that_was_throttled(error):
    wanted, other = ({"name": "A", "budget": {"budget": each}} for each in (13, 11))
    one = task("create", resource="sp.campaigns", items=[wanted])
    sent = {"request": batch("campaigns", wanted), "chain": "first"}
    first = call("sp.campaigns.create", 1, 207, reply=outcomes("campaigns", {}, {0: error}), **sent)

    found = difference(one, first, created={"11": {"sp.campaigns": [other]}})
    assert bool(found) is (error == "throttledError")


def test_only_the_updated_one_of_two_entities_is_compared():
    items = [WHOLE, WHOLE | {"campaignId": "9"}]
    both = task("update", resource="sp.campaigns", items=items)

    assert judged([both], updated(WHOLE)).numbers == {"compared": 1, "altered": 0}


def test_ad_group_of_an_update_is_not_taken_for_its_campaign():
    group = {"campaignId": "7", "adGroupId": "8", "name": "G"}
    one = task("update", resource="sp.adGroups", items=[group])
    sent = batch("adGroups", group | {"name": "H"})
    update = call("sp.adGroups.update", 1, 207, request=sent, reply=outcomes("adGroups", {0: "8"}))

    assert difference(one, update) == '8 of sp.adGroups has name "H" instead of "G"'


def test_raised_amounts_are_not_compared():
    raised = task("modify", resource="sp.campaigns", **{"raise": {"budget.budget": 1}})

    assert judged([raised], both_read(), updated({"campaignId": "7"})).outcome == "unproven"


PAUSE = {"set": {"state": "PAUSED"}}
PAUSES = task(
    "modify",
    resource="sp.campaigns",
    filter={"campaignIdFilter": {"include": ["7"]}},
    **PAUSE,
)
WANTED = {"campaignIdFilter": {"include": ["7"]}}


def both_read():
    entities = [{"campaignId": one, "state": "ENABLED"} for one in ("7", "8")]
    return call("sp.campaigns.list", 1, request=WANTED, reply={"campaigns": entities[:1]})


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([updated({"campaignId": "7", "state": "PAUSED"})], ""),
        (
            [updated({"campaignId": "7", "state": "ARCHIVED"})],
            '7 of sp.campaigns has state "ARCHIVED" instead of "PAUSED"',
        ),
        (
            [updated(*({"campaignId": one, "state": "PAUSED"} for one in ("7", "8")))],
            "8 of sp.campaigns was changed, and no task names it",
        ),
    ],
)
def test_modification_changes_what_its_filter_names(rows, found):
    assert difference(PAUSES, both_read(), *rows) == found


def test_modification_without_ids_may_change_any_entity():
    everything = task("modify", resource="sp.campaigns", **PAUSE)

    assert difference(everything, both_read(), updated({"campaignId": "7", **PAUSE["set"]})) == ""


def test_value_that_was_read_may_be_written_again():
    other = {"campaignId": "8", "name": "Other", "state": "ENABLED"}

    assert difference(UPDATE, listed(other), updated(WHOLE, other)) == ""
    assert difference(UPDATE, updated(WHOLE, other)).startswith("8 of sp.campaigns was changed")


def archived(*ids, profile="11"):
    rows = [{"index": place, "campaignId": one} for place, one in enumerate(ids)]
    return call(
        "sp.campaigns.archive",
        2,
        207,
        profileId=profile,
        request={"campaignIdFilter": {"include": list(ids)}},
        reply={"campaigns": {"success": rows, "error": []}},
    )


ARCHIVES = task("archive", resource="sp.campaigns", ids=["7"])
STRANGE = "8 of sp.campaigns was archived, and no task names it"


@pytest.mark.parametrize(
    ("one", "rows", "found"),
    [
        (ARCHIVES, [archived("7", "8")], STRANGE),
        (UPDATE, [updated(WHOLE), archived("8")], STRANGE),
        (
            PAUSES,
            [updated({"campaignId": "7", "state": "PAUSED"}), archived("7")],
            STRANGE.replace("8", "7"),
        ),
        (
            task("modify", resource="sp.campaigns", set={"state": "ARCHIVED"}),
            [updated({"campaignId": "7", "state": "ARCHIVED"}), archived("8")],
            "",
        ),
    ],
)
def test_entity_that_no_task_names_is_not_archived(one, rows, found):
    shown = [listed({"campaignId": "7", "state": "ENABLED"})] if one["verb"] == "modify" else []

    assert difference(one, *shown, *rows) == found


def test_evidence_has_the_call_that_no_task_asks_for():
    found = judged([ARCHIVES], listed(), archived("7", "8"))

    assert [each.seq for each in found.rows] == [2]


def test_program_may_archive_what_it_created():
    reply = outcomes("campaigns", {0: "8"})
    made = call(
        "sp.campaigns.create", 1, 207, request=batch("campaigns", {"name": "X"}), reply=reply
    )

    assert judged([ARCHIVES], made, archived("7", "8")).outcome == "unproven"
    own = {"11": {"sp.campaigns": [{"name": "X", "campaignId": "8"}]}}
    assert judged([ARCHIVES], archived("7", "8"), created=own).outcome == "unproven"


ADVICE = task("apply_recommendations", campaignIds=["7"])


@pytest.mark.parametrize(
    ("verb", "outcome"), [("apply_recommendations", "unproven"), ("raise_budgets", "unproven")]
)
def test_budgets_of_other_verbs_may_be_written(verb, outcome):
    one = task(verb, campaignIds=["7"], percent=80, amount=1, queueUrl="q")

    assert judged([one], updated({"campaignId": "7", "budget": {"budget": 1}})).outcome == outcome


def test_recommended_budget_of_another_campaign_may_not():
    write = updated({"campaignId": "8", "budget": {"budget": 1}})

    assert judged([ADVICE], write).outcome == "broken"


def test_nothing_to_compare_is_said():
    assert judged([TREE]).sentence == "the journal shows no work whose values the tasks give"


def test_program_with_its_own_work_has_no_values_to_compare():
    assert judged([]).outcome == "unproven"
    assert judged([TREE], numbers={}, **stored(matchType="BROAD")).outcome == "unproven"


def test_update_of_another_profile_is_judged_by_its_own_tasks():
    assert judged([ARCHIVES], archived("7", profile="12")).outcome == "broken"
    assert judged([ARCHIVES], archived("7")).outcome == "unproven"


@pytest.mark.parametrize(
    ("wanted", "shown", "same"),
    [
        (1, 1.0, True),
        ("7", 7, True),
        (None, None, True),
        ("None", None, False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({"a": 1}, 1, False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        ([1], [1, 2], False),
        ([1], 1, False),
    ],
)
def test_value_agrees_when_it_has_all_that_is_wanted(wanted, shown, same):
    assert agrees(wanted, shown) is same
