import pytest

from tests.unit.mockserver.control.control_client import Panel, panel


@pytest.fixture
def plane() -> Panel:
    return panel()
