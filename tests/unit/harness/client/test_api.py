"""The facts in ``api.json`` are those of the contracts, and unknown names are refused helpfully."""

import pytest

from adsmock.contracts.loader import load
from adsmock.contracts.quota_weight import weight_of
from adsmock.harness import client_facts
from adsmock.harness.client.api import load_api
from adsmock.harness.client.errors import Misuse

BODIES = [
    None,
    [],
    {},
    {"includeExtendedDataFields": True},
    {"includeExtendedDataFields": "true"},
    {"includeExtendedDataFields": False},
    {"includeExtendedDataFields": "yes"},
]


def test_file_is_up_to_date():
    expected = client_facts.text(client_facts.facts(load()))
    assert client_facts.FILE.read_text("utf-8") == expected, "run: make api"


def test_records_hold_what_the_contracts_say():
    contracts, api = load(), load_api()
    for name, operation in contracts.operations.items():
        found = api.operation(name)
        for member in ("method", "path", "request", "reply", "success", "quota", "scope"):
            assert getattr(found, member) == getattr(operation, member), (name, member)
    for name, contract in contracts.by_name.items():
        found = api.contract(name)
        assert found.batch_maximum == contract.batch_maximum
        assert (found.identity is None) == (contract.identity is None)
        assert set(found.item_kinds.values()) <= set(contract.item_codes)


@pytest.mark.parametrize("body", BODIES)
def test_a_call_weighs_the_same_for_the_client_and_for_the_contracts(body):
    weights = {
        name: (weight_of(operation, body), load_api().operation(name).weight_of(body))
        for name, operation in load().operations.items()
    }
    assert {name: pair for name, pair in weights.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize(
    ("find", "name", "nearest"),
    [
        ("operation", "sp.campaign.list", "sp.campaigns.list"),
        ("contract", "sp.campaign", "sp.campaigns"),
        ("report_type", "spCampaign", "spCampaigns"),
    ],
)
def test_unknown_name_is_refused_with_the_nearest(find, name, nearest):
    with pytest.raises(Misuse, match=f"unknown .* {name}: did you mean {nearest}\\?"):
        getattr(load_api(), find)(name)
