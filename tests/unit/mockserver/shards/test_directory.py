"""Where sandboxes are placed, and what is in the balancer's maps."""

import pytest

from adsmock.mockserver.core.shard import CLIENT_PREFIX
from adsmock.mockserver.shards.directory import Directory


class FakeMaps(dict):
    """Maps as a balancer has them: (map, key) to shard."""

    def add(self, name, keys, shard):
        self.update({(name, key): shard for key in keys})

    def remove(self, name, keys):
        for key in keys:
            del self[name, key]


@pytest.fixture
def maps():
    return FakeMaps()


@pytest.fixture
def directory(maps):
    return Directory(["01", "02"], maps)


def row(name, shard="01", client=None):
    client = client or f"{CLIENT_PREFIX}{shard}{'0' * 30}"
    return {"id": name, "client": {"clientId": client}, "profiles": [{"profileId": f"9{name}"}]}


def test_a_sandbox_goes_to_the_shard_with_the_fewest(directory):
    assert directory.least_loaded(["01", "02"]) == "01"
    directory.add(row("a"), "01")
    assert directory.least_loaded(["01", "02"]) == "02"
    assert directory.least_loaded(["01"]) == "01"
    assert directory.least_loaded([]) is None


def test_what_carries_no_shard_is_in_a_map(directory, maps):
    directory.add(row("a"), "01")
    assert maps == {("sandboxes", "a"): "01", ("profiles", "9a"): "01"}
    directory.add(row("b", client="brought"), "02")
    assert maps["clients", "brought"] == "02"
    directory.remove("b")
    directory.remove("b")
    assert ("clients", "brought") not in maps
    assert directory.find("b") is None


def test_a_shard_that_started_again_has_exactly_its_sandboxes(directory, maps):
    directory.add(row("a"), "01")
    directory.add(row("b", "02"), "02")
    directory.replace("01", [row("c")])
    assert directory.names() == ["b", "c"]
    assert {key for name, key in maps if name == "sandboxes"} == {"b", "c"}


def test_a_new_balancer_learns_every_sandbox(directory, maps):
    directory.add(row("a"), "01")
    maps.clear()
    directory.again()
    assert maps["sandboxes", "a"] == "01"


def test_a_generated_id_shows_its_shard_and_is_free(directory):
    directory.add(row("sandbox-01-1"), "01")
    assert directory.unused_id("01") == "sandbox-01-2"
    assert directory.unused_id("02") == "sandbox-02-3"
