"""Results agree with reports; thresholds hide rows with few users; data arrive after 48 hours."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts import report_fields
from adsmock.mockserver.catalog.marketing_cloud import FIELDS, READABLE
from adsmock.mockserver.services.marketing_cloud.data_sources import least_users, tables
from adsmock.mockserver.services.marketing_cloud.places import EARLIEST, arrange
from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY, Cloud, account
from tests.unit.mockserver.services.reporting import report_requests

TRAFFIC = "sponsored_ads_traffic"
EVENTS = "amazon_attributed_events_by_traffic_time"
LEVELS = ("ad_group", "ad_product_type", "campaign", "campaign_id", "event_date", "portfolio_id")


@pytest.fixture(scope="module")
def cloud():
    made = Cloud(report_requests.account())
    report_requests.grow(made.server, "SPONSORED_BRANDS")
    made.server.sandbox.clock.advance(2 * 86_400)
    return made


@pytest.fixture(scope="module")
def reports(cloud):
    wish = report_requests.wish(columns=["campaignName", "impressions", "clicks", "cost"])
    return report_requests.finished(cloud.server, wish)


def selected(columns, table, sums=("impressions",)):
    shown = ", ".join([*columns, *(f"SUM({each}) AS {each}" for each in sums)])
    groups = f" GROUP BY {', '.join(columns)}" if columns else ""
    return f"SELECT {shown} FROM {table}{groups}"


def test_every_column_with_a_value_is_one_of_a_table():
    known = report_fields.fields()
    columns = {name for table in READABLE for name in tables()[table]}
    assert FIELDS.keys() <= columns
    assert set(FIELDS.values()) <= known.keys()
    assert {each.threshold for row in tables().values() for each in row.values()} - {
        "VERY_HIGH",
        "INTERNAL",
    } <= least_users().keys()


def test_rows_of_sponsored_products_are_those_of_reporting_v3(cloud, reports):
    sums = ("impressions", "clicks", "spend")
    rows = cloud.result(selected(["campaign", "ad_product_type"], TRAFFIC, sums))
    found = {
        row["campaign"]: (int(row["impressions"]), int(row["clicks"]), int(row["spend"]))
        for row in rows
        if row["ad_product_type"] == "sponsored_products"
    }
    assert len(found) == 3
    assert found == {
        row["campaignName"]: (row["impressions"], row["clicks"], round(row["cost"] * 10**8))
        for row in reports
    }
    assert {row["ad_product_type"] for row in rows} == {"sponsored_products", "sponsored_brands"}


@settings(max_examples=12, deadline=None)
@given(columns=st.lists(st.sampled_from(LEVELS), unique=True))
def test_sums_do_not_depend_on_the_columns(cloud, columns):
    asked = {"disableAggregationControls": True}
    whole = Cloud(cloud.server, synthetic=True)
    (total,) = whole.result(selected([], TRAFFIC), **asked)
    rows = whole.result(selected(columns, TRAFFIC), **asked)
    assert sum(int(row["impressions"]) for row in rows) == int(total["impressions"]) > 0


def test_conversions_and_reach_have_values_and_unknown_columns_none(cloud):
    query = (
        "SELECT campaign, SUM(total_purchases) AS orders, COUNT(DISTINCT user_id) AS reach, "
        f"LOWER(placement_type) AS placement FROM {EVENTS} GROUP BY campaign"
    )
    rows = cloud.result(query)
    assert sum(int(row["orders"]) for row in rows) > 0
    assert all(int(row["reach"]) > 0 for row in rows)
    assert {row["placement"] for row in rows} == {""}


def test_names_of_inner_queries_lead_to_their_columns(cloud):
    inner = f"SELECT campaign AS c, SUM(impressions) AS i FROM {TRAFFIC} GROUP BY campaign"
    rows = cloud.result(f"WITH a AS ({inner}) SELECT c AS name, SUM(i) AS shown FROM a GROUP BY c")
    plain = cloud.result(QUERY)
    assert {row["name"]: row["shown"] for row in rows} == {
        row["campaign"]: row["shown"] for row in plain
    }


def test_synthetic_data_differ_from_the_real_ones(cloud):
    assert Cloud(cloud.server, synthetic=True).result() != cloud.result()


def test_tables_of_amazon_dsp_have_no_rows(cloud):
    assert cloud.result("SELECT campaign, SUM(impressions) AS i FROM dsp_impressions") == []


def test_rows_with_too_few_users_are_left_out_or_emptied():
    cloud = Cloud(
        report_requests.account(budget=10.0)
    )  # little traffic, so that some rows have one
    cloud.server.sandbox.clock.advance(2 * 86_400)
    query = selected(["customer_search_term", "event_date", "campaign"], TRAFFIC)
    plain = cloud.result(query)
    workflow = {
        "sqlQuery": query,
        "filteredMetricsDiscriminatorColumn": "filtered",
        "distinctUserCountColumn": "users",
        "filteredReasonColumn": "reason",
    }
    rows = cloud.result(workflow=workflow)
    kept = [row for row in rows if row["filtered"] == "FALSE"]
    emptied = [row for row in rows if row["filtered"] == "TRUE"]
    assert len(kept) == len(plain)
    assert all(int(row["users"]) >= 2 for row in kept)
    assert emptied
    assert {row[name] for row in emptied for name in ("event_date", "campaign")} == {""}
    assert all(row["reason"] for row in emptied)


def test_data_arrive_after_two_days():
    cloud = Cloud(report_requests.account())  # noon of 2026-07-08
    rows = cloud.result(selected(["event_date"], TRAFFIC))
    assert max(row["event_date"] for row in rows) == "2026-07-05"
    cloud.server.sandbox.clock.advance(2 * 86_400)
    rows = cloud.result(selected(["event_date"], TRAFFIC))
    assert max(row["event_date"] for row in rows) == "2026-07-07"


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("MOST_RECENT_DAY", ("2026-07-07", "2026-07-07")),
        ("MOST_RECENT_WEEK", ("2026-07-01", "2026-07-07")),
        ("CURRENT_MONTH", ("2026-07-01", "2026-07-07")),
        ("ALL", ("2026-07-01", "2026-07-07")),
    ],
)
def test_windows_end_with_the_last_day_that_has_arrived(kind, days):
    asked = {"timeWindowType": kind, "timeWindowStart": None, "timeWindowEnd": None}
    cloud = account()  # noon of 2026-07-10
    body = {name: each for name, each in asked.items() if each}
    rows = cloud.result(selected(["event_date"], TRAFFIC), **body)
    found = [row["event_date"] for row in rows]
    assert (min(found), max(found)) == days


def test_the_format_of_a_workflow_is_used(cloud):
    execution = cloud.start(
        workflow={"sqlQuery": QUERY, "outputFormat": {"separatorCharacter": ";"}}
    )
    cloud.server.sandbox.clock.advance(900)
    assert cloud.files(execution)[0].startswith(b"campaign;shown\n")


class _Execution:
    """A job with the members that places depend on."""

    def __init__(self, earliest, seconds):
        self.request = {EARLIEST: earliest}
        self.starts, self.due, self.is_stuck = earliest, earliest + seconds, False

    def stage(self, now):
        return "running" if now < self.due else "completed"


@given(
    jobs=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=30),
    parallel=st.integers(1, 4),
)
def test_no_more_than_the_limit_run_and_no_place_stays_free(jobs, parallel):
    made = [_Execution(float(earliest), float(seconds)) for earliest, seconds in jobs]
    arrange(made, 0.0, parallel)
    running = Counter(moment for job in made for moment in range(int(job.starts), int(job.due)))
    assert all(count <= parallel for count in running.values())
    for number, job in enumerate(made):
        if job.starts > job.request[EARLIEST]:
            assert any(other.due == job.starts for other in made[:number])
