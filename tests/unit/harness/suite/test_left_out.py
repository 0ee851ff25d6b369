"""Cases of --cases that the profile does not contain: the run says so."""

from adsmock.harness.command import suite_run
from adsmock.harness.suite.case import load, select
from adsmock.harness.suite.runner import Selection


def left_out(listed, profile):
    names = tuple(suite_run._names(listed))
    return list(suite_run._left_out(listed, Selection(select(load(), profile, names), profile)))


def test_case_outside_the_profile_is_named_with_its_profiles():
    assert left_out("n05, T01", "quick") == ["N05 is not in profile quick: use --profile full"]
    assert left_out("T08", "quick") == ["T08 is not in profile quick: use --profile core, full"]


def test_cases_of_the_profile_are_not_mentioned():
    assert left_out("T01,N05", "full") == []
    assert left_out("", "quick") == []
