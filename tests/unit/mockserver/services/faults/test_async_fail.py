import pytest

from tests.unit.mockserver.fixtures import EXPORT, create_server, value


@pytest.mark.parametrize(("given", "error"), [({}, "INTERNAL_ERROR"), ({"error": "TIDE"}, "TIDE")])
def test_an_export_fails(given, error):
    server = create_server()
    server.plan("async-fail", effect=given)
    export = value(server.call("/campaigns/export", {}, media=EXPORT))["exportId"]

    server.sandbox.clock.advance(10)
    job = server.sandbox.jobs[export]

    assert (job.stage(server.sandbox.clock.now()), job.error) == ("failed", error)
    assert server.sandbox.faults.find("async-fail").triggered == 1


def test_a_call_that_starts_no_job_is_not_counted():
    server = create_server()
    server.plan("async-fail")

    server.call("/sp/campaigns/list")
    rule = server.sandbox.faults.find("async-fail")

    assert (rule.selected, rule.triggered, server.entries()[-1].fault) == (1, 0, None)
