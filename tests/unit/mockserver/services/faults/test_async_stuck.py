from tests.unit.mockserver.fixtures import EXPORT, create_server, value


def test_an_export_never_ends():
    server = create_server()
    server.plan("async-stuck")
    export = value(server.call("/campaigns/export", {}, media=EXPORT))["exportId"]

    server.sandbox.clock.advance(10_000)

    assert server.sandbox.jobs[export].stage(server.sandbox.clock.now()) == "running"
    assert server.sandbox.faults.find("async-stuck").triggered == 1


def test_a_call_that_starts_no_job_is_not_counted():
    server = create_server()
    server.plan("async-stuck")

    server.call("/sp/campaigns/list")
    rule = server.sandbox.faults.find("async-stuck")

    assert (rule.selected, rule.triggered, server.entries()[-1].fault) == (1, 0, None)
