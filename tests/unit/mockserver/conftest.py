import pytest

from tests.unit.mockserver.control.fixtures import ControlFixture, make_control


@pytest.fixture
def control() -> ControlFixture:
    return make_control()
