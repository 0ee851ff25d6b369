"""Updates: exact amounts, typed ids, and no member that was not requested."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.harness.client.fake_service import NA, ClientFixture, fill, json_reply

UPDATE = "/sp/campaigns"
CENTS = st.integers(0, 10_000_000).map(lambda cents: cents / 100)


def all_done():
    rows = [{"index": place, "campaignId": str(place)} for place in range(2)]
    return json_reply(207, {"campaigns": {"success": rows, "error": []}})


@given(CENTS, CENTS)
def test_sum_of_two_amounts_of_cents_has_no_tail(value, amount):
    total = ClientFixture().client.updater.add(value, amount)

    assert Decimal(str(total)) == Decimal(str(value)) + Decimal(str(amount))


@pytest.mark.parametrize(("value", "amount", "total"), [(1000, 50, 1050), (0.1, 0.2, 0.3)])
def test_whole_sum_stays_whole(value, amount, total):
    found = ClientFixture().client.updater.add(value, amount)

    assert (found, type(found)) == (total, type(total))


def test_modify_sends_the_id_and_the_new_members_alone():
    fixture = ClientFixture()
    fill(fixture.service, 2)
    fixture.plan(UPDATE, all_done())

    fixture.client.modify("sp.campaigns", NA, members={"state": "PAUSED"})

    sent = next(one for one in fixture.service.to(UPDATE) if one.method == "PUT")
    assert sent.body == {
        "campaigns": [
            {"campaignId": "0", "state": "PAUSED"},
            {"campaignId": "1", "state": "PAUSED"},
        ]
    }


def test_modify_of_an_amount_repeats_only_what_an_update_may_hold():
    fixture = ClientFixture()
    budget = {"budget": 10.1, "budgetType": "DAILY", "effectiveBudget": 10.1}
    fixture.service.stored["campaigns"][None, "c"] = {"campaignId": "5", "name": "c"} | {
        "budget": budget
    }
    fixture.plan(UPDATE, all_done())

    fixture.client.modify("sp.campaigns", NA, raises={"budget.budget": 0.2})

    sent = next(one for one in fixture.service.to(UPDATE) if one.method == "PUT")
    assert sent.body["campaigns"] == [
        {"campaignId": "5", "budget": {"budget": 10.3, "budgetType": "DAILY"}}
    ]


def test_modify_of_nothing_sends_nothing():
    fixture = ClientFixture()

    assert fixture.client.modify("sp.campaigns", NA, members={"state": "PAUSED"}) == []
    assert fixture.service.to(UPDATE) == []


@pytest.mark.parametrize(("code", "done"), [("SUCCESS", True), ("NOT_FOUND", False)])
def test_profile_id_is_a_number_and_each_row_is_read(code, done):
    fixture = ClientFixture()
    fixture.plan("/v2/profiles", json_reply(207, [{"profileId": 111, "code": code}]))

    (outcome,) = fixture.client.update("profiles", NA, [{"profileId": NA, "dailyBudget": 5}])

    (sent,) = fixture.service.to("/v2/profiles")
    assert sent.body == [{"profileId": 111, "dailyBudget": 5}]
    assert outcome.is_done is done
