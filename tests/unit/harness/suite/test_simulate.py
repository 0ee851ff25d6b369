"""The rules of time err as seldom as the words beside their thresholds say."""

import pytest

from tests.bench import simulate

FEW = 60
"""Runs: enough to tell rules that hold from rules that do not, not to measure them."""

LEAST_TOLD_OFF = 0.7
MOST_TOLD_OFF = 0.15


@pytest.mark.parametrize(
    ("check", "client", "is_lawful", "share"),
    list(simulate.rates(FEW)),
    ids=lambda value: str(value).replace(" ", "-"),
)
def test_lawful_clients_are_seldom_told_off_and_broken_ones_mostly(check, client, is_lawful, share):
    assert share <= MOST_TOLD_OFF if is_lawful else share >= LEAST_TOLD_OFF, (check, client)
