"""What the unified model alone knows, in a state over the control plane: read and put back."""

import pytest

from tests.unit.mockserver.services.unified.fixtures import (
    SB,
    ST,
    ad_group,
    campaign,
    keyword,
    make_tree,
    query_records,
    send_batch,
)
from tests.unit.mockserver.services.unified.test_brand_ads import FORMS, ad, tree
from tests.unit.mockserver.services.unified.test_extra_fields import ADJUSTED, TAGS

KINDS = ("campaigns", "adGroups", "targets", "ads")


def shown(control):
    """Return every record of two products as the unified API shows it, but for its times."""
    found = [
        query_records(control.server, kind, product)
        for kind in KINDS
        for product in ("SPONSORED_PRODUCTS", SB)
    ]
    return [
        {name: value for name, value in row.items() if name not in TIMES}
        for rows in found
        for row in rows
    ]


TIMES = ("creationDateTime", "lastUpdatedDateTime")


def one(control, kind, item):
    ((made,), refused) = send_batch(control.server, f"create/{kind}", {kind: [item]})
    assert refused == {}
    return made


@pytest.fixture
def held(control):
    """A plane whose entities all have members that no native family knows."""
    _, words, _ = make_tree(control.server)
    own = one(control, "campaigns", campaign("Adjusted", optimizations=ADJUSTED))["campaignId"]
    one(control, "adGroups", ad_group(own, "Tagged", tags=TAGS))
    one(control, "targets", keyword(adGroupId=words, tags=TAGS))
    _, below = tree(control.server)
    member, settings, _ = FORMS["collection"]
    one(control, "ads", ad(below, member, settings, tags=TAGS))
    return control


def test_it_comes_back_with_the_state(held):
    kept, before = held.do("state.get"), shown(held)
    (rests,) = kept["unified"].values()
    assert {"sp.campaigns", "sp.adGroups", "sp.keywords", "sb.ads", "sb.creatives"} <= {*rests}
    held.do("sandboxes.reset", {"scope": ["state"]})
    assert "unified" not in held.do("state.get")

    held.do("state.put", kept)

    assert shown(held) == before
    assert held.do("state.get") == kept


def test_what_lives_in_the_unified_model_alone_comes_back_too(control):
    item = campaign("TV", adProduct=ST)
    del item["marketplaceScope"], item["autoCreationSettings"]
    own = one(control, "campaigns", item)["campaignId"]
    group = one(control, "adGroups", ad_group(own, adProduct=ST))["adGroupId"]
    place = {"targetType": "LOCATION", "targetDetails": {"locationTarget": {"locationId": "1"}}}
    target = {"adProduct": ST, "adGroupId": group, "state": "ENABLED", "negative": False}
    one(control, "targets", target | place)
    kept = control.do("state.get")
    before = [query_records(control.server, kind, ST) for kind in KINDS]

    control.do("sandboxes.reset", {"scope": ["state"]})
    control.do("state.put", kept)

    assert [len(rows) for rows in before] == [1, 1, 1, 0]
    assert [query_records(control.server, kind, ST) for kind in KINDS] == before
    assert control.do("state.get") == kept


@pytest.mark.parametrize("is_empty", [False, True])
def test_it_is_added_with_the_state(held, is_empty):
    kept, before = held.do("state.get"), shown(held)
    (owner,) = kept["unified"]
    rest = {"profiles": {owner: {}}, "unified": kept["unified"]}
    native = {"profiles": kept["profiles"]}

    if is_empty:
        held.do("sandboxes.reset", {"scope": ["state"]})
        held.do("state.patch", kept)
    else:
        held.do("state.put", native)
        assert shown(held) != before
        held.do("state.patch", rest)

    assert shown(held) == before


@pytest.mark.parametrize(
    ("unified", "pointer"),
    [
        ({"1": {}}, "/1"),
        ({"me": {"sp.hats": {}}}, "/me/sp.hats"),
        ({"me": {"portfolios": {}}}, "/me/portfolios"),
        ({"me": {"sp.campaigns": {"8": {"tags": TAGS}}}}, "/me/sp.campaigns/8"),
        ({"me": {"sp.campaigns": {"7": {"tags": 1}}}}, "/me/sp.campaigns/7/tags"),
        ({"me": {"sp.campaigns": {"7": {"name": "b"}}}}, "/me/sp.campaigns/7"),
        ({"me": {"sp.campaigns": {"7": {"hat": "b"}}}}, "/me/sp.campaigns/7"),
        ({"me": {"sp.campaigns": [1]}}, "/me/sp.campaigns"),
    ],
)
@pytest.mark.parametrize("verb", ["put", "patch"])
def test_what_cannot_belong_to_an_entity_is_refused_and_changes_nothing(
    control, verb, unified, pointer
):
    me = control.server.profile().id
    item = {"campaignId": "7", "name": "a", "state": "ENABLED", "targetingType": "MANUAL"}
    item["budget"] = {"budget": 1.0, "budgetType": "DAILY"}
    control.do("state.put", {"profiles": {me: {"sp.campaigns": [item]}}})
    before = control.do("state.get")
    said = {me if owner == "me" else owner: rest for owner, rest in unified.items()}
    more = {"profiles": {me: {"sp.campaigns": [item] if verb == "put" else []}}, "unified": said}

    problem = control.refuse(f"state.{verb}", more)

    assert problem["pointer"] == "/unified" + pointer.replace("/me", f"/{me}")
    assert control.do("state.get") == before
