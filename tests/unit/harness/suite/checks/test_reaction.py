"""What a client did after an answer: other work counts, a list of profiles does not."""

import pytest

from adsmock.harness.suite.checks.reaction import goes_on_after, goes_on_elsewhere
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.journal_rows import call, record

LIST, CREATE, PROFILES = "sp.campaigns.list", "sp.campaigns.create", "profiles.list"


@pytest.mark.parametrize(
    ("later", "after", "elsewhere"),
    [
        ([], False, False),
        ([call(LIST, 2, chain="a")], False, False),
        ([call(LIST, 2, chain="b")], True, False),
        ([call(CREATE, 2, chain="b")], True, True),
        ([call(PROFILES, 2, chain="b", profileId=None)], False, False),
    ],
)
def test_client_goes_on_with_other_work(later, after, elsewhere):
    view = CaseView.of(record("T01", call(LIST, 1, 429, chain="a"), *later))

    assert goes_on_after(view, view.api[0]) is after
    assert goes_on_elsewhere(view, view.api[0]) is elsewhere
