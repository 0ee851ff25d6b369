"""What a program intends, as its calls show it."""

import pytest

from adsmock.harness.suite.free_run.intended_tasks import intended_tasks
from tests.unit.harness.suite.free_run.traffic_samples import PROFILES, played
from tests.unit.harness.suite.journal_rows import call

MINE, OTHER = PROFILES["NA.US"], PROFILES["EU.UK"]
BODY = {
    "startDate": "2026-06-01",
    "endDate": "2026-06-02",
    "configuration": {"reportTypeId": "spCampaigns"},
}


def report(profile=MINE):
    return call("reporting.create", 1, profileId=profile, request=BODY, chain=profile)


def poll(profile=MINE):
    return call("reporting.get", 2, profileId=profile)


@pytest.mark.parametrize(
    ("rows", "profiles"),
    [
        ((report(), poll()), [MINE]),
        ((report(),), []),
        ((report(), report(OTHER), poll(OTHER)), [OTHER]),
    ],
    ids=["polled", "left to a later run", "polled for one profile"],
)
def test_file_of_a_report_is_intended_if_the_program_polls_it(rows, profiles):
    clean = played(*rows)
    tasks = intended_tasks(clean, clean)

    assert [task["args"]["profile"] for task in tasks if task["verb"] == "report"] == profiles


def test_list_is_intended_however_often_it_is_read():
    clean = played(*(call("sp.campaigns.list", at, profileId=MINE) for at in (1, 2)))

    assert [task["verb"] for task in intended_tasks(clean, clean)] == ["list"]
