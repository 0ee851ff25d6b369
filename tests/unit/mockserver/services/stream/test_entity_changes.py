"""Entity datasets: a record with all members at each creation and each change."""

import json

import pytest

from adsmock.mockserver.services.stream.datasets.entity_changes import RENDERER
from adsmock.mockserver.services.stream.delivery.record import Period
from adsmock.mockserver.services.stream.facts import entity_dataset, extra
from tests.unit.mockserver.fixtures import CAMPAIGN, value
from tests.unit.mockserver.services.reporting.report_requests import account
from tests.unit.mockserver.services.stream.stream_calls import create_server
from tests.unit.mockserver.services.stream.test_delivery import (
    bodies,
    campaigns,
    catch_up,
    subscribed,
)

DATASETS = sorted(row["dataset"] for row in extra()["entities"])
IDS = {
    "campaigns": "campaignId", "adGroups": "adGroupId", "ads": "adId", "targets": "targetId",
}  # fmt: skip
COUNTS = {"campaigns": 3, "adGroups": 6, "ads": 12}


def update(own, **members):
    reply = own.call("/sp/campaigns", {"campaigns": [members]}, "PUT", media=CAMPAIGN)
    assert not value(reply)["campaigns"]["error"], reply.body


def delivered(own, dataset):
    own.sandbox.clock.advance(60)
    catch_up(own)
    return bodies(own, dataset)


@pytest.fixture(scope="module")
def own():
    return account()


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_new_entity_has_one_record_with_the_members_of_its_dataset(own, dataset):
    now = own.sandbox.clock.now()
    of = entity_dataset(dataset)
    rows = [each.value for each in RENDERER.records(
        Period(own.sandbox, own.profile(), dataset, now - 30 * 86_400, now)
    )]  # fmt: skip
    name = IDS[of.resource]
    name = name.removesuffix("Id") + "_id" if of.is_snake_case else name
    name = "ad_group_id" if name == "adGroup_id" else name
    found = [row[name] for row in rows]
    paths = {member.path.partition(".")[0] for member in of.members}

    assert len(found) == len(set(found)) == COUNTS.get(of.resource, len(found)) > 0
    for row in rows:
        assert set(row) <= paths
        assert row["dataset_id"] == dataset
        assert row["advertiser_id"] == own.profile().account_id
        assert "idempotency_id" not in row
        assert len(json.dumps(row)) < 6_000


def test_a_change_has_the_values_of_its_moment_and_a_higher_version():
    own = create_server()
    subscribed(own, "campaigns", "campaigns")
    (campaign_id,) = campaigns(own, 1)
    update(own, campaignId=campaign_id, state="PAUSED")
    own.sandbox.clock.advance(1)
    update(own, campaignId=campaign_id, budget={"budget": 77.0, "budgetType": "DAILY"})
    rows = sorted(delivered(own, "campaigns"), key=lambda row: row["version"])

    assert [row["campaignId"] for row in rows] == [campaign_id] * 3
    assert [row["state"] for row in rows] == ["ENABLED", "PAUSED", "PAUSED"]
    caps = [row["budget"]["budgetCap"] for row in rows]
    assert [cap["monetaryBudget"]["amount"] for cap in caps] == [10.0, 10.0, 77.0]
    assert caps[0]["monetaryBudget"]["currencyCode"] == "USD"
    assert caps[0]["recurrence"]["recurrenceType"] == "DAILY"
    assert len({row["version"] for row in rows}) == 3


def test_the_newer_datasets_have_the_unified_model_in_snake_case():
    own = create_server()
    dataset = "ads-campaign-management-campaigns"
    subscribed(own, dataset, dataset)
    (campaign_id,) = campaigns(own, 1)
    (row,) = delivered(own, dataset)

    assert row["campaign_id"] == campaign_id
    assert row["state"] == {"state": "ENABLED"}
    assert row["status"]["delivery_status"] in {"DELIVERING", "NOT_DELIVERING"}
    amount = row["budgets"][0]["budget_value"]["monetary_budget_value"]["monetary_budget"]
    assert amount == {"value": 10.0, "currency_code": "USD"}


def test_what_existed_before_the_subscription_is_not_delivered_until_it_changes():
    own = create_server()
    (campaign_id,) = campaigns(own, 1)
    own.sandbox.clock.advance(60)
    subscribed(own, "campaigns", "campaigns")
    assert delivered(own, "campaigns") == []
    update(own, campaignId=campaign_id, name="Another name")
    (row,) = delivered(own, "campaigns")
    assert row["name"] == "Another name"
    assert delivered(own, "campaigns") == [row]
