"""Executions of workflows: statuses on the sandbox's clock, cancellation, rejection, downloads."""

import json

import pytest

from adsmock.mockserver.services.marketing_cloud.start import SECONDS
from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY, WEEK, Cloud, account
from tests.unit.mockserver.services.reporting import report_requests

ALL_SECONDS = float(SECONDS)


@pytest.fixture
def cloud():
    return account()


def advance(cloud, seconds):
    cloud.server.sandbox.clock.advance(seconds)


def statuses(cloud, executions):
    return [cloud.get(each)["status"] for each in executions]


def test_an_execution_is_pending_then_running_then_succeeded(cloud):
    execution = cloud.start()
    seen = [execution["status"]]
    for seconds in (ALL_SECONDS * 0.1, ALL_SECONDS * 0.8, ALL_SECONDS * 0.1):
        advance(cloud, seconds)
        seen += statuses(cloud, [execution])
    assert seen == ["PENDING", "RUNNING", "RUNNING", "SUCCEEDED"]


def test_the_reply_has_the_members_of_the_guide(cloud):
    execution = cloud.start()
    sample = {
        "createTime", "dataGaps", "disableAggregationControls", "executionCategory", "expireTime",
        "lastUpdatedTime", "parameterValues", "status", "timeWindowEnd", "timeWindowEndOriginal",
        "timeWindowStart", "timeWindowStartOriginal", "timeWindowTimeZoneOriginal", "waitUntil",
        "workflowExecutionId", "workflowExecutionTimeoutSeconds", "workflowId",
    }  # fmt: skip
    assert sample <= execution.keys()
    assert execution["timeWindowStart"] == "2026-07-01T07:00:00Z"
    assert execution["timeWindowStartOriginal"] == "2026-07-01T00:00:00"
    assert execution["workflowId"].startswith("transient_")


def test_with_documented_replies_the_execution_is_a_member():
    cloud = account(choices={"gateway": "documented"})
    reply = cloud.start()
    assert [*reply] == ["workflowExecution"]


def test_a_stored_workflow_is_executed_by_name(cloud):
    cloud.ok("POST", "workflows", {"workflowId": "w", "sqlQuery": QUERY})
    asked = {"workflowId": "w", "timeWindowType": "MOST_RECENT_DAY"}
    execution = cloud.ok("POST", "workflowExecutions", asked)
    assert execution["workflowId"] == "w"
    assert "timeWindowStart" not in execution  # as in the guide, until it runs
    advance(cloud, ALL_SECONDS)
    path = f"workflowExecutions/{execution['workflowExecutionId']}?includeWorkflow=true"
    found = cloud.ok("GET", path)
    assert found["sqlQuery"] == QUERY
    assert found["timeWindowStart"] < found["timeWindowEnd"]


@pytest.mark.parametrize(
    "changes",
    [
        {"workflowId": "w"},
        {"workflow": None},
        {"workflow": None, "workflowId": "nobody"},
        {"timeWindowStart": None},
        {"timeWindowEnd": "2026-07-01T00:00:00"},
        {"timeWindowEnd": "2026-07-08"},
        {"timeWindowTimeZone": "Mars/Olympus"},
        {"workflowExecutionTimeoutSeconds": 899},
        {"requireSyntheticData": True},
    ],
)
def test_requests_that_cannot_be_executed_are_refused(cloud, changes):
    body = WEEK | {"workflow": {"sqlQuery": QUERY}} | changes
    body = {name: each for name, each in body.items() if each is not None}
    cloud.refused(422, "POST", "workflowExecutions", body)
    cloud.refused(400, "POST", "workflowExecutions", body | {"timeWindowType": "YESTERDAY"})


def test_urls_of_an_unfinished_execution_are_refused_with_the_text_of_the_guide(cloud):
    execution = cloud.start()
    name = execution["workflowExecutionId"]
    text = cloud.refused(400, "GET", f"workflowExecutions/{name}/downloadUrls")
    assert text == f"Execution with ID {name} is unavailable for download."


def test_urls_name_the_result_and_the_metadata_for_ten_minutes(cloud):
    execution = cloud.start()
    advance(cloud, ALL_SECONDS)
    path = f"workflowExecutions/{execution['workflowExecutionId']}/downloadUrls"
    first, second = cloud.ok("GET", path), cloud.ok("GET", path)
    assert first["downloadUrls"] != second["downloadUrls"]
    result, metadata = cloud.files(execution)
    assert result.startswith(b"campaign,shown\n")
    assert json.loads(metadata)["rowCount"] == len(result.splitlines()) - 1
    advance(cloud, 599)
    (url,) = first["downloadUrls"]
    assert report_requests.fetch(cloud.server, url).body == result
    advance(cloud, 1)
    assert report_requests.fetch(cloud.server, url).status == 403


def test_a_canceled_execution_has_no_output_and_stays_canceled(cloud):
    execution = cloud.start()
    cloud.cancel(execution)
    advance(cloud, ALL_SECONDS)
    found = cloud.get(execution)
    assert found["status"] == "CANCELLED"
    assert found["outputChannels"][0]["status"] == "UNAVAILABLE"
    name = execution["workflowExecutionId"]
    cloud.refused(400, "GET", f"workflowExecutions/{name}/downloadUrls")
    cloud.refused(400, "PUT", f"workflowExecutions/{name}", {"status": "CANCELLED"})


def test_other_updates_are_ignored(cloud):
    execution = cloud.start()
    path = f"workflowExecutions/{execution['workflowExecutionId']}"
    assert cloud.ok("PUT", path, {"status": "SUCCEEDED", "workflowId": "x"}) == {}
    assert cloud.get(execution) == execution


def test_ten_executions_of_an_instance_run_and_others_wait(cloud):
    executions = [cloud.start(timeWindowEnd=f"2026-07-{day:02}T00:00:00") for day in range(2, 14)]
    other = Cloud(cloud.server, synthetic=True)
    elsewhere = other.start()
    advance(cloud, ALL_SECONDS - 1)
    assert statuses(cloud, executions) == ["RUNNING"] * 10 + ["PENDING"] * 2
    assert other.get(elsewhere)["status"] == "RUNNING"
    cloud.cancel(executions[0])
    assert statuses(cloud, executions[10:]) == ["RUNNING", "PENDING"]
    advance(cloud, 1)
    assert statuses(cloud, executions[1:11]) == ["SUCCEEDED"] * 9 + ["RUNNING"]
    assert statuses(cloud, executions[11:]) == ["RUNNING"]


def test_similar_queries_over_the_same_data_are_rejected():
    cloud = account(choices={"amc.similarQueries": "2"})
    query = "SELECT campaign FROM sponsored_ads_traffic WHERE campaign_id = {}"
    executions = [cloud.start(query.format(number)) for number in (1, 2, 1, 3)]
    before = {"timeWindowStart": "2026-06-01T00:00:00", "timeWindowEnd": "2026-07-01T00:00:00"}
    executions.append(cloud.start(query.format(3), **before))
    executions.append(cloud.start(query.format(3).replace("campaign_id", "portfolio_id")))
    advance(cloud, ALL_SECONDS)
    assert statuses(cloud, executions) == [
        "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED",
    ]  # fmt: skip
    rejected = cloud.get(executions[3])
    assert rejected["statusReason"] == (
        f'Execution "{rejected["workflowExecutionId"]}" of workflow "{rejected["workflowId"]}" '
        "could not be run because too many workflows have already been run against the same input "
        "data sources in the same or overlapping time windows."
    )


def test_without_aggregation_controls_only_synthetic_output_can_be_retrieved(cloud):
    sandbox = Cloud(cloud.server, synthetic=True)
    executions = [each.start(disableAggregationControls=True) for each in (cloud, sandbox)]
    advance(cloud, ALL_SECONDS)
    found = cloud.get(executions[0])
    assert found["status"] == "SUCCEEDED"
    (channel,) = found["outputChannels"]
    assert (channel["status"], "synthetic" in channel["statusReason"]) == ("UNAVAILABLE", True)
    path = f"workflowExecutions/{executions[0]['workflowExecutionId']}/downloadUrls"
    cloud.refused(400, "GET", path)
    assert sandbox.files(executions[1])[0].startswith(b"campaign,shown\n")


def test_a_dry_run_ends_before_it_would_be_computed(cloud):
    execution = cloud.start(dryRun=True)
    advance(cloud, ALL_SECONDS * 0.1)
    assert cloud.get(execution)["status"] == "SUCCEEDED"
    path = f"workflowExecutions/{execution['workflowExecutionId']}/downloadUrls"
    cloud.refused(400, "GET", path)


def test_lists_need_a_limit_and_show_the_newest_first(cloud):
    first = cloud.start()
    advance(cloud, 60)
    second, canceled = cloud.start(), cloud.start()
    cloud.cancel(canceled)
    cloud.refused(400, "GET", "workflowExecutions")
    cloud.refused(422, "GET", "workflowExecutions?minCreationTime=yesterday")

    def listed(query):
        rows = cloud.ok("GET", f"workflowExecutions?{query}")["executions"]
        return [row["workflowExecutionId"] for row in rows]

    a, b, c = (each["workflowExecutionId"] for each in (first, second, canceled))
    everything = "minCreationTime=2026-07-01T00:00:00"
    assert listed(everything) == [b, a]
    assert listed(f"{everything}&sortAscending=true&includeCancelled=true") == [a, b, c]
    assert listed(f"workflowId={first['workflowId']}") == [a]
    after = second["createTime"].removesuffix("Z")
    assert listed(f"minCreationTime={after}") == [b]
    assert listed(f"{everything}&maxCreationTime={first['createTime']}") == [a]


def test_a_deleted_execution_is_gone(cloud):
    execution = cloud.start()
    path = f"workflowExecutions/{execution['workflowExecutionId']}"
    assert cloud.ok("DELETE", path) == {}
    cloud.refused(404, "GET", path)


def test_planned_faults_of_jobs_act_on_executions(cloud):
    cloud.server.plan("async-fail", times=1)
    failed, plain = cloud.start(), cloud.start()
    advance(cloud, ALL_SECONDS)
    assert statuses(cloud, [failed, plain]) == ["FAILED", "SUCCEEDED"]
