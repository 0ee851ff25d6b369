"""The mock against its own OpenAPI document, with generated bodies over real sockets.

No reply may be a 5xx, or leave the statuses, media types and schemas that the document declares.
"""

from copy import deepcopy

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.failures import FailureGroup

from adsmock.contracts.loader import load
from adsmock.contracts.openapi import document, operation_object
from adsmock.mockserver.app import Mock
from adsmock.mockserver.core.sandbox import QuotaSetting
from tests.wire.reply import CHECKS, kept_session, labels, try_operation

pytestmark = pytest.mark.one_python


def unified(product):
    """Return the document of one ad product: bodies of several take minutes to generate."""
    contract_set = load()
    paths = {
        operation.path: {"post": unlimited(operation_object(contract_set, contract, operation))}
        for contract in contract_set.by_name.values()
        for operation in contract.operations
        if operation.product == product
    }
    return {**document(), "paths": paths}


def unlimited(described):
    """Return an operation whose replies may be of any length.

    For ids that nobody knows another product may answer, whose batches are larger.
    """
    described = deepcopy(described)
    reply = described["responses"].get("207")
    rows = reply["content"]["application/json"]["schema"]["properties"] if reply else {}
    for each in rows.values():
        each.pop("maxItems", None)
        each["items"]["properties"]["index"].pop("maximum", None)
    return described


DOCUMENT = document()
OWN = [each for each in labels(DOCUMENT) if " /adsApi/" not in each]
UNIFIED = unified("SPONSORED_TELEVISION")


@pytest.fixture(scope="module")
def caller():
    """What calls a running mock: its URL, and headers and session of a client without quotas."""
    with Mock(port=0) as mock, kept_session() as session:
        sandbox = mock.default
        for name in sandbox.throttle.quotas:
            sandbox.throttle.quotas[name] = QuotaSetting(1e9, 1e9)
        own = sandbox.credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": own.refresh_token,
            "client_id": own.client_id,
            "client_secret": own.client_secret,
        }
        url = mock.urls["NA"]["ads"]
        granted = requests.post(f"{url}/auth/o2/token", data=form, timeout=60).json()
        headers = {
            "Authorization": f"Bearer {granted['access_token']}",
            "Amazon-Advertising-API-ClientId": own.client_id,
            "Amazon-Advertising-API-Scope": next(iter(sandbox.profiles)),
        }
        yield {"base_url": url, "headers": headers, "session": session, "timeout": 300}


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def reply_is_documented(case, caller):
    response = case.call(**caller)

    case.validate_response(response, checks=CHECKS)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def unified_reply_is_documented(case, caller):
    response = case.call(**caller)

    case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("label", OWN)
def test_replies_stay_within_the_document(label, caller, is_deep):
    try_operation(DOCUMENT, label, reply_is_documented, is_deep=is_deep, caller=caller)


@pytest.mark.parametrize("label", labels(UNIFIED))
def test_unified_replies_stay_within_the_document(label, caller, is_deep):
    try_operation(UNIFIED, label, unified_reply_is_documented, is_deep=is_deep, caller=caller)


def test_checks_find_a_reply_outside_the_document(caller):
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    case = schema["/sp/campaigns/list"]["POST"].Case(body={}, headers=caller["headers"])
    response = case.call(**caller)
    response.status_code = 299

    with pytest.raises(FailureGroup) as caught:
        case.validate_response(response, checks=CHECKS)

    assert "299" in str(caught.value)
