"""Reports in a snapshot: a stuck one stays pending, a twin is still known as one."""

import orjson

from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from tests.unit.mockserver.fixtures import desk, value
from tests.unit.mockserver.services.reporting.report_requests import ask, look, start, wish


def test_stuck_report_outlives_a_snapshot():
    stand = desk()
    stand.plan("async-stuck", match=Match(operation=("reporting.create",)))
    body = wish(filters=[{"field": "campaignStatus", "values": ["ENABLED"]}])
    report = start(stand, body)
    stand.sandbox.faults.clear()
    kept = orjson.loads(orjson.dumps(dump_state(stand.sandbox)))
    stand.sandbox.jobs.clear()

    restore_state(stand.sandbox, kept, stand.runtime.contract_set, TimeSource())

    assert value(look(stand, report))["status"] == "PENDING"
    assert ask(stand, body).status == 425
