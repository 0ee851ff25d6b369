"""Brand Metrics reports: on the clock, weekly by category node, as JSON or CSV."""

import csv
import io
from collections import defaultdict
from datetime import date
from functools import cache
from itertools import count

import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts.schema import form_body
from adsmock.mockserver.services.brand_metrics.metrics import metrics_of, nodes_of
from adsmock.mockserver.services.reporting.requests import SECONDS
from adsmock.mockserver.services.sandboxes.create import ProfileRequest
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import ENDPOINTS, contract_set, value
from tests.unit.mockserver.services.reporting.report_requests import fetch

NUMBERS = count()
V1 = "application/vnd.insightsbrandmetrics.v1+json"
V11 = "application/vnd.insightsbrandmetrics.v1.1+json"
PATH = "/insights/brandMetrics/report"
JUNE = {"reportStartDate": "2026-06-01", "reportEndDate": "2026-06-30"}
home = cache(fixtures.runtime)


def create_server():
    return fixtures.create_server(home(), f"brands{next(NUMBERS)}")


server = cache(create_server)


def create(own, media=V1, **body):
    return own.call(PATH, body, media=media)


def get(own, report, media=V1):
    reply = own.send("GET", f"{PATH}/{report}", b"", own.headers(media))
    assert reply.status == 200, reply.body
    schema = form_body(contract_set().by_name["brandMetrics"], "report")
    jsonschema_rs.validate(schema, value(reply))
    return value(reply)


def finished(own, media=V1, **body):
    """Return the status and the file of a report."""
    reply = create(own, media, **body)
    assert reply.status == 200, reply.body
    own.sandbox.clock.advance(float(SECONDS))
    shown = get(own, value(reply)["reportId"], media)
    return shown, fetch(own, shown["location"]).body if shown["location"] else b""


def rows(own, **body):
    return orjson.loads(finished(own, **body)[1])["brandBuildingMetrics"]


def test_a_report_is_in_progress_then_successful():
    own = create_server()
    made = value(create(own, **JUNE))
    assert (made["status"], made["location"], made["format"]) == ("IN_PROGRESS", "", "JSON")
    assert made["statusDetails"] == "Generation of the report is in progress!"
    assert get(own, made["reportId"])["status"] == "IN_PROGRESS"
    own.sandbox.clock.advance(float(SECONDS))
    shown = get(own, made["reportId"])
    assert (shown["status"], shown["expiration"]) == ("SUCCESSFUL", 300_000)
    assert len(shown["brandsInfo"]) == 1
    own.sandbox.clock.advance(300)
    assert fetch(own, shown["location"]).status == 403
    assert fetch(own, get(own, made["reportId"])["location"]).status == 200


def test_rows_are_of_saturdays_and_of_every_node():
    found = rows(server(), **JUNE)
    days = {row["metadata"]["metricsComputationDate"] for row in found}
    assert days == {"2026-06-06", "2026-06-13", "2026-06-20", "2026-06-27"}
    names = [row["metadata"]["categoryNodeName"] for row in found]
    assert len(names) == len(set(names)) * len(days)
    assert all(isinstance(each, str) for row in found for each in row["metrics"].values())
    documented = contract_set().by_name["brandMetrics"].extra["metrics"]
    assert [*found[0]["metrics"]] == documented


def test_counts_of_a_node_are_those_of_the_nodes_below():
    sums = defaultdict(int)
    own = {}
    for row in rows(server(), **JUNE, metrics=["addToCarts"]):
        words, carts = row["metadata"], int(row["metrics"]["addToCarts"])
        key = (words["metricsComputationDate"], words["categoryNodeName"])
        own[key] = carts
        above = key[1].rpartition("/")[0]
        if above != "/Categories":
            sums[key[0], above] += carts
    assert sums
    assert sums == {key: own[key] for key in sums}


@settings(max_examples=30, deadline=None)
@given(
    leaves=st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from("abc")), unique=True, min_size=1
    ),
    weeks=st.sampled_from([1, 4]),
)
def test_sums_hold_for_every_set_of_categories(leaves, weeks):
    found = {
        node.path: metrics_of((7,), node, date(2026, 6, 6), weeks) for node in nodes_of(leaves)
    }
    for name in ("brandCustomers", "viewedDetailPageOnly", "highValueCustomers"):
        for root in {leaf[0] for leaf in leaves}:
            below = [int(found[leaf][name]) for leaf in leaves if leaf[0] == root]
            assert int(found[root,][name]) == sum(below)


def test_csv_has_the_columns_of_the_guide():
    shown, content = finished(server(), format="CSV", metrics=["brandCustomers"], **JUNE)
    assert shown["format"] == "CSV"
    table = list(csv.DictReader(io.StringIO(content.decode())))
    assert [*table[0]] == [
        "metricsComputationDate", "brandName", "categoryNodeName", "categoryNodeTreeName",
        "brandCustomers",
    ]  # fmt: skip
    plain = rows(server(), metrics=["brandCustomers"], **JUNE)
    assert [row["brandCustomers"] for row in table] == [
        row["metrics"]["brandCustomers"] for row in plain
    ]


def test_requests_select_nodes_periods_and_dates():
    own = server()
    (newest,) = {row["metadata"]["metricsComputationDate"] for row in rows(own)}
    assert newest == "2026-06-27"
    spring = {"reportStartDate": "2026-04-15", "reportEndDate": "2026-06-15"}
    months = rows(own, lookBackPeriod="1CM", **spring)
    assert {row["metadata"]["metricsComputationDate"] for row in months} == {
        "2026-04-30",
        "2026-05-31",
    }
    everything = rows(own, **JUNE)
    department = everything[0]["metadata"]["categoryNodeName"].split("/")[2]
    below = rows(own, categoryPath=[department], **JUNE)
    assert 0 < len(below) < len(everything)
    assert all(f"/Categories/{department}" in row["metadata"]["categoryNodeName"] for row in below)


@pytest.mark.parametrize("body", [{"brandName": "Nobody"}, {"categoryTreeName": "xx-goods"}])
def test_a_report_without_rows_has_no_location(body):
    shown, _ = finished(server(), **JUNE, **body)
    assert (shown["status"], shown["location"]) == ("SUCCESSFUL", "")
    assert "brandsInfo" not in shown


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"metrics": ["none"]}, "metrics: none"),
        ({"lookBackPeriod": "2w"}, "lookBackPeriod"),
        ({"reportStartDate": "20260601"}, "YYYY-MM-DD"),
        ({"reportEndDate": "0001-01-01"}, "YYYY-MM-DD"),
        ({"reportStartDate": "2026-01-01", "reportEndDate": "2026-06-30"}, "3 months"),
        ({"reportStartDate": "2026-06-30", "reportEndDate": "2026-06-01"}, "before"),
    ],
)
def test_invalid_requests_are_refused(body, says):
    reply = create(server(), **body)
    assert (reply.status, value(reply)["code"]) == (422, "422")
    assert says in value(reply)["details"]
    assert reply.content_type == "application/vnd.insightsbrandmetricserror.v1+json"


def test_a_marketplace_without_brand_metrics_is_refused():
    own = fixtures.create_server(
        home(), f"brands{next(NUMBERS)}", profiles=(ProfileRequest("NA", "BR"),)
    )
    reply = create(own, **JUNE)
    assert (reply.status, value(reply)["code"]) == (403, "403")


@pytest.mark.parametrize(
    "media", [V1, V11, "application/json", "application/vnd.brandmetricsreport.v1+json"]
)
def test_every_media_type_that_clients_send_is_taken(media):
    assert finished(server(), media, **JUNE, lookBackPeriod="1w")[1]


def test_the_newer_version_takes_more_metrics():
    many = ["totalSnSCustomers"] * 21
    assert create(server(), V1, metrics=many).status == 422
    assert create(server(), V11, metrics=many).status == 200


def test_a_report_of_another_profile_is_unknown():
    own = server()
    report = value(create(own, **JUNE))["reportId"]
    other = next(each for each in own.sandbox.profiles.values() if each.region == "EU")
    headers = own.headers(V1, Amazon_Advertising_API_Scope=other.id)
    reply = own.send("GET", f"{PATH}/{report}", b"", headers, ENDPOINTS["EU"])
    assert reply.status == 422
    assert own.send("GET", f"{PATH}/none", b"", own.headers(V1)).status == 422


def test_a_planned_fault_makes_a_report_fail():
    own = create_server()
    own.plan("async-fail", times=1)
    assert finished(own, **JUNE)[0]["status"] == "FAILED"
