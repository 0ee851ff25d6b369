"""Reports in a snapshot: a stuck one stays pending, a duplicate stays refused."""

import orjson

from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from tests.unit.mockserver.fixtures import create_server, value
from tests.unit.mockserver.services.reporting.report_requests import ask, look, start, wish


def test_stuck_report_outlives_a_snapshot():
    server = create_server()
    server.plan("async-stuck", match=Match(operation=("reporting.create",)))
    body = wish(filters=[{"field": "campaignStatus", "values": ["ENABLED"]}])
    report = start(server, body)
    server.sandbox.faults.clear()
    kept = orjson.loads(orjson.dumps(dump_state(server.sandbox)))
    server.sandbox.jobs.clear()

    restore_state(server.sandbox, kept, server.runtime.contract_set, TimeSource())

    assert value(look(server, report))["status"] == "PENDING"
    assert ask(server, body).status == 425
