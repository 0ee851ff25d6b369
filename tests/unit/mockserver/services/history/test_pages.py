"""The change history's pages, by token and by number, and what falls out."""

from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.change_log import MOST_CHANGES
from tests.unit.mockserver.fixtures import campaign, value
from tests.unit.mockserver.services.history.changes import (
    DAY,
    MS,
    NOW,
    ask,
    change,
    create_server,
    events_of,
    made,
    write,
)


def busy(changes):
    own = create_server()
    mine = [made(own, f"C{number}") for number in range(3)]
    for number, (which, seconds) in enumerate(changes):
        own.sandbox.clock.advance(seconds)
        change(
            own,
            mine[which],
            name=f"N{number}",
            budget={"budget": 20.0 + number, "budgetType": "DAILY"},
        )
    return own


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=24, max_size=40),
    st.sampled_from(["ASC", "DESC"]),
)
def test_pages_by_token_and_by_number_are_the_whole(changes, direction):
    own = busy(changes)
    sort = {"key": "DATE", "direction": direction}
    until = NOW + DAY * MS
    whole = events_of(own, count=200, sort=sort, toDate=until)
    assert len(whole) == min(200, 3 + 2 * len(changes))

    by_token, token = [], {}
    while True:
        page = value(ask(own, count=50, sort=sort, toDate=until, **token))
        assert len(page["events"]) <= 50
        by_token += page["events"]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    by_number, number = [], 0
    while number == 0 or number <= page["maxPageNumber"]:
        page = value(ask(own, count=50, sort=sort, toDate=until, pageOffset=number))
        by_number, number = by_number + page["events"], number + 1

    times = [row["timestamp"] for row in by_token]
    assert times == sorted(times, reverse=direction == "DESC")
    assert by_token == by_number == whole
    assert page["totalRecords"] == page["totalResults"] == len(whole)


def test_a_page_goes_on_where_it_was_though_changes_come_in_between():
    own = busy([(number % 3, 1) for number in range(40)])
    until = NOW + DAY * MS
    whole = events_of(own, toDate=until, count=200, sort={"direction": "DESC"})
    first = value(ask(own, toDate=until, count=50))
    own.sandbox.clock.advance(1)
    made(own, "Late")
    second = value(ask(own, toDate=until, count=50, nextToken=first["nextToken"]))
    assert first["events"] + second["events"] == whole
    strange = ask(own, toDate=until + 1, count=50, nextToken=first["nextToken"])
    assert strange.status == 400


def test_only_the_newest_changes_are_remembered():
    own = create_server()
    items = [campaign(f"C{number}") for number in range(1000)]
    rows = write(own, "/sp/campaigns", items)
    named = [{"campaignId": row["campaignId"]} for row in rows]
    for turn in range(MOST_CHANGES // 1000):
        state = "PAUSED" if turn % 2 == 0 else "ENABLED"
        write(own, "/sp/campaigns", [each | {"state": state} for each in named], "PUT")
    assert len(own.sandbox.store.changes(own.profile().id)) == MOST_CHANGES
    answer = value(ask(own, pageOffset=0))
    assert answer["totalRecords"] == MOST_CHANGES
    assert {row["changeType"] for row in answer["events"]} == {"STATUS"}
