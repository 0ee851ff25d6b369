"""One mock for all tests of this folder, as a process of its own."""

import pytest

from adsmock.harness.suite.control import Server


@pytest.fixture(scope="session")
def control():
    with Server.started() as server:
        yield server.control
