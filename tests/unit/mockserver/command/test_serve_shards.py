"""The options that each shard gets."""

import argparse

import pytest

from adsmock.mockserver.command import serve
from adsmock.mockserver.command.serve_shards import options_of


def options(*words, configure=serve.configure):
    parser = argparse.ArgumentParser()
    configure(parser)
    return options_of(parser.parse_args(words), configure, 2)


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ("--shards 2", ""),
        ("--shards 2 --port 9000 --control-port 1 --host 0.0.0.0 --announce json", ""),
        ("--shards 2 --config a.toml --until-eof --allow-remote-control", ""),
        ("--shards 2 --public-url http://mock:9080", ""),
        ("--seed 7 --journal full --max-body 99", "--seed 7 --journal full --max-body 99"),
        ("--openapi a.json --openapi b.json", "--openapi a.json --openapi b.json"),
    ],
)
def test_a_shard_gets_what_is_not_about_the_installation(given, passed):
    assert options(*given.split()) == passed.split()


def test_each_shard_has_its_own_data_folder():
    def configure(parser):
        serve.configure(parser)
        if "--data-dir" not in parser.format_help():
            parser.add_argument("--data-dir")

    assert options("--data-dir", "/d", configure=configure) == ["--data-dir", "/d/shard-2"]
