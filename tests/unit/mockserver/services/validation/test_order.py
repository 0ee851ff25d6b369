import pytest

from adsmock.mockserver.services.validation.compile import CATALOG_CHECKS, WIRE_CHECKS
from adsmock.mockserver.services.validation.order import ORDER, RANK
from adsmock.mockserver.services.validation.text import CHECKS
from tests.unit.mockserver.services.sandbox_fixture import COMPILED, campaign, grow

# An item that is wrong in two ways at once is answered with the earlier step.
BOTH = [
    ("text", "money", "sp.campaigns", {"name": "", "budget": {"budget": 0, "budgetType": "DAILY"}}),
    (
        "money",
        "date",
        "sp.campaigns",
        {"budget": {"budget": 0, "budgetType": "DAILY"}, "startDate": "2020-01-01"},
    ),
    ("date", "unique", "sp.campaigns", {"name": "Parent", "startDate": "2020-01-01"}),
    ("text", "parent", "sp.adGroups", {"name": "", "campaignId": "1"}),
    ("money", "parent", "sp.keywords", {"bid": 0, "campaignId": "1"}),
    ("parent", "setup", "sp.targets", {"adGroupId": "1", "expression": []}),
    ("setup", "balance", "sp.targets", {"expression": [], "bid": 999}),
    ("parent", "product", "sp.productAds", {"adGroupId": "1", "sku": None}),
    ("balance", "unique", "sp.adGroups", {"name": "Parent", "defaultBid": 999}),
    ("text", "balance", "sp.keywords", {"keywordText": "", "bid": 999}),
]
KINDS = {
    "text": "malformedValueError",
    "money": ("budgetError", "biddingError"),
    "date": "dateError",
    "parent": "parentEntityError",
    "setup": "targetingClauseSetupError",
    "product": "missingValueError",
    "balance": "BID_GT_BUDGET",
    "unique": "duplicateValueError",
}


@pytest.mark.parametrize(("first", "second", "resource", "members"), BOTH)
def test_of_two_flaws_the_earlier_step_is_reported(first, second, resource, members):
    assert RANK[first] < RANK[second]
    tree = grow(resource)
    if resource == "sp.campaigns":
        tree.fixture.one("sp.campaigns", campaign("Parent"))
    outcome = tree.fixture.refusal(tree.fixture.create(resource, [tree.item(**members)]))
    assert outcome.kind in KINDS[first] or outcome.reason == KINDS[first]


def test_every_check_has_one_place_in_the_order():
    checks = [check for step in ORDER for check in step.checks]
    assert len(checks) == len(set(checks))
    for name in (*WIRE_CHECKS, *CATALOG_CHECKS):
        assert name in checks


def test_every_rule_of_the_catalog_and_the_contracts_has_a_builder():
    for compiled in COMPILED.values():
        assert {rule.check for rule in compiled.resource.rules} <= set(CATALOG_CHECKS)
        assert {rule.check for rule in compiled.contract.rules} <= set(WIRE_CHECKS) | CHECKS


def test_refusals_are_of_a_kind_that_the_contract_allows():
    for compiled in COMPILED.values():
        for rule in compiled.contract.rules:
            assert rule.error in compiled.contract.selectors
