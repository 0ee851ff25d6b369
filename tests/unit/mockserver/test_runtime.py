"""What a start does and what it leaves for later, counted; and that all that is left can be made.

Seconds are measured by the benchmark. What costs them is held here: modules that are imported
and things that are compiled before anybody has asked for them.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys

import pytest

from adsmock.contracts.loader import load
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.stages.dispatch import ROOMS, find_handler, handlers_of

BOOK = load()

NOT_AT_START = {
    "cryptography", "faker", "flask", "h11", "isal", "jinja2", "jsonpointer", "locust",
    "prometheus_client", "requests", "rich", "rstr", "ruamel", "trustme", "xlsxwriter", "zipfile",
    "adsmock.harness",
    "adsmock.mockserver.catalog.export_view",
    "adsmock.mockserver.catalog.reporting",
    "adsmock.mockserver.catalog.unified",
    "adsmock.mockserver.control.application",
    "adsmock.mockserver.control.openapi",
    "adsmock.mockserver.services.accounts.ads_accounts",
    "adsmock.mockserver.services.accounts.manager_accounts",
    "adsmock.mockserver.services.budgets",
    "adsmock.mockserver.services.exports.requests",
    "adsmock.mockserver.services.faults.kinds.http",
    "adsmock.mockserver.services.faults.schema",
    "adsmock.mockserver.services.generic",
    "adsmock.mockserver.services.reporting.requests",
    "adsmock.mockserver.services.sandboxes.import_state",
    "adsmock.mockserver.services.unified",
    "adsmock.contracts.openapi",
    "adsmock.contracts.ledger",
}  # fmt: skip

START = """
import json, re, sys
import jsonschema_rs
compiled, patterns = [], []
make, form = jsonschema_rs.validator_for, re.compile
jsonschema_rs.validator_for = lambda *a, **k: compiled.append(1) or make(*a, **k)
import argparse
from adsmock.mockserver.command import serve
parser = argparse.ArgumentParser()
serve.configure(parser)
arguments = parser.parse_args(["--port", "0"])
from adsmock.contracts.loader import load
import adsmock.mockserver.app
load()
loaded = len(compiled)
re.compile = lambda *a, **k: patterns.append(1) or form(*a, **k)
mock = serve.make_mock(arguments)
mock.close()
json.dump(
    {"modules": list(sys.modules), "validators": len(compiled) - loaded,
     "patterns": len(patterns), "resources": len(mock.runtime.resources._compiled)},
    sys.stdout,
)
"""


@pytest.fixture(scope="module")
def started():
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


def test_a_start_imports_nothing_that_a_later_call_needs(started):
    imported = set(started["modules"])
    assert "adsmock.mockserver.pipeline" in imported  # else the list below proves nothing
    assert sorted(NOT_AT_START & imported) == []


@pytest.mark.parametrize("kind", ["validators", "resources", "patterns"])
def test_a_start_compiles_nothing_of_a_resource(started, kind):
    # However many contracts there are: what each of them costs is paid at its first call.
    assert started[kind] == 0


@pytest.fixture(scope="module")
def runtime():
    return Runtime.build(Sandboxes(seed=1), BOOK)


def test_every_resource_has_a_plan_that_can_be_made(runtime):
    resources = dict(runtime.resources)
    assert len(resources) > 20
    assert all(compiled.name == name for name, compiled in resources.items())


@pytest.mark.parametrize("room", sorted(set(ROOMS.values())))
def test_every_handler_of_a_room_can_be_imported(room):
    handlers = handlers_of(room)
    assert {ROOMS[shape] for shape, _ in handlers} == {room}
    assert all(callable(handler.load()) for handler in handlers.values())


@pytest.mark.parametrize("name", sorted(BOOK.operations))
def test_every_operation_has_a_validator_and_a_handler(runtime, name):
    operation = BOOK.operations[name]
    with contextlib.suppress(ApiError):  # valid or not: it only must be judged
        runtime.validators.check(name, {})
    serve, _ = find_handler(runtime.contracts[name].shape, operation.verb)
    assert callable(serve)
    if operation.product:
        assert runtime.models.get(runtime.contracts[name].name).mapped_resources
