"""Pages that are kept: the same answer until the table changes, and never much of it."""

from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.page_cache import MOST_ROWS, PageCache
from tests.unit.mockserver.services.sandbox_fixture import SandboxFixture, campaign


def test_what_was_kept_is_found_until_something_changes():
    pages = PageCache()
    pages.keep("first", "a page", 10)
    pages.keep("empty", "no rows", 0)
    found = [pages.get(asked) for asked in ("first", "empty", "second")]
    assert found == ["a page", "no rows", None]
    pages.forget()
    assert (pages.get("first"), pages.get("empty")) == (None, None)


def test_a_large_page_is_not_kept_and_drives_no_other_out():
    pages = PageCache()
    pages.keep("small", "s", 10)
    pages.keep("large", "l", MOST_ROWS)
    assert (pages.get("small"), pages.get("large")) == ("s", None)


@given(st.lists(st.integers(0, MOST_ROWS), max_size=200))
def test_all_pages_together_never_take_more_than_they_may(sizes):
    pages = PageCache()
    for number, size in enumerate(sizes):
        pages.keep(number, size, size)
    kept = [number for number in range(len(sizes)) if pages.get(number) is not None]
    assert sum(sizes[number] + 1 for number in kept) <= MOST_ROWS


def test_a_list_that_was_asked_before_shows_what_has_changed_since():
    fixture = SandboxFixture()
    bodies = [
        {},
        {"maxResults": 1},
        {"stateFilter": {"include": ["ENABLED"]}},
        {"nameFilter": {"include": ["new"]}},
        {"includeExtendedDataFields": True},
    ]

    def shown():
        return [[row["name"] for row in fixture.rows("sp.campaigns", body)] for body in bodies]

    assert shown() == [[], [], [], [], []]
    first, second = fixture.create("sp.campaigns", [campaign("old"), campaign("b")])
    for _ in range(2):
        assert shown() == [["old", "b"], ["old", "b"], ["old", "b"], [], ["old", "b"]]
    fixture.update("sp.campaigns", [{"campaignId": first.id, "name": "new"}])
    assert shown() == [["new", "b"], ["new", "b"], ["new", "b"], ["new"], ["new", "b"]]
    fixture.archive("sp.campaigns", [second.id])
    assert shown()[2] == ["new"]
    (third,) = fixture.create("sp.campaigns", [campaign("c")])
    assert shown()[1] == ["new", "b", "c"]
    fixture.update("sp.campaigns", [{"campaignId": third.id, "state": "PAUSED"}])
    assert shown()[2] == ["new"]


def test_the_same_question_is_answered_with_the_same_page_and_another_with_another():
    fixture = SandboxFixture()
    fixture.create("sp.campaigns", [campaign(str(number)) for number in range(3)])
    first = fixture.listing("sp.campaigns", {"maxResults": 2})
    assert fixture.listing("sp.campaigns", {"maxResults": 2}) is first
    assert fixture.listing("sp.campaigns", {"maxResults": 1}) is not first
    rest = fixture.listing("sp.campaigns", {"maxResults": 2, "nextToken": first.token})
    assert len(rest.bodies) == 1
