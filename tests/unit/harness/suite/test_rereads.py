"""Calls that are made again for other work are no repetitions."""

import pytest
from msgspec.structs import replace

from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_data import listed
from tests.unit.harness.suite.sample_paging import FILTER, page
from tests.unit.harness.suite.sample_write import REFUSED
from tests.unit.harness.suite.samples import SAMPLES
from tests.unit.harness.suite.test_samples import verdict_of

READ, WRITE = "sp.campaigns.list", "sp.campaigns.create"


def refused_work():
    """Return the calls of E02, each refused once."""
    return [
        call(operation, at, int(fault[-3:]), fault=met(fault))
        for at, (operation, fault) in enumerate(REFUSED.items())
    ]


def again(at, operation):
    return call(operation, at, int(REFUSED[operation][-3:]), fault=met(REFUSED[operation]))


def test_refused_list_that_is_read_again_before_another_write_is_not_a_repetition():
    rows = refused_work()
    reads = [again(4.5, READ), again(4.6, "sp.adGroups.list")]

    assert verdict_of("E02.once", record("E02", *rows[:5], *reads, *rows[5:])).status == "PASS"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([again(4.4, READ), again(4.5, READ)], "sp.campaigns.list got 400"),
        ([again(4.4, READ), call("sp.adGroups.update", 4.5), again(4.6, READ)], ""),
    ],
    ids=["twice-before-a-write", "once-before-each-write"],
)
def test_list_may_be_read_once_for_each_write(rows, words):
    work = refused_work()
    found = verdict_of("E02.once", record("E02", *work[:5], *rows, *work[5:]))

    assert (found.status, words in found.sentence) == ("FAIL" if words else "PASS", True)


def test_refused_write_may_not_come_again_whatever_is_read_before_it():
    rows = refused_work()
    more = [again(20, READ), again(21, WRITE)]

    assert verdict_of("E02.once", record("E02", *rows, *more)).status == "FAIL"


def test_client_that_lists_before_its_write_does_not_repeat_a_retired_version():
    listed = [call(READ, at, 404) for at in (0, 1)]
    rows = [*listed, call(WRITE, 2, 404)]

    assert verdict_of("V01.stops", record("V01", *rows)).status == "PASS"
    assert verdict_of("V01.stops", record("V01", *rows, call(READ, 3, 404))).status == "FAIL"


def outage(rereads):
    """Return the work of E08: forty lists, one of which fails, and a list of all before each."""
    rows = [call(READ, 0, 503, chain="s0", fault=met("dark")) for _ in range(4)]
    for n in range(40):
        rows += [call(READ, 1 + n, chain="all")] if rereads else []
        request = {"nameFilter": {"include": [f"Steady {n}"]}}
        rows.append(call(READ, 1.5 + n, chain=f"s{n}", request=request))
    return rows


@pytest.mark.parametrize("rereads", [True, False])
def test_list_that_is_read_again_after_success_is_new_work(rereads):
    assert verdict_of("E08.once", record("E08", *outage(rereads))).status == "PASS"


def test_list_that_is_read_again_because_a_later_page_failed_is_a_repetition():
    pages = []
    for n in range(12):
        pages += [
            page(10 * n, None, "a", fault=None),
            page(10 * n + 1, "a", None, status=503, reply={}, fault=met("dark")),
        ]
    rows = [*pages, *(call(READ, 200 + n, chain=f"s{n}") for n in range(40))]

    assert verdict_of("E08.once", record("E08", *rows)).status == "WARN"


def test_token_of_a_list_with_other_filters_is_not_called_altered():
    first, later = page(1, None, "a", body=FILTER), page(2, "a", None)
    found = verdict_of("P06.bytes", record("P06", first, later))

    assert found.status == "FAIL"
    assert 'the token of another list, so its profile or filters were changed: "a"' in (
        found.sentence
    )


def test_amount_is_compared_with_what_was_read_before_it():
    found = SAMPLES["D03.amounts"]["PASS"]
    raised = {"campaignId": "9", "budget": {"budget": 1050, "budgetType": "DAILY"}}
    later = listed(9, raised, region="FE") | {"seq": 99}

    more = replace(found, rows=(*found.rows, later), entries=found.entries + 1)

    assert verdict_of("D03.amounts", more).status == "PASS"
