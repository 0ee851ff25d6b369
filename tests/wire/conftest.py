"""A running mock and clients of it, for files that do not make their own."""

import re

import pytest

from adsmock.mockserver.app import Mock
from tests.wire.integrator import Client, planted


@pytest.fixture(scope="session")
def is_deep(pytestconfig):
    """Whether the tests have hours, as in ``make deep``."""
    return pytestconfig.getoption("--hypothesis-profile") == "deep"


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0) as mock:
        yield mock


@pytest.fixture(scope="module")
def client(mock):
    """A client whose account holds something to read."""
    return planted(mock)


@pytest.fixture
def fresh(mock, request):
    """A client whose account is empty and its own."""
    client = Client(mock, re.sub(r"\W", "-", request.node.name)[:60])
    yield client
    mock.runtime.sandboxes.remove(client.sandbox.id)
