"""A fault on a page shows something only where the program reads on."""

from dataclasses import replace

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.free_run.placement import alone, plan
from adsmock.harness.suite.free_run.traffic import Traffic, observe
from tests.unit.harness.suite.free_run.traffic_samples import played, slot
from tests.unit.harness.suite.journal_rows import call

LIST = "sp.campaigns.list"


def page(at, token, following, size=1000, **more):
    request = {"maxResults": size} | ({"nextToken": token} if token else {})
    reply = {"campaigns": []} | ({"nextToken": following} if following else {})
    return call(LIST, at, chain=f"{size} {token}", request=request, reply=reply, **more)


def continued(*pages):
    (found,) = observe(played(*pages)).slots
    return found.continued


def test_page_is_continued_when_a_later_call_sends_its_token():
    assert continued(page(0, None, "a"), page(1, "a", "b"), page(2, "b", None)) == (0, 1)
    assert continued(page(0, None, "a"), page(1, "a", "b")) == (0,)
    assert continued(page(0, None, "a")) == ()


def test_page_that_was_only_looked_at_is_not_continued():
    assert continued(page(0, None, "x", 1), page(1, None, "a"), page(2, "a", None)) == (1,)
    assert continued(page(0, None, "a"), page(1, None, "a"), page(2, "a", None)) == (1,)


def test_token_of_a_page_that_was_too_long_for_the_journal_counts():
    long = page(0, None, None) | {"reply": None, "nextToken": "a"}
    assert continued(long, page(1, "a", None)) == (0,)


def test_request_that_is_no_object_continues_nothing():
    assert continued(page(0, None, "a") | {"request": ["nextToken"]}) == ()


def placed_on(name, place, pages, at):
    one = replace(slot(LIST, "NA.US", pages), continued=at)
    traffic = Traffic((one,), 1, has_tree=False)
    case = load()[name]
    round_ = plan([case], traffic)[0] if place is plan else alone(case, traffic)
    return round_.placed[0].faults[0]


@pytest.mark.parametrize("place", [plan, alone])
@pytest.mark.parametrize(
    ("name", "pages", "at", "skip"),
    [
        ("V04", 2, (0,), 0),
        ("V04", 3, (1,), 1),
        ("P03", 2, (0,), 0),
        ("P03", 3, (1,), 1),
        ("P03", 4, (0, 2), 2),
        ("P03", 4, (0, 1, 2), 1),
    ],
)
def test_fault_is_on_a_page_that_the_program_continued(name, place, pages, at, skip):
    rule = placed_on(name, place, pages, at)

    assert rule.when == {"skip": skip, "times": 1}
    assert "body" not in rule.match
    assert rule.match["profileId"] == {"$profile": "NA.US"}


def test_other_faults_of_pages_stay_where_they_are():
    assert placed_on("P02", plan, 4, (0,)).when["skip"] == 2
    assert "body" in placed_on("V04", plan, 4, ()).match
