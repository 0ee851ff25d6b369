"""A region whose profiles cannot be listed: taken for an empty one, or worked on all the same."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.region import failed_region_is_reported
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import call, met, record

EU_WORK = {"region": "EU", "profileId": "22"}
KNOWN = "the client worked with a profile of EU that it knew"


def finding(*work, status=503, is_free=True, **ending):
    fault = met("not-available")
    failed = call("profiles.list", 2, status, region="EU", profileId=None, fault=fault)
    found = record("G06", failed, *work, ending=Ending(**({"exit_code": 0} | ending)))
    numbers = {} if is_free else None
    return failed_region_is_reported(CaseView.of(replace(found, numbers=numbers)), "not-available")


def test_program_that_knows_the_profiles_works_on_in_the_region():
    found = finding(call("sp.campaigns.list", 3, **EU_WORK))

    assert (found.outcome, found.sentence) == (
        "holds",
        f"the list of profiles in EU failed, and {KNOWN}",
    )
    assert [each.note for each in found.rows] == ["failed", "work in this region"]


@pytest.mark.parametrize(
    "work",
    [
        (),
        (call("sp.campaigns.list", 3),),
        (call("sp.campaigns.list", 3, 503, **EU_WORK),),
    ],
    ids=["none", "elsewhere", "failed"],
)
def test_program_without_work_in_the_region_takes_it_for_an_empty_one(work):
    assert finding(*work).sentence == (
        "the list of profiles in EU failed, yet the client ended with exit code 0: "
        "it takes EU for a region without profiles"
    )


def test_task_names_its_profile_so_that_work_in_the_region_shows_nothing():
    assert finding(call("sp.campaigns.list", 3, **EU_WORK), is_free=False).outcome == "broken"


@pytest.mark.parametrize(
    ("status", "word"), [(399, "failed"), (403, "was refused"), (503, "failed")]
)
def test_refusal_and_failure_have_different_words(status, word):
    found = finding(status=status)

    assert f"the list of profiles in EU {word}, yet" in found.sentence
    assert [each.note for each in found.rows] == [word.removeprefix("was ")]


@pytest.mark.parametrize("ending", [{"exit_code": 1}, {"error": "no profiles"}])
def test_reported_failure_is_none_of_the_region(ending):
    assert "reports a failure" in finding(**ending).sentence


@pytest.mark.parametrize(
    ("status", "outcome"), [("done", "broken"), ("partial", "holds"), ("failed", "holds")]
)
def test_claim_about_the_list_counts(status, outcome):
    claims = ({"task": 0, "verb": "list_profiles", "status": status},)
    found = finding(is_free=False, exit_code=None, claims=claims)

    assert found.outcome == outcome
    assert ("reports the list as done" in found.sentence) is (outcome == "broken")


def test_client_without_claims_and_exit_code_reports_nothing():
    claims = ({"task": 0, "verb": "list", "status": "done"},)

    assert finding(is_free=False, exit_code=None, claims=claims).outcome == "unproven"
    assert finding(exit_code=0, timed_out=True).outcome == "unproven"
