import pytest

from adsmock.mockserver.core.error import ApiError
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    CONTRACTS,
    RESOURCES,
    SandboxFixture,
    ad_group,
    campaign,
    grow,
)

EVERY = pytest.mark.parametrize("resource", RESOURCES)


def fleet(count: int = 7) -> tuple[SandboxFixture, list[str]]:
    fixture = SandboxFixture()
    items = [campaign(f"Campaign {number}") for number in range(count)]
    return fixture, [each.id for each in fixture.create("sp.campaigns", items)]


def ids(rows):
    return [each["campaignId"] for each in rows]


@EVERY
def test_an_empty_body_lists_everything_and_leaves_the_token_out(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    listing = tree.fixture.listing(resource)
    assert listing.token is None
    assert listing.total == len(listing.bodies)
    assert found in [row[COMPILED[resource].id_field] for row in tree.fixture.rows(resource)]


@EVERY
def test_every_filter_of_the_contract_lets_its_own_value_pass_and_another_not(resource):
    tree = grow(resource)
    (created,) = tree.fixture.create(resource, [tree.item()])
    for name, list_filter in COMPILED[resource].filters.items():
        own = _value(tree, created, list_filter)
        if own is None:
            continue
        for value, expected in ((own, True), ("zzz", False)):
            body = {name: _shaped(list_filter, value)}
            rows = tree.fixture.rows(resource, body)
            assert (created.id in [row[COMPILED[resource].id_field] for row in rows]) is expected


def _value(tree, created, list_filter):
    field = list_filter.row.field
    if list_filter.role == "id":
        return created.id
    if field == "expression.value":
        return tree.item()["expression"][0]["value"]
    if field.startswith("^"):
        return "MANUAL"
    return tree.item().get(field)


def _shaped(list_filter, value):
    return {
        "include": {"include": [value]},
        "text": {"include": [value], "queryTermMatchType": "EXACT_MATCH"},
        "values": [value],
        "value": value,
    }[list_filter.row.kind]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 1000])
def test_the_size_of_a_page_does_not_change_a_listing(size):
    fixture, found = fleet()
    assert ids(fixture.rows("sp.campaigns", {"maxResults": size})) == found


@pytest.mark.parametrize(
    "body",
    [
        {"stateFilter": {"include": ["ENABLED"]}},
        {"stateFilter": {"include": ["PAUSED", "ENABLED"]}},
        {"nameFilter": {"include": ["campaign"]}},
        {"stateFilter": {"include": ["PAUSED", "ENABLED"]}, "nameFilter": {"include": ["Cam"]}},
    ],
)
def test_the_size_of_a_page_does_not_change_a_filtered_listing(body):
    fixture, found = fleet()
    fixture.update("sp.campaigns", [{"campaignId": each, "state": "PAUSED"} for each in found[1:4]])
    fixture.archive("sp.campaigns", [found[5]])
    whole = fixture.rows("sp.campaigns", body)
    assert whole == fixture.rows("sp.campaigns", {**body, "maxResults": 2})
    assert fixture.listing("sp.campaigns", {**body, "maxResults": 2}).total == len(whole)
    assert ids(whole) == [each for each in found if each in ids(whole)], "in order of creation"


def test_an_entity_that_changes_its_state_keeps_its_place():
    fixture, found = fleet(4)
    for state in ("PAUSED", "ENABLED"):
        fixture.update("sp.campaigns", [{"campaignId": found[1], "state": state}])
    assert ids(fixture.rows("sp.campaigns", {"stateFilter": {"include": ["ENABLED"]}})) == found


def test_an_empty_filter_filters_nothing():
    fixture, found = fleet(2)
    body = {"stateFilter": {"include": []}, "nameFilter": {"include": []}, "campaignIdFilter": {}}
    assert ids(fixture.rows("sp.campaigns", body)) == found


def test_ids_are_looked_up_in_order_of_creation_without_repeats():
    fixture, found = fleet(3)
    wanted = [found[2], int(found[0]), found[2], "1"]
    assert ids(fixture.rows("sp.campaigns", {"campaignIdFilter": {"include": wanted}})) == [
        found[0],
        found[2],
    ]


@pytest.mark.parametrize(
    ("match", "term", "count"),
    [
        ("BROAD_MATCH", "ROSE", 2),
        ("BROAD_MATCH", "Mühle", 1),
        (None, "rose", 2),
        ("EXACT_MATCH", "Rose", 1),
        ("EXACT_MATCH", "rose", 0),
        ("EXACT_MATCH", 'A "b" \\ Mühle', 1),
        ("BROAD_MATCH", '"B" \\', 1),
    ],
)
def test_text_is_matched_broadly_or_exactly(match, term, count):
    fixture = SandboxFixture()
    names = ["Rose", "Rosewood", 'A "b" \\ Mühle']
    fixture.create("sp.campaigns", [campaign(name) for name in names])
    named = {"include": [term]} | ({"queryTermMatchType": match} if match else {})
    assert len(fixture.rows("sp.campaigns", {"nameFilter": named})) == count


def test_a_name_is_not_found_in_other_members():
    fixture, _ = fleet(1)
    exact = {"include": ["MANUAL"], "queryTermMatchType": "EXACT_MATCH"}
    assert fixture.rows("sp.campaigns", {"nameFilter": exact}) == []
    assert fixture.rows("sp.campaigns", {"nameFilter": {"include": ["DAILY"]}}) == []


def test_children_are_found_by_several_parents_in_order_of_creation():
    fixture, found = fleet(3)
    groups = [
        fixture.one("sp.adGroups", ad_group(found[number], f"Group {place}"))
        for place, number in enumerate((2, 0, 2, 1))
    ]
    body = {"campaignIdFilter": {"include": [found[2], found[0]]}, "maxResults": 2}
    rows = fixture.rows("sp.adGroups", body)
    assert [each["adGroupId"] for each in rows] == groups[:3]
    assert fixture.listing("sp.adGroups", body).total == 3


def test_ad_groups_are_found_by_the_targeting_of_their_campaign():
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign("A", targetingType="AUTO"))
    manual = fixture.one("sp.campaigns", campaign("M"))
    for parent in (auto, manual):
        fixture.one("sp.adGroups", ad_group(parent))
    rows = fixture.rows("sp.adGroups", {"campaignTargetingTypeFilter": "AUTO"})
    assert [each["campaignId"] for each in rows] == [auto]


def test_targets_are_found_by_kind_and_by_product():
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign("A", targetingType="AUTO"))
    fixture.one("sp.adGroups", ad_group(auto))
    tree = grow("sp.targets", fixture)
    found = fixture.one("sp.targets", tree.item())
    kinds = {"expressionTypeFilter": {"include": ["MANUAL"]}}
    assert [each["targetId"] for each in fixture.rows("sp.targets", kinds)] == [found]
    assert len(fixture.rows("sp.targets", {"expressionTypeFilter": {"include": ["AUTO"]}})) == 4
    product = {"asinFilter": {"include": ["b00000"]}}
    assert [each["targetId"] for each in fixture.rows("sp.targets", product)] == [found]


def test_a_token_of_another_list_is_refused():
    fixture, _ = fleet(3)
    token = fixture.listing("sp.campaigns", {"maxResults": 1}).token
    body = {"maxResults": 1, "nextToken": token}
    assert len(fixture.listing("sp.campaigns", body).bodies) == 1
    for wrong, country in (
        ({**body, "stateFilter": {"include": ["ENABLED"]}}, "US"),
        ({**body, "nextToken": token[:-1]}, "US"),
        ({**body, "nextToken": "abc"}, "US"),
        (body, "CA"),
    ):
        with pytest.raises(ApiError) as caught:
            fixture.listing("sp.campaigns", wrong, country=country)
        assert caught.value.status == 400
        (error,) = caught.value.errors
        assert error["errorType"] == "invalidInputError"
        assert error["errorValue"]["invalidInputError"]["reason"] == "INVALID_TOKEN"


def test_a_token_may_be_used_with_another_page_size_and_order_of_values():
    fixture, found = fleet(5)
    states = {"stateFilter": {"include": ["ENABLED", "PAUSED"]}}
    token = fixture.listing("sp.campaigns", {**states, "maxResults": 2}).token
    turned = {"stateFilter": {"include": ["PAUSED", "ENABLED"]}}
    rows = fixture.rows("sp.campaigns", {**turned, "maxResults": 3, "nextToken": token})
    assert ids(rows) == found[2:]


def test_a_token_of_another_sandbox_is_refused():
    mine, other = fleet(3)[0], fleet(3)[0]
    other.sandbox.id = "t02"
    token = other.listing("sp.campaigns", {"maxResults": 1}).token
    with pytest.raises(ApiError):
        mine.listing("sp.campaigns", {"nextToken": token})


@pytest.mark.parametrize(("size", "bound"), [(1001, "less"), (0, "greater")])
def test_a_page_out_of_bounds_is_refused(size, bound):
    with pytest.raises(ApiError, match=f"Value '{size}' at 'maxResults'.*{bound} than or equal"):
        SandboxFixture().listing("sp.campaigns", {"maxResults": size})


def test_rows_that_leave_a_filter_between_pages_vanish_and_none_repeats():
    fixture, found = fleet(6)
    states = {"stateFilter": {"include": ["ENABLED"]}, "maxResults": 2}
    token = fixture.listing("sp.campaigns", states).token
    fixture.archive("sp.campaigns", [found[0], found[2]])
    rest = ids(fixture.rows("sp.campaigns", {**states, "nextToken": token}))
    assert rest == found[3:]


def test_extended_data_comes_only_when_it_is_asked_for():
    fixture, _ = fleet(1)
    fixture.sandbox.clock.advance(60)
    (row,) = fixture.rows("sp.campaigns")
    assert "extendedData" not in row
    (extended,) = fixture.rows("sp.campaigns", {"includeExtendedDataFields": True})
    data = extended.pop("extendedData")
    assert extended == row
    assert data["creationDateTime"] == data["lastUpdateDateTime"] == "2026-07-01T12:00:00.000Z"
    fixture.update("sp.campaigns", [{"campaignId": row["campaignId"], "state": "PAUSED"}])
    (extended,) = fixture.rows("sp.campaigns", {"includeExtendedDataFields": True})
    assert extended["extendedData"]["lastUpdateDateTime"] == "2026-07-01T12:01:00.000Z"


def test_every_filter_of_every_contract_is_compiled():
    for name, compiled in COMPILED.items():
        filters = CONTRACTS.by_name[name].filters
        assert set(compiled.filters) == {row.name for row in filters if row.field}


def test_plain_page_tokens_carry_what_a_form_would_change_and_lead_on():
    fixture, made = fleet(3)
    fixture.sandbox.choices["page.token"] = "plain"
    first = fixture.listing("sp.campaigns", {"maxResults": 2})

    assert set("+/=") < set(first.token)
    rest = fixture.rows("sp.campaigns", {"maxResults": 2, "nextToken": first.token})
    assert ids(rest) == made[2:]
    for changed in (first.token.replace("+", " "), first.token.rstrip("="), "+=="):
        with pytest.raises(ApiError):
            fixture.listing("sp.campaigns", {"maxResults": 2, "nextToken": changed})
