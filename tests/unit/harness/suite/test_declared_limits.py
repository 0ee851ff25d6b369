"""What a partner declares moves the partner's own limits, and no MUST."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import CaseRecord
from adsmock.harness.suite.judge import Verdict, judge_case
from adsmock.harness.suite.manifest import declared
from tests.unit.harness.suite.samples import SAMPLES


def verdict_of(check: str, found: CaseRecord, **values) -> Verdict:
    manifest = declared({"name": "partner", **values})
    judged = judge_case(load()[found.case], found, manifest=manifest)
    (verdict,) = (one for one in judged.verdicts if one.check == check)
    return verdict


@pytest.mark.parametrize(("seconds", "status"), [(20, "WARN"), (30, "PASS")])
def test_recovery_time_is_compared_with_the_declared_objective(seconds, status):
    # The work of this journal flows again 25 s after the last dark answer.
    found = SAMPLES["O01.rto"]["PASS"]

    assert verdict_of("O01.rto", found, recovery={"rto_seconds": seconds}).status == status


@pytest.mark.parametrize(("writes", "status"), [(0, "WARN"), (1, "PASS")])
def test_lost_writes_are_compared_with_the_declared_objective(writes, status):
    found = SAMPLES["O01.rpo"]["WARN"]

    assert verdict_of("O01.rpo", found, recovery={"rpo_writes": writes}).status == status


@pytest.mark.parametrize("check", ["A02.grants", "A04.grants"])
def test_each_declared_worker_may_have_a_token_of_its_own(check):
    found = SAMPLES[check]["WARN"]

    assert verdict_of(check, found).status == "WARN"
    assert verdict_of(check, found, workers=2).status == "PASS"


def test_load_on_an_unavailable_region_is_limited_whatever_is_declared():
    found = SAMPLES["O01.load"]["FAIL"]

    assert verdict_of("O01.load", found, workers=50).status == "FAIL"
