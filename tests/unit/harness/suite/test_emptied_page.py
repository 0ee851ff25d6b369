"""An emptied or edited page shows something only if it has a token."""

import pytest

from tests.unit.harness.suite.journal_rows import met, record
from tests.unit.harness.suite.sample_paging import page
from tests.unit.harness.suite.test_samples import verdict_of

EMPTIED, EDITED = met("empty-page", "patch"), met("new-values", "patch")


def as_edited(row):
    """Return a page with the fault of V04 instead of that of P03."""
    return row | {"fault": EDITED if row["fault"] else None}


@pytest.mark.parametrize(
    ("pages", "status"),
    [
        ((page(1, None, "a", fault=EMPTIED), page(2, "a", None)), "PASS"),
        ((page(1, None, "a"), page(2, "a", None, fault=EMPTIED)), "UNPROVEN"),
        ((page(1, None, "a", fault=EMPTIED),), "WARN"),
    ],
    ids=["first", "last", "stopped"],
)
def test_page_that_is_emptied_must_have_a_token(pages, status):
    found = verdict_of("P03.continues", record("P03", *pages))
    edited = verdict_of("V04.reads-on", record("V04", *map(as_edited, pages)))

    assert (found.status, edited.status) == (status, {"WARN": "FAIL"}.get(status, status))
    for one in (found, edited):
        assert ("had no token" in one.sentence) is (status == "UNPROVEN")


def test_stopped_list_is_quoted_by_its_own_last_page():
    stopped = as_edited(page(1, None, "a", fault=EMPTIED))
    other = page(2, None, None, body={"stateFilter": {"include": ["PAUSED"]}})

    assert verdict_of("V04.reads-on", record("V04", stopped, other)).rows[0].seq == 1
