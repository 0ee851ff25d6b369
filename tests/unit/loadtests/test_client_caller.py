import pytest

from adsmock.contracts.loader import load
from adsmock.loadtests.client_caller import ClientCaller, client_for
from adsmock.loadtests.shared_state import SharedState
from tests.unit.loadtests.fixtures import TARGETS, ManualClock, NoChance, plan


def client(of):
    shared = SharedState(plan(behavior="reference", workers=of), ManualClock(), NoChance(), 0, of)
    return client_for(shared, lambda *_reported: None)


@pytest.mark.parametrize(("of", "part"), [(1, 1.0), (2, 1.0), (4, 0.5)])
def test_each_of_several_processes_plans_on_its_part_of_every_quota(of, part):
    shown, granted = client(of).api.quotas, load().quotas
    assert shown.keys() == granted.keys()
    for name, quota in shown.items():
        assert quota.rate == pytest.approx(granted[name].rate * part)
        assert quota.burst >= 1.0


def test_what_cannot_be_reached_is_to_be_tried_again():
    caller = ClientCaller(client(1))
    items = [{"keywordId": "k0", "bid": 1.0}, {"keywordId": "k1", "bid": 1.0}]
    written = caller.write("update", "sp.keywords", TARGETS[0], items)
    assert [each.result for each in written] == ["again", "again"]
    assert not caller.read("sp.campaigns", TARGETS[0])
