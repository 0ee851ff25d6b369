"""What the server says of itself: document, health, ledger, counts."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from adsmock import __version__
from adsmock.contracts import ledger
from adsmock.mockserver.control.handler_table import HANDLERS
from adsmock.mockserver.control.routes import BY_ID, ROUTES
from adsmock.mockserver.control.schema import components, validator
from tests.unit.mockserver.control.fixtures import problem
from tests.unit.mockserver.control.test_time import export


def test_every_row_has_a_handler_and_every_handler_a_row():
    assert set(HANDLERS) == set(BY_ID)
    assert len(BY_ID) == len(ROUTES)


def test_the_document_describes_every_flask_rule_and_no_other(control):
    document = control.do("service.openapi")
    described = {
        (method.upper(), path) for path, row in document["paths"].items() for method in row
    }
    rules = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in control.client.application.url_map.iter_rules()
        for method in rule.methods - {"HEAD"}
    }
    assert described == rules


def test_the_document_is_valid_openapi(control):
    schemathesis = pytest.importorskip("schemathesis", reason="part of the dev extra")
    document = control.do("service.openapi")
    schema = schemathesis.openapi.from_dict(document)
    schema.validate()
    ids = [each.ok().definition.raw["operationId"] for each in schema.get_all_operations()]
    assert sorted(ids) == sorted(BY_ID)


def test_every_schema_compiles_and_is_used():
    named = {name for route in ROUTES for name in (route.body, route.reply, route.also)}
    used = named | {"Problem", "Configuration"}  # refusals, and the file of `adsmock apply`
    text = str({name: components()[name] for name in components()})
    for name in components():
        validator(name)
        assert name in used or f"'#/components/schemas/{name}'" in text


def test_every_object_a_client_sends_refuses_unknown_members():
    bodies = {route.body for route in ROUTES if route.body}
    for name in bodies:
        assert components()[name]["additionalProperties"] is False, name


def test_the_version_is_the_distribution_s(control):
    assert control.do("service.health") == {"status": "ok", "version": __version__}


def test_ready_says_how_much_is_there(control):
    shown = control.do("service.ready")
    assert shown["sandboxes"] == 1
    assert shown["operations"] == len(control.server.runtime.contract_set.operations)


def test_the_ledger_is_reported_whole_and_by_status(control):
    whole = control.do("service.fidelity")
    assert len(whole["behaviors"]) == len(ledger.rows()) == sum(whole["totals"].values())
    assumed = control.do("service.fidelity", query={"status": "assumed"})
    assert {row["status"] for row in assumed["behaviors"]} == {"assumed"}
    assert len(assumed["behaviors"]) == whole["totals"]["assumed"]
    assert assumed["totals"] == whole["totals"]


def samples(control, operation="service.metrics"):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(control.do(operation))
        for sample in family.samples
    }


def test_metrics_count_what_happened(control):
    control.do("throttle.put", {"quotas": {"sp.read": {"rate": 1, "burst": 4}}})
    for _ in range(5):
        control.server.call("/sp/campaigns/list", {})
    control.do("faults.put", {"effect": {"kind": "http", "status": 500}}, fault="f")
    control.do("throttle.put", {})
    control.server.call("/sp/campaigns/list", {})
    control.do("faults.clear")
    export(control)
    control.server.send("GET", "/nobody")
    found = samples(control)
    where = (("operation", "sp.campaigns.list"), ("region", "NA"))
    client = control.sandbox.credentials.client_id

    assert found["adsmock_calls_total", (*where, ("status", "200"))] == 4
    assert found["adsmock_calls_total", (*where, ("status", "500"))] == 1
    assert found["adsmock_call_seconds_count", where] == 6
    assert found["adsmock_call_seconds_bucket", (("le", "+Inf"), *where)] == 6
    quota = (("client", client), ("quota", "sp.read"), ("region", "NA"))
    assert found["adsmock_throttled_total", quota] == 1
    assert found["adsmock_faults_met_total", (("kind", "http"), ("point", "before"))] == 1
    assert found["adsmock_orphans_total", ()] == 1
    assert found["adsmock_sandboxes", ()] == 1
    assert found["adsmock_journal_entries", (("sandbox", "t1"),)] == 8
    assert found["adsmock_journal_dropped_total", (("sandbox", "t1"),)] == 0
    assert found["adsmock_jobs", (("sandbox", "t1"), ("stage", "running"))] == 1
    assert 0 <= found["adsmock_bucket_headroom", quota] <= 1
    assert samples(control, "service.scrape").keys() == found.keys()


def test_an_unknown_path_and_method_are_problems(control):
    refused = control.client.get("/_mock/v1/nothing")
    assert problem(refused)["status"] == 404
    refused = control.client.patch("/_mock/v1/sandboxes")
    assert problem(refused)["status"] == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert problem(control.client.options("/_mock/v1/sandboxes"))["status"] == 405
