"""A new kind is one module: schema, documentation, plan and effect follow from it."""

import textwrap

import pytest

from adsmock.mockserver.control import schema
from adsmock.mockserver.control.openapi import document
from adsmock.mockserver.control.readme_tables import fault_kinds
from adsmock.mockserver.services.faults import kinds as room
from adsmock.mockserver.services.faults import registry

MODULE = '''
    """Fault kind ``hum``: repeat the body."""

    from dataclasses import dataclass

    from adsmock.mockserver.core.effect import Effect, setting


    @dataclass(frozen=True, slots=True, kw_only=True)
    class Hum(Effect):
        """A body that comes several times."""

        kind = "hum"
        points = ("on_wire",)
        summary = "Sends the body several times."
        required = ("turns",)

        turns: int = setting("turns", {"type": "integer", "minimum": 2}, default=2)

        def change_body(self, reply):
            """Repeat the body."""
            reply.body = reply.body * self.turns
            return True
'''

CACHED = (
    registry.kinds,
    registry.settings,
    registry.effect_schema,
    schema.components,
    schema.validator,
    document,
)


@pytest.fixture
def new_kind(tmp_path, monkeypatch):
    (tmp_path / "hum.py").write_text(textwrap.dedent(MODULE))
    monkeypatch.setattr(room, "__path__", [*room.__path__, str(tmp_path)])
    for cached in CACHED:
        cached.cache_clear()
    yield
    for cached in CACHED:
        cached.cache_clear()


@pytest.mark.usefixtures("new_kind")
def test_a_new_module_is_a_new_kind_everywhere(control):
    effect = document("1")["components"]["schemas"]["FaultRule"]["properties"]["effect"]
    assert "hum" in effect["properties"]["kind"]["enum"]
    assert effect["properties"]["turns"] == {"type": "integer", "minimum": 2}
    assert "| `hum` | Sends the body several times. |" in fault_kinds()

    assert control.refuse("faults.create", rule(turns=1))["pointer"] == "/effect/turns"
    assert control.refuse("faults.create", rule())["pointer"] == "/effect/turns"
    assert control.refuse("faults.create", rule(turns=3, status=1))["pointer"] == "/effect/status"
    control.do("faults.create", rule(turns=3))

    reply = control.server.call("/sp/campaigns/list")
    size = len(reply.body)
    reply.fault.send_in_process(reply)

    assert len(reply.body) == 3 * size
    assert control.do("faults.get", fault="new")["met"] == 1
    assert control.server.entries()[-1].fault == {"id": "new", "kind": "hum", "point": "on_wire"}


def test_without_the_module_there_is_no_such_kind(control):
    assert control.refuse("faults.create", rule())["pointer"] == "/effect/kind"


def rule(**settings):
    return {"id": "new", "effect": {"kind": "hum", **settings}}
