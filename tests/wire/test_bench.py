"""The bench runs: both servers answer all of its work without a refusal."""

import pytest

from tests.bench import bench, load


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["create10", "list100"])
@pytest.mark.parametrize("finds_wrk", [True, False])
def test_a_round_measures_both_servers(kind, finds_wrk, monkeypatch):
    if not finds_wrk:
        monkeypatch.setattr(load.shutil, "which", lambda _: None)
    (row,) = bench.measure([kind], rounds=1, seconds=1, connections=4)
    assert row.bare.rate > 0
    assert row.ours.rate > 0
    assert 0 < row.ours.p50 <= row.ours.p99
    assert kind in bench.table([row])[1]
