"""An emptied page shows something only if it has a token."""

import pytest

from tests.unit.harness.suite.journal_rows import met, record
from tests.unit.harness.suite.sample_paging import page
from tests.unit.harness.suite.test_samples import verdict_of

EMPTIED = met("empty-page", "patch")


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

    assert found.status == status
    assert ("had no token" in found.sentence) is (status == "UNPROVEN")
