"""A shard or the balancer that dies: what goes on, what comes back, and when it is ready."""

import os
import shutil
import signal
from contextlib import suppress
from functools import partial
from threading import Event, Thread

import pytest
import requests

from adsmock.mockserver.control.client import Refused
from tests.wire.installation import Client, control_of, create, patiently, serving, total

if shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
    pytest.skip("HAProxy is not installed here", allow_module_level=True)

KILLS = 3


def test_a_shard_that_dies_takes_only_its_sandboxes_and_comes_back():
    with serving() as where:
        control = control_of(where)
        clients = [create(where), create(where)]
        for client in clients:
            client.authorize()
        lost = next(client for client in clients if client.id.startswith("sandbox-02"))
        kept = next(client for client in clients if client is not lost)
        os.kill(where["shards"][1]["pid"], signal.SIGKILL)

        def refused():  # a call on an open connection is broken, every later one is refused
            answer = lost.get(where["main"], "/v2/profiles")
            return (answer.status_code, answer.headers["Retry-After"]) == (503, "1")

        patiently(refused)
        assert kept.profile_ids(where["main"])
        patiently(lambda: control.call("service.ready"))
        assert control.call("service.health")["shards"][1]["starts"] == 2
        with pytest.raises(Refused, match="404 "):
            control.call("sandboxes.get", sandbox=lost.id)
        again = create(where, id=lost.id)
        again.authorize()
        assert again.row["client"]["clientId"].split(".")[-1].startswith("02")
        assert again.profile_ids(where["main"])
        assert kept.profile_ids(where["main"])


def test_a_shard_with_a_data_directory_comes_back_with_its_sandboxes(tmp_path):
    with serving("--data-dir", str(tmp_path)) as where:
        clients = [create(where), create(where)]
        for client in clients:
            client.authorize()
            client.create("kept")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["shard-1", "shard-2"]
        os.kill(where["shards"][1]["pid"], signal.SIGKILL)
        control = control_of(where)
        patiently(lambda: control.call("service.health")["shards"][1]["starts"] == 2)
        patiently(lambda: control.call("service.ready"))
        for client in clients:
            assert control.call("sandboxes.get", sandbox=client.id)["entities"] == 1
            assert client.profile_ids(where["main"])  # ready is what the balancer serves
        assert total(where, "adsmock_misdirected_total") == 0


class Writer(Thread):
    """A client that creates campaigns until it is stopped; refusals of a dead shard pass."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.acknowledged, self.refused, self.over = client, {}, 0, Event()

    def run(self):
        number = 0
        while not self.over.is_set():
            number += 1
            name = f"{self.client.id}-{number}"
            try:
                self.acknowledged[self.client.create(name)] = name
            except (AssertionError, requests.RequestException):
                self.refused += 1
                self.client.session = requests.Session()


def have_written(writers, goals):
    return all(len(each.acknowledged) > goal for each, goal in zip(writers, goals, strict=True))


def has_started(control, times):
    return control.call("service.health")["shards"][1]["starts"] == times


def campaigns_of(control, client):
    profiles = control.call("state.get", sandbox=client.id)["profiles"]
    return [row for kinds in profiles.values() for row in kinds.get("sp.campaigns", [])]


@pytest.mark.one_python
def test_a_shard_that_is_killed_under_load_loses_nothing_that_it_acknowledged(tmp_path):
    with serving("--data-dir", str(tmp_path)) as where:
        control = control_of(where)
        writers = [Writer(create(where)) for _ in range(4)]
        for writer in writers:
            writer.client.authorize()
            writer.start()
        for kills in range(1, KILLS + 1):
            goals = [len(writer.acknowledged) + 20 for writer in writers]
            patiently(partial(have_written, writers, goals))
            os.kill(control.call("service.health")["shards"][1]["pid"], signal.SIGKILL)
            patiently(partial(has_started, control, kills + 1))
            patiently(lambda: control.call("service.ready"))
        for writer in writers:
            writer.over.set()
            writer.join()
        for writer in writers:
            kept = {row["campaignId"]: row["name"] for row in campaigns_of(control, writer.client)}
            assert len(kept) == len(set(kept.values())) == len(campaigns_of(control, writer.client))
            assert writer.acknowledged.items() <= kept.items()
            assert (writer.refused > 0) == writer.client.id.startswith("sandbox-02")
        assert total(where, "adsmock_misdirected_total") == 0


def test_a_balancer_that_dies_is_started_again_and_knows_all_sandboxes():
    with serving() as where:
        client = create(where, id="chosen")
        before = total(where, "adsmock_orphans_total")
        os.kill(where["balancer"], signal.SIGKILL)
        patiently(partial(is_gone, where["balancer"]))
        patiently(lambda: control_of(where).call("service.ready"))
        for _ in range(4):  # by the map of sandboxes, which the new process got
            answer = requests.get(f"{where['main']}/_s/chosen/v2/x", timeout=60)
            assert answer.status_code == 404
        assert total(where, "adsmock_orphans_total") == before
        client.authorize()
        default = Client(where, control_of(where).call("sandboxes.get", sandbox="default"))
        default.authorize()
        assert total(where, "adsmock_misdirected_total") == 0


def is_gone(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True
