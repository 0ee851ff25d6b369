import pytest

from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.faults.kinds.outage import Outage
from tests.unit.mockserver.fixtures import create_server
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


@pytest.mark.parametrize("token", [None, "Bearer nobody"])
def test_the_region_refuses_before_it_checks_the_token(token):
    server = create_server()
    server.plan("outage", match=Match(region=("NA",)))

    reply = server.call("/sp/campaigns/list", Authorization=token)

    assert (reply.status, server.entries()[-1].fault["kind"]) == (503, "outage")
    assert server.sandbox.faults.find("outage").triggered == 1


def test_the_mode_reset_resets_the_connection():
    server = create_server()
    server.plan("outage", effect={"mode": "reset"})

    assert server.call("/sp/campaigns/list").fault.effect.mode == "reset"
    assert deliver(Outage(mode="reset")).wire.events == ["reset"]
    assert deliver(Outage()).wire.sent == BODY
