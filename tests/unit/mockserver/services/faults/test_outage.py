import pytest

from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.faults.kinds.outage import Outage
from tests.unit.mockserver.fixtures import desk
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


@pytest.mark.parametrize("token", [None, "Bearer nobody"])
def test_the_region_refuses_before_it_checks_the_token(token):
    stand = desk()
    stand.plan("outage", match=Match(region=("NA",)))

    reply = stand.call("/sp/campaigns/list", Authorization=token)

    assert (reply.status, stand.entries()[-1].fault["kind"]) == (503, "outage")
    assert stand.sandbox.faults.find("outage").triggered == 1


def test_the_mode_reset_resets_the_connection():
    stand = desk()
    stand.plan("outage", effect={"mode": "reset"})

    assert stand.call("/sp/campaigns/list").fault.effect.mode == "reset"
    assert deliver(Outage(mode="reset")).wire.events == ["reset"]
    assert deliver(Outage()).wire.sent == BODY
