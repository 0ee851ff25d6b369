"""Faults of Marketing Stream in a journal: checks can read them, and none is a call."""

from msgspec import structs

from adsmock.harness.suite.journal.view import CaseView
from tests.unit.harness.suite.journal_rows import call, record

FAULT = {"id": "storm", "kind": "stream-late", "point": "delivery"}
DELIVERY = call("delivery.sp-traffic", 2, 0, fault=FAULT, items=3, chain=None, method="")


def test_a_fault_of_a_delivery_is_no_call_and_fails_no_chain():
    plain = record("A01", call("sp.campaigns.list", 1), call("sp.campaigns.list", 3))
    rows = (plain.rows[0], DELIVERY | {"seq": 2}, plain.rows[1] | {"seq": 3})
    view = CaseView.of(structs.replace(plain, rows=rows))

    assert [entry.operation for entry in view.deliveries] == ["delivery.sp-traffic"]
    assert [entry.operation for entry in view.entries] == ["sp.campaigns.list"] * 2
    assert len(view.calls) == len(view.api) == len(view.chains) == 2
    assert not view.gave_up
    assert view.faulted == ()
