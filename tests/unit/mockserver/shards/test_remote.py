"""A shard on another machine that is not there, or that nobody can find."""

import pytest

from adsmock.mockserver.core.shard import Shard
from adsmock.mockserver.shards import remote
from adsmock.mockserver.shards.process import ShardError
from adsmock.mockserver.shards.remote import RemoteShard


def test_a_shard_that_never_answers_is_named_with_what_starts_it(monkeypatch):
    monkeypatch.setattr(remote, "_FIND_SECONDS", 0.0)
    shard = RemoteShard(Shard(2, 3), ("127.0.0.1", 1))
    with pytest.raises(ShardError) as found:
        shard.await_ready()
    text = str(found.value)
    assert "shard 02 is not at 127.0.0.1:1 (no mock answers there)" in text
    assert "'adsmock serve --shard 2/3 --host 127.0.0.1 --port 1 --allow-remote-control'" in text
    assert (shard.is_up, shard.starts, shard.pid) == (False, 0, 0)


def test_a_name_without_an_address_is_reported():
    shard = RemoteShard(Shard(1, 1), ("no-such-machine.invalid", 9080))
    with pytest.raises(ShardError, match=r"shard 01 is not at no-such-machine\.invalid:9080"):
        shard.await_ready()


def test_a_shard_that_was_never_found_has_ended():
    shard = RemoteShard(Shard(1, 2), ("mock-1", 9080))
    assert "shard 01 at mock-1:9080 has ended" in shard.wait()
