import pytest

from tests.unit.mockserver.fixtures import EXPORT, desk, value


@pytest.mark.parametrize(("given", "error"), [({}, "INTERNAL_ERROR"), ({"error": "TIDE"}, "TIDE")])
def test_an_export_fails(given, error):
    stand = desk()
    stand.plan("async-fail", effect=given)
    export = value(stand.call("/campaigns/export", {}, media=EXPORT))["exportId"]

    stand.sandbox.clock.advance(10)
    job = stand.sandbox.jobs[export]

    assert (job.stage(stand.sandbox.clock.now()), job.error) == ("failed", error)
    assert stand.sandbox.faults.find("async-fail").triggered == 1


def test_a_call_that_starts_no_job_is_not_counted():
    stand = desk()
    stand.plan("async-fail")

    stand.call("/sp/campaigns/list")
    rule = stand.sandbox.faults.find("async-fail")

    assert (rule.selected, rule.triggered, stand.entries()[-1].fault) == (1, 0, None)
