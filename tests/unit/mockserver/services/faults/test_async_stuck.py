from tests.unit.mockserver.fixtures import EXPORT, desk, value


def test_an_export_never_ends():
    stand = desk()
    stand.plan("async-stuck")
    export = value(stand.call("/campaigns/export", {}, media=EXPORT))["exportId"]

    stand.sandbox.clock.advance(10_000)

    assert stand.sandbox.jobs[export].stage(stand.sandbox.clock.now()) == "running"
    assert stand.sandbox.faults.find("async-stuck").triggered == 1


def test_a_call_that_starts_no_job_is_not_counted():
    stand = desk()
    stand.plan("async-stuck")

    stand.call("/sp/campaigns/list")
    rule = stand.sandbox.faults.find("async-stuck")

    assert (rule.selected, rule.triggered, stand.entries()[-1].fault) == (1, 0, None)
