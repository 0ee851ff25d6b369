"""Equal calls of several users: the journal of a load tool has no tasks to separate them."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite import invariants
from adsmock.harness.suite.case import load
from tests.unit.harness.suite.journal_rows import call, record

READ = "sp.campaigns.list"


def judged(check: str, *rows, tasks=()):
    found = replace(record("T01", *rows), case="load-tool", tasks=tasks)
    verdicts = invariants.judge_invariants([found], load())
    return next(one for case in verdicts for one in case.verdicts if one.check == check)


def turns(gap: float, *, users: int = 2, rounds: int = 3, retry_after: str = "3"):
    """Return equal throttled calls of users who take turns, each on its own connection."""
    rows = []
    for place in range(users * rounds):
        throttled = {"retryAfter": retry_after, "connection": place % users + 1}
        rows.append(call(READ, place * gap / users, 429, **throttled))
    return rows


def test_call_of_another_user_within_retry_after_is_no_early_retry():
    assert judged("I05.early", *turns(3.2)).status == "PASS"


def test_user_who_returns_early_is_seen_among_others():
    assert judged("I05.early", *turns(2.5)).status == "FAIL"


def test_work_of_tasks_is_never_split_by_connection():
    task = {"verb": "list", "args": {"resource": "sp.campaigns", "profile": "11"}}

    assert judged("I05.early", *turns(3.2), tasks=(task,)).status == "FAIL"


def test_retry_on_a_new_connection_is_the_same_users():
    first = call(READ, 0, 429, retryAfter="3", connection=1)

    assert judged("I05.early", first, call(READ, 1, connection=2)).status == "FAIL"
    late = call(READ, 5, connection=1)
    assert judged("I05.early", first, call(READ, 1, connection=2), late).status == "FAIL"


def test_one_connection_after_the_other_is_one_user():
    rows = [
        call(READ, at, 429, retryAfter="3", connection=number)
        for at, number in ((0, 1), (4, 1), (5, 2), (9, 2))
    ]

    assert judged("I05.early", *rows).status == "FAIL"


@pytest.mark.parametrize(("rounds", "status"), [(25, "PASS"), (26, "FAIL")])
def test_attempts_are_counted_for_each_user(rounds, status):
    rows = turns(4.0, users=3, rounds=rounds)

    assert judged("I06.bounded", *rows).status == status


def test_refused_call_of_two_users_is_sent_once_by_each():
    once = [
        call(READ, 0, connection=1),
        call(READ, 1, connection=2),
        call(READ, 2, 400, connection=1),
        call(READ, 3, 400, connection=2),
        call("sp.keywords.list", 4, connection=1),
    ]
    assert judged("I04.once", *once).status == "PASS"
    again = call(READ, 5, 400, connection=2)
    assert judged("I04.once", *once, again).status == "FAIL"
