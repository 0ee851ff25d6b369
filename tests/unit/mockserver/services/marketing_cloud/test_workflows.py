"""Workflows: stored by name, replaced, deleted; queries that privacy rules refuse."""

from functools import cache
from itertools import count

import pytest

from tests.unit.mockserver import fixtures
from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY, Cloud

NUMBERS = count()
home = cache(fixtures.runtime)


@pytest.fixture
def cloud():
    return Cloud(fixtures.create_server(home(), f"workflows{next(NUMBERS)}"))


def create(cloud, name="w", query=QUERY, **rest):
    return cloud.ok("POST", "workflows", {"workflowId": name, "sqlQuery": query, **rest})


def test_a_workflow_is_read_back_as_it_was_written(cloud):
    rest = {"distinctUserCountColumn": "users", "outputFormat": {"separatorCharacter": ";"}}
    assert create(cloud, **rest) == {}
    stored = {"workflowId": "w", "sqlQuery": QUERY} | rest
    assert cloud.ok("GET", "workflows/w") == {"workflow": stored}
    assert cloud.ok("GET", "workflows") == {"workflows": [stored], "nextToken": None}


def test_each_instance_has_its_own_workflows(cloud):
    create(cloud)
    other = Cloud(cloud.server, synthetic=True)
    assert other.ok("GET", "workflows")["workflows"] == []
    other.refused(404, "GET", "workflows/w")


def test_an_update_replaces_the_whole_workflow(cloud):
    create(cloud, distinctUserCountColumn="users")
    changed = QUERY.replace("campaign", "ad_group")
    cloud.ok("PUT", "workflows/w", {"sqlQuery": changed})
    found = cloud.ok("GET", "workflows/w")["workflow"]
    assert found == {"workflowId": "w", "sqlQuery": changed}
    cloud.refused(422, "PUT", "workflows/w", {"workflowId": "other", "sqlQuery": QUERY})
    cloud.refused(404, "PUT", "workflows/other", {"sqlQuery": QUERY})


def test_a_deleted_workflow_is_gone_and_its_name_is_free(cloud):
    create(cloud)
    assert cloud.ok("DELETE", "workflows/w") == {}
    cloud.refused(404, "GET", "workflows/w")
    cloud.refused(404, "DELETE", "workflows/w")
    assert cloud.ok("GET", "workflows")["workflows"] == []
    create(cloud)


def test_names_are_unique_and_have_plain_characters(cloud):
    create(cloud, "Streaming_T.V_Performance-Report2023")
    text = cloud.refused(
        400,
        "POST",
        "workflows",
        {"workflowId": "Streaming_T.V_Performance-Report2023", "sqlQuery": QUERY},
    )
    assert "already exists" in text
    cloud.refused(400, "POST", "workflows", {"workflowId": "two words", "sqlQuery": QUERY})
    cloud.refused(400, "POST", "workflows", {"sqlQuery": QUERY})


def test_a_workflow_needs_a_query_of_a_bounded_length(cloud):
    cloud.refused(422, "POST", "workflows", {"workflowId": "w"})
    text = cloud.refused(422, "POST", "workflows", {"workflowId": "w", "sqlQuery": "x" * 50_001})
    assert "50001 characters" in text


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("SELECT user_id FROM sponsored_ads_traffic", "user_id"),
        ("SELECT MAX(user_id) AS one FROM sponsored_ads_traffic", "user_id"),
        (
            "SELECT who FROM (SELECT user_id AS who FROM sponsored_ads_traffic) AS a",
            "user_id",
        ),
        ("SELECT campaign FROM sponsored_ads_traffic WHERE user_id = 'A'", "user_id"),
        ("SELECT campaign FROM sponsored_ads_traffic WHERE user_id IN ('A', 'B')", "user_id"),
        (
            "SELECT campaign FROM sponsored_ads_traffic WHERE user_id = CUSTOM_PARAMETER('who')",
            "user_id",
        ),
        ("SELECT impressions FROM dsp_impressions WHERE postal_code IN (10001)", "postal_code"),
    ],
)
def test_queries_that_could_show_one_user_are_refused(cloud, query, column):
    text = cloud.refused(400, "POST", "workflows", {"workflowId": "w", "sqlQuery": query})
    assert text.startswith(f"Column {column} has the aggregation threshold")
    cloud.refused(400, "POST", "workflowExecutions", {"workflow": {"sqlQuery": query}})
    cloud.refused(404, "GET", "workflows/w")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT campaign, COUNT(DISTINCT user_id) AS reach FROM sponsored_ads_traffic GROUP BY 1",
        (
            "SELECT a.campaign FROM sponsored_ads_traffic a JOIN dsp_impressions b "
            "ON a.user_id = b.user_id WHERE a.campaign_id = 7"
        ),
        "SELECT user_id FROM my_uploaded_table",
        "SELECT campaign FROM TABLE(EXTEND_TIME_WINDOW('sponsored_ads_traffic', 'P14D', 'P1D'))",
        "a form of the dialect that nothing else reads ((((",
        "SELECT " + "(" * 900 + "1" + ")" * 900,
        f"SELECT campaign FROM sponsored_ads_traffic WHERE campaign_id IN ({'1,' * 20_000}1)",
    ],
)
def test_other_queries_are_accepted(cloud, query):
    create(cloud, query=query)
