"""Schedules: what is due on the sandbox's clock is executed, once."""

import pytest

from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY, account

DAY = 86_400
DAILY = {
    "scheduleId": "s",
    "workflowId": "w",
    "aggregationPeriod": "Daily",
    "aggregationHourUtc": 10,
    "scheduleEnabled": True,
}


@pytest.fixture
def cloud():
    """An account at noon of Friday, 2026-07-10, in UTC."""
    made = account()
    made.ok("POST", "workflows", {"workflowId": "w", "sqlQuery": QUERY})
    return made


def runs(cloud):
    rows = cloud.ok("GET", "workflowExecutions?workflowId=w&sortAscending=true")["executions"]
    return [(row["timeWindowStart"][:13], row["timeWindowEnd"][:13]) for row in rows]


def create(cloud, **changes):
    assert cloud.ok("POST", "schedules", DAILY | changes) == {}


def test_a_daily_schedule_reads_each_day_once(cloud):
    create(cloud)
    cloud.server.sandbox.clock.advance(2 * DAY)
    expected = [("2026-07-10T10", "2026-07-11T10"), ("2026-07-11T10", "2026-07-12T10")]
    assert runs(cloud) == expected
    assert runs(cloud) == expected


def test_a_weekly_schedule_runs_on_its_day(cloud):
    create(cloud, aggregationPeriod="Weekly", aggregationStartDay="Tuesday")
    cloud.server.sandbox.clock.advance(14 * DAY)
    assert runs(cloud) == [("2026-07-07T10", "2026-07-14T10"), ("2026-07-14T10", "2026-07-21T10")]


def test_a_weekly_schedule_without_a_day_runs_on_the_day_of_its_creation(cloud):
    create(cloud, aggregationPeriod="Weekly")
    assert cloud.ok("GET", "schedules/s")["schedule"]["aggregationStartDay"] == "Friday"
    cloud.server.sandbox.clock.advance(7 * DAY)
    assert runs(cloud) == [("2026-07-10T10", "2026-07-17T10")]


def test_a_run_waits_until_its_data_have_arrived(cloud):
    create(cloud)
    cloud.server.sandbox.clock.advance(3 * DAY)
    rows = cloud.ok("GET", "workflowExecutions?workflowId=w&sortAscending=true")["executions"]
    assert [row["status"] for row in rows] == ["SUCCEEDED", "PENDING", "PENDING"]
    assert rows[0]["executionCategory"] == "SCHEDULED"
    content = cloud.files(rows[0])[0].decode()
    assert len(content.splitlines()) > 1


def test_disabled_and_deleted_schedules_start_nothing(cloud):
    create(cloud, scheduleEnabled=False)
    cloud.server.sandbox.clock.advance(2 * DAY)
    assert runs(cloud) == []
    cloud.ok("PUT", "schedules/s", DAILY)
    cloud.server.sandbox.clock.advance(DAY)
    assert cloud.ok("DELETE", "schedules/s") == {}
    cloud.server.sandbox.clock.advance(DAY)
    assert runs(cloud) == [("2026-07-12T10", "2026-07-13T10")]
    cloud.refused(404, "GET", "schedules/s")
    assert cloud.ok("GET", "schedules")["schedules"] == []


def test_a_deleted_workflow_is_not_run(cloud):
    create(cloud)
    cloud.ok("DELETE", "workflows/w")
    cloud.server.sandbox.clock.advance(2 * DAY)
    assert runs(cloud) == []


def test_a_schedule_is_read_back_as_it_was_written(cloud):
    create(cloud)
    found = cloud.ok("GET", "schedules/s")["schedule"]
    assert found == DAILY | {"aggregationStartDay": "Friday"}
    assert cloud.ok("GET", "schedules")["schedules"] == [found]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"workflowId": "nobody"}, 422),
        ({"aggregationHourUtc": 24}, 422),
        ({"aggregationPeriod": "Hourly"}, 400),
        ({"scheduleId": "two words"}, 400),
    ],
)
def test_invalid_schedules_are_refused(cloud, changes, status):
    cloud.refused(status, "POST", "schedules", DAILY | changes)


def test_a_second_schedule_of_the_same_name_is_refused(cloud):
    create(cloud)
    assert "already exists" in cloud.refused(400, "POST", "schedules", DAILY)


def test_after_a_long_time_the_newest_hundred_runs_are_started(cloud):
    create(cloud)
    cloud.server.sandbox.clock.advance(150 * DAY)
    rows = cloud.ok("GET", "workflowExecutions?minCreationTime=2026-07-01T00:00:00")["executions"]
    assert rows[0]["createTime"] == "2026-12-07T10:00:00Z"
    assert len({row["createTime"] for row in rows}) == len(rows)
