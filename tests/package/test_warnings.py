"""Warnings are errors where this project raises them, and only there."""

import warnings

import pytest


def warn(module):
    warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module=module)


@pytest.mark.parametrize("module", ["adsmock.contracts.loader", "tests.wire.test_serve"])
def test_warning_of_this_project_is_an_error(module):
    with pytest.raises(DeprecationWarning):
        warn(module)


def test_warning_of_a_third_party_is_shown():
    with warnings.catch_warnings(record=True) as shown:
        warn("flask.app")
    assert [str(each.message) for each in shown] == ["old"]
