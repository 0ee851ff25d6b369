"""A data directory, and servers that continue on copies of it."""

import shutil

import pytest

from adsmock.mockserver.runtime import Runtime
from tests.unit.mockserver.services.durable.fixtures import start


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def killed(folder, tmp_path):
    """Return a function that starts a server on what a killed one has left."""
    number = 0

    def again(**settings) -> Runtime:
        nonlocal number
        number += 1
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(folder, copy)
        return start(copy, **settings)

    return again
