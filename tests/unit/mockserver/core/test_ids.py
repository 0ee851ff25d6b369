"""Ids differ between sandboxes; their order does not."""

from __future__ import annotations

import pytest

from adsmock.mockserver.core.ids import Mint


def _order(ids: list[str]) -> list[int]:
    return sorted(range(len(ids)), key=lambda place: int(ids[place]))


@pytest.mark.parametrize("kind", ["profile", "sp.campaigns"])
def test_the_nth_id_has_the_same_rank_in_all_mints_of_an_order(kind: str) -> None:
    mints = [Mint(("server", f"sandbox-{number}"), 7).entities(kind, 50) for number in range(200)]

    assert len({tuple(ids) for ids in mints}) == 200
    assert {tuple(_order(ids)) for ids in mints} == {tuple(_order(mints[0]))}
    assert {len(each) for ids in mints for each in ids} == {15}


def test_another_order_gives_other_ranks() -> None:
    orders = {tuple(_order(Mint("one", order).entities("profile", 6))) for order in range(20)}

    assert len(orders) > 1


def test_ids_do_not_repeat() -> None:
    ids = Mint("one").entities("sp.keywords", 100_000)

    assert len(set(ids)) == 100_000
