import pytest

from tests.unit.control.panel import Panel, panel


@pytest.fixture
def plane() -> Panel:
    return panel()
