"""Budget recommendations: each hour what the operation says, for campaigns short of budget."""

from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.services.budgets.usage import daily_share
from adsmock.mockserver.services.stream.datasets.budget_recommendations import SHORT
from adsmock.mockserver.services.stream.facts import recommended_members
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.stream.test_delivery import (
    bodies,
    campaigns,
    catch_up,
    subscribed,
)

DATASET = "sp-budget-recommendations"
HOUR = 3_600
MEDIA = "application/vnd.budgetrecommendation.v3+json"


def delivered(hours):
    """Return a server with campaigns, and the records of some hours."""
    own = fixtures.create_server(fixtures.runtime(), "same", seed=5)
    list(campaigns(own, 30))
    own.sandbox.clock.advance(24 * HOUR)
    subscribed(own, DATASET)
    own.sandbox.clock.advance(hours * HOUR)
    catch_up(own)
    return own, bodies(own)


def test_each_hour_has_a_record_for_each_campaign_that_ran_short():
    own, rows = delivered(30)
    zone = ZoneInfo(own.profile().timezone)
    hourly = defaultdict(set)
    for row in rows:
        at = parse_utc(row["recommendation_time"])
        hourly[at].add(row["campaign_id"])
    entities = own.sandbox.store.table(own.profile().id, "sp.campaigns").all()

    assert len(hourly) >= 29
    assert len(rows) == sum(map(len, hourly.values()))
    for at, found in hourly.items():
        day = datetime.fromtimestamp(at, zone).date() - timedelta(days=1)
        assert found == {
            each.id for each in entities if daily_share(own.sandbox, each, day) >= SHORT
        }
    assert len(set(map(frozenset, hourly.values()))) > 1


def test_a_record_agrees_with_the_operation():
    own, rows = delivered(2)
    row = rows[-1]
    reply = own.call(
        "/sp/campaigns/budgetRecommendations", {"campaignIds": [row["campaign_id"]]}, media=MEDIA
    )
    (said,) = value(reply)["budgetRecommendationsSuccessResults"]
    missed = said["sevenDaysMissedOpportunities"]

    assert row["suggested_budget"] == said["suggestedBudget"]
    assert row["estimated_missed_clicks_lower"] == missed["estimatedMissedClicksLower"]
    assert row["estimated_missed_sales_upper"] == missed["estimatedMissedSalesUpper"]
    assert (row["start_date"], row["end_date"]) == (missed["startDate"], missed["endDate"])
    assert row["percent_time_in_budget"] == round(missed["percentTimeInBudget"] / 100, 4) <= 1
    assert list(row) == [member.name for member in recommended_members(DATASET)]
    assert None not in row.values()
