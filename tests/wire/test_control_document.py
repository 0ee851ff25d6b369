"""The control plane against its own OpenAPI document, with generated bodies over a real socket.

No reply may be a 5xx, or leave the statuses, media types and schemas that the document declares.
"""

import pytest
from hypothesis import HealthCheck, settings

from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.openapi import document
from tests.wire.reply import CHECKS, kept_session, labels, try_operation

pytestmark = pytest.mark.one_python

# A stream of events lasts as long as its reader waits; tests of the dashboard read it.
OMITTED = ["sandboxes.delete", "events.follow"]


DOCUMENT = document("0")


@pytest.fixture(scope="module")
def caller():
    """A running mock and the session that calls it."""
    with Mock(port=0) as mock, kept_session() as session:
        yield mock, session


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def reply_is_documented(case, caller):
    mock, session = caller
    if "sandbox" in case.path_parameters:
        case.path_parameters["sandbox"] = mock.default.id

    response = case.call(base_url=mock.control_url, session=session, timeout=300)

    case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("label", labels(DOCUMENT, OMITTED))
def test_replies_stay_within_the_document(label, caller, is_deep):
    try_operation(DOCUMENT, label, reply_is_documented, is_deep=is_deep, caller=caller)
