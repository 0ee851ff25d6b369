"""The name that an error message suggests."""

import pytest

from adsmock.contracts.suggest import did_you_mean

CASES = ["T01", "T10", "T11", "X01"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("T1", "did you mean T01?"),
        ("t10", "did you mean T10?"),
        ("zebra", "choose from T01, T10, T11, X01"),
    ],
)
def test_nearest_name_is_suggested_whatever_its_case_and_zeros(name, text):
    assert did_you_mean(name, CASES) == text


def test_long_list_of_names_is_cut():
    assert did_you_mean("?", map(str, range(100, 200))).endswith("119, …")
