"""Changes that are made twice, and changes of entities that are left alone without faults."""

import pytest

from adsmock.harness.suite.checks.work import work_is_done_once
from adsmock.harness.suite.free_run.achievement import achieved, compared, intent
from adsmock.harness.suite.free_run.excess_changes import usual_changes, with_excess
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.free_run.traffic_samples import played
from tests.unit.harness.suite.journal_rows import call, record

ORIGINAL = 0.6
EARLY = 0.61
LATE = 0.67


def keyword(number, bid):
    return {"keywordId": str(number), "bid": bid}


def write(at, number, bid):
    row = keyword(number, bid)
    body = {"keywords": [row]}
    reply = {"keywords": {"success": [{"index": 0, "keywordId": row["keywordId"]}], "error": []}}
    return call(
        "sp.keywords.update", at, 207, request=body, reply=reply, committed=True, profileId="11"
    )


def read(at, number, bid):
    reply = {"keywords": [keyword(number, bid)]}
    return call("sp.keywords.list", at, 200, request={}, reply=reply, profileId="11")


def a_pass(*rows, **final):
    """Return a pass over keywords 1 to 4; ``final`` gives bids after it, such as ``k1``."""
    before = [keyword(number, ORIGINAL) for number in range(1, 5)]
    after = [keyword(number, final.get(f"k{number}", ORIGINAL)) for number in range(1, 5)]
    return played(
        *rows, before={"11": {"sp.keywords": before}}, after={"11": {"sp.keywords": after}}
    )


CLEAN = a_pass(write(1, 1, EARLY), k1=EARLY)


def judged(faulty, clean=CLEAN, later=CLEAN):
    work = compared(intent(achieved(clean), achieved(later)), achieved(faulty))
    work = with_excess(work, (usual_changes(clean), usual_changes(later)), faulty)
    ending = Ending(exit_code=1)
    rows = faulty.record.rows
    return work_is_done_once(CaseView.of(record("E06", *rows, work=work, ending=ending)))


def twice(last, shown=EARLY):
    return a_pass(write(1, 1, EARLY), read(2, 1, shown), write(3, 1, last), k1=last)


def test_change_that_was_read_and_made_once_more_is_done_twice_at_any_exit_code():
    found = judged(twice(LATE))

    assert found.outcome == "broken"
    assert found.sentence == (
        "sp.keywords.update changed 1 entity as without faults and then once more, for NA.US, such "
        "as \"1 {'bid': 0.61}\", which was then changed to {'bid': 0.67}"
    )


@pytest.mark.parametrize(
    "faulty",
    [
        twice(ORIGINAL),
        twice(EARLY),
        twice(LATE, shown=ORIGINAL),  # read before the first change: another part of the program
        a_pass(write(1, 1, LATE), k1=LATE),
    ],
    ids=["set back", "the same again", "read before", "only another value"],
)
def test_change_that_ends_otherwise_is_not_done_twice(faulty):
    assert judged(faulty).outcome == "holds"


def test_value_that_two_parts_of_a_program_set_is_a_matter_of_order():
    both = a_pass(write(1, 1, LATE), write(2, 1, EARLY), k1=EARLY)

    assert judged(twice(LATE), both, both).outcome == "holds"


def test_value_that_differs_in_the_passes_without_faults_is_not_done_twice():
    other = a_pass(write(1, 1, 0.64), k1=0.64)

    assert judged(twice(LATE), CLEAN, other).outcome == "holds"


def test_changes_of_entities_that_no_clean_pass_changes_fail_at_any_exit_code():
    rows = [write(at, at, EARLY) for at in (1, 2, 3)]
    found = judged(a_pass(*rows, k1=EARLY, k2=EARLY, k3=EARLY))

    assert not found.numbers["moved"]
    assert found.outcome == "broken"
    assert found.sentence == (
        "sp.keywords.update changed 2 entities that no pass without faults changes, for NA.US, "
        "such as \"2 {'bid': 0.61}\""
    )


SET_BACK = a_pass(write(1, 2, LATE), write(2, 2, ORIGINAL), write(3, 1, EARLY), k1=EARLY)


@pytest.mark.parametrize(
    ("faulty", "clean", "later"),
    [
        (SET_BACK, CLEAN, CLEAN),
        (a_pass(write(1, 2, EARLY), k2=EARLY), CLEAN, CLEAN),
        (a_pass(write(1, 1, EARLY), k1=EARLY, k2=LATE), CLEAN, CLEAN),
        (a_pass(write(1, 1, EARLY), write(2, 2, LATE), k1=EARLY, k2=LATE), SET_BACK, SET_BACK),
        (
            a_pass(write(1, 1, EARLY), write(2, 2, EARLY), k1=EARLY, k2=EARLY),
            CLEAN,
            a_pass(write(1, 3, EARLY), k3=EARLY),
        ),
        (a_pass(write(1, 2, EARLY), k2=EARLY), a_pass(), a_pass()),
    ],
    ids=[
        "set back",
        "in place of another",
        "not changed by the program",
        "touched without faults",
        "targets differ by pass",
        "no change without faults",
    ],
)
def test_other_changes_are_not_accused(faulty, clean, later):
    work = with_excess((), (usual_changes(clean), usual_changes(later)), faulty)
    assert not [one for one in work if one.is_doubled]
