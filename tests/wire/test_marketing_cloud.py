"""An execution of Marketing Cloud over real sockets: the result comes from a plain HTTP client."""

import requests

from adsmock.mockserver.app import Mock
from tests.unit.mockserver.services.marketing_cloud.cloud_calls import QUERY
from tests.wire.call_headers import headers_of


def test_a_finished_execution_is_downloaded():
    with Mock(port=0) as mock:
        base, session = mock.urls["NA"]["ads"], requests.Session()
        session.headers.update(headers_of(mock))
        (account, *_) = session.get(f"{base}/amc/accounts", timeout=60).json()["amcAccounts"]
        session.headers["Amazon-Advertising-API-AdvertiserId"] = account["accountId"]
        session.headers["Amazon-Advertising-API-MarketplaceId"] = account["marketplaceId"]
        found = session.get(f"{base}/amc/instances", timeout=60)
        instance = found.json()["instances"][0]["instanceId"]
        path = f"{base}/amc/reporting/{instance}/workflowExecutions"
        made = session.post(path, json={"workflow": {"sqlQuery": QUERY}}, timeout=60)
        execution = f"{path}/{made.json()['workflowExecutionId']}"
        early = session.get(f"{execution}/downloadUrls", timeout=60)
        job = next(iter(mock.default.jobs.values()))
        with mock.default.lock:
            job.finished = mock.default.clock.now()
        done = session.get(execution, timeout=60)
        urls = session.get(f"{execution}/downloadUrls", timeout=60).json()["downloadUrls"]
        result = requests.get(urls[0], timeout=60)

    assert found.headers["Content-Type"] == "application/json"
    assert (made.status_code, made.json()["status"]) == (200, "PENDING")
    assert (early.status_code, early.json()["code"]) == (400, "400")
    assert done.json()["status"] == "SUCCEEDED"
    assert (result.status_code, result.text) == (200, "campaign,shown\n")
