"""Plans with thousands of rules: a call pays for the rules that fit it."""

import time

import pytest

from adsmock.mockserver.core import fault as fault_module
from adsmock.mockserver.core.fault import CallFacts, FaultPlan, FaultRule, Match, When
from adsmock.mockserver.services.faults.kinds.http import Http
from adsmock.mockserver.services.faults.schema import MAX_GLOBS, OperationGlobs
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import contract_set


def facts(operation="sp.campaigns.list", path="/sp/campaigns/list", **rest):
    plain = {"region": "NA", "profile_id": "1", "method": "POST", "key": "k", "attempt": 1}
    return CallFacts(operation=operation, path=path, **plain | rest)


def rule(name, **match):
    return FaultRule(name, Match(**match), When(), Http())


def test_rules_are_tried_again_after_every_change():
    plan = FaultPlan(0)
    plan.add(rule("other", operation=("sp.keywords.*",)))
    assert plan.select(facts(), 0.0) is None
    plan.add(rule("mine", operation=("sp.campaigns.*",)))
    assert plan.select(facts(), 0.0).rule.id == "mine"
    plan.remove("mine")
    assert plan.select(facts(), 0.0) is None
    plan.add(rule("mine", path="/sp/*"))
    plan.clear()
    assert plan.select(facts(), 0.0) is None


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({"region": ("NA",)}, True),
        ({"region": ("EU",)}, False),
        ({"profile_id": "2"}, False),
        ({"method": "GET"}, False),
        ({"path": "/sp/c*"}, True),
        ({"path": "/sb/*"}, False),
        ({"path": "/sp/campaigns"}, False),
        ({"body": {"a": 1}}, True),
        ({"body": {"a": 2}}, False),
    ],
)
def test_every_condition_counts(match, fits):
    plan = FaultPlan(0)
    plan.add(rule("one", **match))
    for _ in range(2):  # the second time the fitting rules are known
        assert (plan.select(facts(body={"a": 1}), 0.0) is not None) == fits


def test_an_operation_that_no_contract_has_is_compared_with_the_globs():
    globs = OperationGlobs(contract_set())
    match = Match(operation=("*.list",), named=globs.resolve(("*.list",), "")[1], known=globs.known)
    assert match.fits(facts())
    assert match.fits(facts("retired.things.list"))
    assert not match.fits(facts("retired.things.create"))
    assert "storage.get" in globs.resolve(("storage.*",), "")[1]


def test_rules_with_equal_globs_share_them():
    operations = OperationGlobs(contract_set())
    first, second = (operations.resolve(("sp.*", "sb.*"), "") for _ in range(2))
    other = operations.resolve(("sb.*", "sp.*"), "")
    assert second is first
    assert other[1] is first[1]


def test_a_glob_of_ten_thousand_rules_is_compared_once(monkeypatch):
    control = make_control()
    globs = [f"sp.{word}*" for word in ("c", "k", "t", "a", "p", "n")] * 33
    effect = {"kind": "http", "status": 500}
    rules = [
        {"match": {"operation": globs, "profileId": str(number)}, "effect": effect}
        for number in range(300)
    ]
    control.do("faults.replace", {"faults": rules})
    monkeypatch.setattr(fault_module, "fnmatchcase", pytest.fail)
    assert control.server.call("/sp/campaigns/list").status == 200


def test_a_call_does_not_pay_for_rules_of_other_calls():
    def cost(plan):
        took = []
        for _ in range(50):
            begun = time.process_time()
            plan.select(facts(), 0.0)
            took.append(time.process_time() - begun)
        return min(took)

    few, many = FaultPlan(0), FaultPlan(0)
    for plan, size in ((few, 10), (many, 10_000)):
        for number in range(size):
            plan.add(rule(f"r{number}", operation=(f"sp.keywords.{number}*",)))
    assert cost(many) < 20 * cost(few)


def test_too_many_different_globs_are_refused():
    control = make_control()
    rules = []
    for letter in "abcdefghijklmnopqrstuvwxyz":
        globs = [
            f"*[s{letter}]p.{'*' * (place % 99 + 1)}{'?' * (place // 99)}" for place in range(200)
        ]
        rules.append({"match": {"operation": globs}, "effect": {"kind": "http", "status": 500}})
    refused = control.refuse("faults.replace", {"faults": rules})
    assert str(MAX_GLOBS) in refused["detail"]
    assert refused["pointer"].startswith("/faults/25/match/operation/")


def test_a_plan_that_is_full_takes_no_further_rule(monkeypatch):
    monkeypatch.setattr("adsmock.mockserver.control.handler.fault.MAX_RULES", 2)
    control = make_control()
    latency = {"effect": {"kind": "latency", "latencyMs": 1}}
    for name in ("a", "b"):
        control.do("faults.create", latency | {"id": name})
    assert control.refuse("faults.create", latency | {"id": "c"})["status"] == 409
    assert control.refuse("faults.put", latency, fault="c")["status"] == 409
    control.do("faults.put", latency, fault="a")
