"""Options of several processes: what they mean, and what is refused."""

import pytest

from adsmock.cli.main import main, parser_of
from adsmock.mockserver.command import serve
from adsmock.mockserver.core.shard import Shard


def options(*words):
    return parser_of("serve", serve).parse_args(words)


def test_shards_and_their_places_are_read():
    given = options("--shard-at", "mock-1", "--shard-at", "10.0.0.3:9200")
    assert given.shard_at == [("mock-1", 9080), ("10.0.0.3", 9200)]
    assert options("--shard", "2/3").shard == Shard(2, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "3/2"], "is not a shard"),
        (["--shard", "1"], "is not a shard"),
        (["--shard", "0/1"], "is not a shard"),
        (["--shard-at", "http://a"], "is not the place of a shard"),
        (["--shard-at", "a:70000"], "is not the place of a shard"),
        (["--shards", "2", "--shard-at", "a"], "--shards and --shard-at exclude each other"),
        (["--shards", "2", "--shard", "1/2"], "--shards and --shard exclude each other"),
        (["--shard-at", "a", "--seed", "7"], "--seed is an option of the shards"),
        (["--shard-at", "a", "--data-dir", "x"], "--data-dir is an option of the shards"),
    ],
    ids=" ".join,
)
def test_unusable_options_are_one_line_and_exit_2(words, said, capfd):
    assert main(["serve", "--port", "0", *words]) == 2
    error = capfd.readouterr().err
    assert said in error
    assert "Traceback" not in error
