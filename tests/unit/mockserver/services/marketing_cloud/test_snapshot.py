"""What outlives a snapshot and a restart: workflows, schedules, executions with their files."""

import orjson

from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.services.marketing_cloud.start import SECONDS
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from tests.unit.mockserver.services.durable import fixtures
from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY, Cloud, account

SCHEDULE = {"scheduleId": "s", "workflowId": "w", "aggregationPeriod": "Daily"}


def fill(cloud):
    """Store a workflow and a schedule, cancel an execution and start another one."""
    cloud.ok("POST", "workflows", {"workflowId": "w", "sqlQuery": QUERY})
    cloud.ok("POST", "schedules", SCHEDULE)
    cloud.cancel(cloud.start())
    return cloud.start()


def shown(cloud, execution):
    everything = "minCreationTime=2026-07-01T00:00:00&includeCancelled=true"
    return [
        cloud.ok("GET", "workflows"),
        cloud.ok("GET", "schedules"),
        cloud.ok("GET", f"workflowExecutions?{everything}"),
        cloud.get(execution),
    ]


def test_a_snapshot_keeps_executions_and_what_they_will_show():
    cloud = account()
    execution = fill(cloud)
    before = shown(cloud, execution)
    sandbox = cloud.server.sandbox
    kept = orjson.loads(orjson.dumps(dump_state(sandbox)))
    sandbox.jobs.clear()
    restore_state(sandbox, kept, cloud.server.runtime.contract_set, TimeSource())

    assert shown(cloud, execution) == before
    sandbox.clock.advance(float(SECONDS))
    assert cloud.files(execution)[0].startswith(b"campaign,shown\n")


def test_a_restart_keeps_executions_and_runs_of_schedules(tmp_path):
    home = fixtures.start(tmp_path)
    cloud = Cloud(fixtures.control_of(home).server)
    execution = fill(cloud)
    cloud.server.sandbox.clock.advance(86_400)
    before = shown(cloud, execution)
    assert len(before[2]["executions"]) == 3

    home.data.close()

    home = fixtures.start(tmp_path)
    again = fixtures.control_of(home).server
    again.sign_in()
    assert shown(Cloud(again), execution) == before
    home.data.close()
