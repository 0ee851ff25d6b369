"""Trees, and the natural keys by which what was created is found again."""

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.client.natural_key import NATURAL_KEYS
from tests.unit.harness.client.fake_service import NA, ClientFixture, fill, json_reply, partly

CREATE = "/sp/campaigns"
FAMILIES = {"portfolios", "sb", "sd", "sp"}


def tree(name):
    group = {"name": f"{name}-group", "defaultBid": 0.5, "state": "ENABLED"}
    return {"name": name, "state": "ENABLED", "adGroups": [group]}


def test_children_carry_the_ids_of_their_own_parents():
    fixture = ClientFixture()
    fill(fixture.service, 1)
    fixture.plan(CREATE, partly(b="rangeError")(fixture))
    roots = fixture.client.create_tree(NA, [tree("a"), tree("b"), tree("c")])
    groups = fixture.service.to("/sp/adGroups")[0].body["adGroups"]
    assert [(group["name"], group["campaignId"]) for group in groups] == [
        ("a-group", roots[0].outcome.id),
        ("c-group", roots[2].outcome.id),
    ]
    assert roots[1].children[0].outcome is None
    assert "adGroups" not in fixture.service.to(CREATE)[0].body["campaigns"][0]


def test_children_wait_for_their_parents():
    fixture = ClientFixture()
    fixture.client.create_tree(NA, [tree("a")])
    paths = [sent.url.removeprefix("http://na.test") for sent in fixture.service.sent[1:]]
    assert paths == [CREATE, "/sp/adGroups"]


def test_no_child_is_sent_when_all_parents_fail():
    fixture = ClientFixture()
    fixture.plan(CREATE, partly(a="rangeError")(fixture))
    fixture.client.create_tree(NA, [tree("a")])
    assert fixture.service.to("/sp/adGroups") == []


def test_grandchildren_name_campaign_and_ad_group():
    fixture = ClientFixture()
    sent = []
    answer = json_reply(207, {"keywords": {"success": [{"index": 0, "keywordId": "9"}]}})
    fixture.plan("/sp/keywords", lambda _: sent.append(fixture.service.sent[-1].body) or answer)
    campaign = tree("a")
    campaign["adGroups"][0]["keywords"] = [{"keywordText": "shoe", "matchType": "EXACT"}]
    (root,) = fixture.client.create_tree(NA, [campaign])
    (keyword,) = sent[0]["keywords"]
    assert keyword["campaignId"] == root.outcome.id
    assert keyword["adGroupId"] == root.children[0].outcome.id


@pytest.mark.parametrize("resource", sorted(NATURAL_KEYS))
def test_natural_keys_name_members_and_filters_of_their_contract(resource):
    key, contract = NATURAL_KEYS[resource], load().by_name[resource]
    fields = {row.name for row in contract.fields if row.create != "absent"}
    assert set(key.members) <= fields
    assert key.by in {"", *(row.name for row in contract.filters)}
    assert "state" in {row.field for row in contract.filters}


KEYLESS = {
    "sb.ads": "two alike may stand in one ad group",
    "sb.creatives": "each is a further version",
    "sd.creatives": "two alike may stand in one ad group",
}


def test_every_resource_has_a_natural_key_or_a_reason_against():
    creatable = {
        name
        for name, contract in load().by_name.items()
        if contract.identity and any(row.verb == "create" for row in contract.operations)
    }
    families = {name for name in creatable if name.split(".", 1)[0] in FAMILIES}
    assert families <= set(NATURAL_KEYS) | set(KEYLESS)
    assert set(NATURAL_KEYS) <= creatable
    assert not set(NATURAL_KEYS) & set(KEYLESS)


@pytest.mark.parametrize("kind", ["typed", "comma", "include"])
def test_a_list_is_narrowed_in_the_form_that_its_contract_has(kind):
    resource = {"typed": "sb.targets", "comma": "sd.targets", "include": "sb.themes"}[kind]
    contract = load().by_name[resource]
    (said,) = NATURAL_KEYS[resource].filters([{"adGroupId": 5}], contract)
    wanted = {
        "typed": {
            "filters": [
                {"filterType": "TARGETING_STATE", "values": ["paused", "enabled"]},
                {"filterType": "AD_GROUP_ID", "values": ["5"]},
            ]
        },
        "comma": {"adGroupIdFilter": ["5"], "stateFilter": ["enabled", "paused"]},
        "include": {
            "adGroupIdFilter": {"include": ["5"]},
            "stateFilter": {"include": ["paused", "enabled"]},
        },
    }
    assert said == wanted[kind]
