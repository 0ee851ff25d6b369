"""The control plane against its own OpenAPI document, with generated bodies over a real socket.

No reply may be a 5xx, or leave the statuses, media types and schemas that the document declares.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.openapi import document
from tests.wire.reply import CHECKS

pytestmark = pytest.mark.one_python

# A stream of events lasts as long as its reader waits; tests of the dashboard read it.
DOCUMENT = schemathesis.openapi.from_dict(document("0")).exclude(
    operation_id=["sandboxes.delete", "events.follow"]
)


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0) as mock:
        yield mock


@DOCUMENT.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_replies_stay_within_the_document(case, mock):
    if "sandbox" in case.path_parameters:
        case.path_parameters["sandbox"] = mock.default.id

    response = case.call(base_url=mock.control_url, timeout=60)

    case.validate_response(response, checks=CHECKS)
