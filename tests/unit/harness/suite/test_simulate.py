"""The rules of time err as seldom as their docstrings say."""

import pytest

from tests.bench import simulate

FEW = 60
"""Runs: enough to tell rules that hold from rules that do not, not to measure them."""

LEAST_ACCUSED = 0.7
MOST_ACCUSED = 0.15


@pytest.mark.parametrize(
    ("check", "client", "is_compliant", "share"),
    list(simulate.rates(FEW)),
    ids=lambda value: str(value).replace(" ", "-"),
)
def test_compliant_clients_are_seldom_accused_and_broken_ones_mostly(
    check, client, is_compliant, share
):
    assert share <= MOST_ACCUSED if is_compliant else share >= LEAST_ACCUSED, (check, client)
