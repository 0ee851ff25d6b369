import pytest

from tests.unit.mockserver.control.panel import Panel, panel


@pytest.fixture
def plane() -> Panel:
    return panel()
