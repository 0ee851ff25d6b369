"""Batches item by item: what was sent, what came back, what the program did then."""

import pytest

from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.items import CALLS_SHOWN, ITEMS_SHOWN, batches
from tests.unit.harness.suite.report.html.unpacked import charts, opened

NOBODY = frozenset()


@pytest.fixture
def write(entry):
    """Make a batch call of named campaigns, of which some fail."""

    def make(seq, names, failed=(), *, error="throttledError", budget=10, **more):
        success = [
            {"index": at, "campaignId": str(at)}
            for at, name in enumerate(names)
            if name not in failed
        ]
        rows = [
            {"index": at, "errors": [{"errorType": error}]}
            for at, name in enumerate(names)
            if name in failed
        ]
        call = {
            "status": 207,
            "route": "/sp/campaigns",
            "operation": "sp.campaigns.create",
            "request": {"campaigns": [{"name": name, "budget": budget} for name in names]},
            "reply": {"campaigns": {"success": success, "error": rows}},
        }
        return entry(seq, float(seq), **{**call, **more})

    return make


def described(view):
    return {item.name: ([each.word for each in item.results], item.then) for item in view.items}


def test_a_compliant_program_sends_the_failed_item_again(write):
    (view,) = batches([write(1, "abc", "b"), write(2, "b")], NOBODY)
    assert view.calls == ((1, "207"), (2, "207"))
    assert described(view) == {
        "a": (["success", ""], "not sent again"),
        "b": (["throttledError", "success"], "sent again in #2: succeeded"),
        "c": (["success", ""], "not sent again"),
    }


def test_an_item_that_is_sent_again_after_its_success_is_named(write):
    calls = [write(1, "ab", "b"), write(2, "ab", "a", error="duplicateValueError")]
    (view,) = batches(calls, NOBODY)
    assert described(view)["a"] == (
        ["success", "duplicateValueError"],
        "sent again in #2, although it had succeeded",
    )
    assert described(view)["b"][1] == "sent again in #2: succeeded"


def test_an_item_that_is_dropped_is_left_undone(write):
    (view,) = batches([write(1, "ab", "b"), write(2, "c")], NOBODY)
    assert described(view)["b"] == (["throttledError"], "left undone: not sent again")


def test_an_item_that_fails_each_time_says_how_often_it_was_sent(write):
    (view,) = batches([write(1, "a", "a"), write(2, "a", "a"), write(3, "a", "a")], NOBODY)
    assert described(view)["a"][1] == "sent again in #2 and once more: failed again"


def test_a_changed_item_names_the_members_that_changed(write):
    (view,) = batches([write(1, "a", "a"), write(2, "a", budget=20)], NOBODY)
    assert described(view)["a"][1] == "sent again in #2: succeeded; changed: budget"


def test_a_lost_answer_is_shown_with_its_items(write):
    lost = {"status": 0, "ended": "reset", "reply": None}
    (view,) = batches([write(1, "a", **lost), write(2, "a")], NOBODY)
    assert described(view)["a"] == (["reset", "success"], "sent again in #2: succeeded")


def test_items_of_other_profiles_and_operations_are_other_work(write):
    calls = [
        write(1, "a", "a"),
        write(2, "a", profileId="27"),
        write(3, "a", operation="sp.campaigns.update"),
    ]
    (view,) = batches(calls, NOBODY)
    assert view.calls == ((1, "207"),)


def test_batches_that_succeeded_or_were_refused_whole_have_no_table(write):
    assert (
        batches([write(1, "ab"), write(2, "cd", status=429, reply={"code": "429"})], NOBODY) == ()
    )


def test_long_batches_keep_the_items_that_failed_and_count_the_rest(write):
    names = [f"item {at}" for at in range(40)]
    calls = [
        write(1, names, names[-1:]),
        *(write(2 + at, names[-1:], names[-1:]) for at in range(8)),
    ]
    (view,) = batches(calls, NOBODY)
    assert len(view.items) == ITEMS_SHOWN
    assert view.items[-1].name == "item 39"
    assert view.more_items == 40 - ITEMS_SHOWN
    assert (len(view.calls), view.more_calls) == (CALLS_SHOWN, 9 - CALLS_SHOWN)


def test_evidence_comes_first(write):
    calls = [write(1, "a", "a"), write(2, "b", "b", profileId="27")]
    assert batches(calls, frozenset({2}))[0].calls == ((2, "207"),)


@pytest.mark.parametrize(
    "request_", [{"campaigns": [{"name": ["a"]}]}, {"campaigns": [3]}, [1], "x"]
)
@pytest.mark.parametrize(
    "reply", [{"campaigns": {"error": [{"index": []}]}}, {"campaigns": 3}, None]
)
def test_bodies_of_any_form_are_no_error(write, request_, reply):
    batches([write(1, "a", request=request_, reply=reply)], NOBODY)


def test_the_page_shows_the_table_of_a_failed_check_without_a_script(write, run, case, check):
    rows = [{"seq": seq, "note": "x", "allowedFrom": None} for seq in (1, 2)]
    calls = [write(1, "ab", "b"), write(2, "ab")]
    failed = case("T01", "FAIL", [check("T01.a", "FAIL", "sent twice", rows=rows)])
    text = render(run([failed]), calls)
    assert "although it had succeeded" in text
    passed = render(run([case("T01", "PASS", [check("T01.a", "PASS", "fine")])]), calls)
    assert "although it had succeeded" not in passed
    assert "although it had succeeded" in charts(passed)["T01"]
    assert opened(text).count("Item by item") == opened(passed).count("Item by item") == 1
