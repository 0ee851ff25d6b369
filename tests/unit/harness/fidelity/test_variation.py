"""A switch covers the difference that it makes, and no other."""

import pytest

from adsmock.harness.fidelity import Difference
from adsmock.harness.fidelity.variation import with_switch

VENDOR = "application/vnd.spcampaign.v3+json"


@pytest.mark.parametrize(
    ("aspect", "member", "service", "mock", "switch"),
    [
        ("media-type", "", "application/json", VENDOR, "choices.gateway"),
        ("media-type", "", VENDOR, "application/json", "choices.gateway"),
        ("media-type", "", "text/plain", VENDOR, ""),
        ("media-type", "", VENDOR.replace("v3", "v5"), VENDOR, ""),
        ("header", "x-amz-rid", "present", "absent", "choices.gateway"),
        ("header", "x-amzn-requestid", "absent", "present", ""),
        ("header", "retry-after", "absent", "present", "retryAfter"),
        ("format", "nextToken", "url", "text", "choices.page.token"),
        ("type", "campaigns/*/name", "number", "string", ""),
    ],
)
def test_a_switch_covers_its_own_difference(aspect, member, service, mock, switch) -> None:
    found = Difference("sp.campaigns.list", aspect, member, service, mock, ())

    assert with_switch(found).switch == switch


@pytest.mark.parametrize(("state", "switch"), [("PROCESSING", "choices.export.working"), ("X", "")])
def test_only_states_of_unfinished_exports_are_covered(state, switch) -> None:
    found = Difference("exports.get", "enum", "status", state, "knows COMPLETED", ())

    assert with_switch(found).switch == switch


def test_a_duplicate_report_is_covered_where_the_request_asked_for_it() -> None:
    found = Difference("reporting.create", "status", "", "200", "425", ())

    assert with_switch(found, "duplicate").switch == "choices.report.duplicates"
    assert with_switch(found, "invalid").switch == ""
