"""Several shards behind HAProxy: each call reaches its sandbox; one control plane shows all."""

import itertools
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from adsmock.mockserver.control.client import Control, Refused
from tests.bench import shards as benchmark
from tests.wire.installation import SERVE, Client, control_of, create, serving, total

if shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
    pytest.skip("HAProxy is not installed here", allow_module_level=True)

SANDBOXES = 30
KINDS = ("form", "json", "basic")


@pytest.fixture(scope="module")
def where():
    with serving("--journal", "full") as where:
        yield where


@pytest.fixture(scope="module")
def control(where):
    return control_of(where)


def work(client):
    """Call the mock in every way that has to find the client's shard; return how many calls."""
    where, own = client.where, set(client.profiles)
    by_region = {
        region: {name for name, place in client.profiles.items() if place == region}
        for region in where["regions"]
    }
    calls = 0
    for kind, region in itertools.product(KINDS, where["regions"]):
        client.authorize(kind, region)
        base = where["regions"][region]["ads"]
        assert client.profile_ids(base) == by_region[region]
        assert client.profile_ids(f"{where['main']}/{region.lower()}") == by_region[region]
        without = client.get(base, "/v2/profiles", **{"Amazon-Advertising-API-ClientId": None})
        assert without.status_code == 401  # the token alone leads to the shard
        only = {"Authorization": None}
        assert client.get(base, "/v2/profiles", **only).status_code == 401
        assert client.get(base, f"/_s/{client.id}/v2/x", **only).status_code == 404
        client.create(f"{client.id}-{kind}", region)
        calls += 7
    assert own == set().union(*by_region.values())
    return calls


def test_thousands_of_calls_of_many_sandboxes_reach_their_shard(where, control):
    clients = [create(where) for _ in range(SANDBOXES)]
    names = ("adsmock_orphans_total", "adsmock_misdirected_total")
    before = [total(where, name) for name in names]
    with ThreadPoolExecutor(4) as pool:
        calls = sum(pool.map(work, clients))
    assert calls == SANDBOXES * 63
    assert [total(where, name) for name in names] == before
    rows = control.call("sandboxes.list")["sandboxes"]
    entities = {row["id"]: row["entities"] for row in rows}
    assert {entities[client.id] for client in clients} == {9}
    counts = [row["sandboxes"] for row in control.call("service.health")["shards"]]
    assert max(counts) - min(counts) <= 1


def test_the_benchmark_counts_calls_that_miss_their_sandbox():
    found = benchmark.routing(sandboxes=4, calls=40)
    assert found == benchmark.Routing(40, 0, 0, 0)


def test_a_file_is_downloaded_from_the_shard_that_made_it(where, control):
    for client in (create(where), create(where)):
        control.call("clock.put", {"mode": "frozen"}, sandbox=client.id)
        client.authorize()
        client.create("exported")
        media = "application/vnd.campaignsexport.v1+json"
        profile = next(each for each, place in client.profiles.items() if place == "NA")
        headers = client.headers | {
            "Amazon-Advertising-API-Scope": profile,
            "Content-Type": media,
            "Accept": media,
        }
        base = where["regions"]["NA"]["ads"]
        body = json.dumps({"adProductFilter": ["SPONSORED_PRODUCTS"]})
        made = requests.post(f"{base}/campaigns/export", data=body, headers=headers, timeout=60)
        assert made.status_code == 202, made.text
        control.call("clock.advance", {"seconds": 60}, sandbox=client.id)
        url = f"{base}/exports/{made.json()['exportId']}"
        address = requests.get(url, headers=headers, timeout=60).json()["url"]
        assert address.startswith(where["storage"] + "/")
        assert requests.get(address, timeout=60).status_code == 200


def test_limits_are_those_of_the_shards(where):
    url = f"{where['main']}/v2/profiles"
    many = {f"X-{number}": "x" for number in range(150)}
    assert requests.get(url, headers=many, timeout=60).status_code == 431
    assert requests.get(url, headers={"X-Large": "x" * 40_000}, timeout=60).status_code == 401
    assert requests.get(f"{url}?{'x' * 20_000}", timeout=60).status_code == 414


def test_the_well_known_credentials_lead_to_the_default_sandbox(where, control):
    client = Client(where, control.call("sandboxes.get", sandbox="default"))
    for kind in KINDS:
        client.authorize(kind)
        assert client.profile_ids(where["main"] + "/eu")


def test_a_call_that_nobody_owns_is_an_orphan_of_one_journal(where, control):
    before = control.call("orphans.get")["next"]
    for number in range(4):
        name = {"Amazon-Advertising-API-ClientId": f"nobody-{number}"}
        url = f"{where['regions']['EU']['ads']}/v2/profiles"
        assert requests.get(url, headers=name, timeout=60).status_code == 401
    found = control.call("orphans.get", cursor=before)
    assert [row["clientId"] for row in found["entries"]] == [f"nobody-{n}" for n in range(4)]
    assert found["next"] == before + 4
    lines = control.call("orphans.get", cursor=before, format="ndjson", status="401")
    assert len(lines.splitlines()) == 4
    control.call("orphans.clear")
    assert control.call("orphans.get")["entries"] == []


def test_a_call_to_the_wrong_shard_is_refused_and_counted(where, control):
    client = create(where)
    client.authorize()
    own = int(client.id.split("-")[1])
    other = next(row for row in where["shards"] if int(row["shard"]) != own)
    before = total(where, "adsmock_misdirected_total")
    answer = client.get(other["main"], "/v2/profiles")
    assert answer.status_code == 421, answer.text
    assert total(where, "adsmock_misdirected_total") == before + 1


def test_a_sandbox_is_created_without_a_body_too(control):
    made = control.call("sandboxes.create")
    assert made["id"] in [row["id"] for row in control.call("sandboxes.list")["sandboxes"]]
    control.call("sandboxes.delete", sandbox=made["id"])


def test_one_control_plane_has_all_sandboxes(where, control):
    first, second = create(where, id="twin-a"), create(where)
    with pytest.raises(Refused, match=r"409 .* exists already"):
        control.call("sandboxes.create", {"id": "twin-a"})
    with pytest.raises(Refused, match=r"did you mean twin-a\?"):
        control.call("clock.get", sandbox="twin-b")
    with pytest.raises(Refused, match=r"400 .*unknown field"):
        control.call("sandboxes.create", {"idd": "twin-a"})
    url = f"{where['control']}/_mock/v1/sandboxes"
    answer = requests.post(url, data="{", headers={"Content-Type": "text/plain"}, timeout=60)
    assert answer.status_code == 415
    for client in (first, second):
        control.call("clock.put", {"mode": "frozen"}, sandbox=client.id)
        now = control.call("clock.get", sandbox=client.id)["nowSeconds"]
        moved = control.call("clock.advance", {"seconds": 60}, sandbox=client.id)
        assert moved["nowSeconds"] == now + 60
        client.authorize()
        assert control.call("journal.get", sandbox=client.id)["entries"][0]["status"] == 200
    names = [row["id"] for row in control.call("sandboxes.list")["sandboxes"]]
    assert names[-2:] == [first.id, second.id]
    control.call("sandboxes.delete", sandbox=first.id)
    assert create(where, id="twin-a").row["seed"] == 0
    assert control.call("scenarios.list")["scenarios"]
    assert control.call("service.ready")["status"] == "ready"


def test_a_journal_is_followed_through_the_joined_control_plane(where, control):
    client = create(where)
    url = f"{where['control']}/_mock/v1/sandboxes/{client.id}/journal"
    events = {"Accept": "text/event-stream"}
    with requests.get(url, headers=events, stream=True, timeout=60) as stream:
        lines = stream.iter_lines()
        next(lines)
        client.authorize()
        line = next(each for each in lines if each.startswith(b"data:"))
    assert json.loads(line.removeprefix(b"data:"))["operation"] == "lwa.token"


FAULTS = {
    "reset": {"kind": "reset", "point": "before"},
    "truncate": {"kind": "truncate"},
    "close": {"kind": "close"},
}


def test_the_dashboard_follows_all_sandboxes_and_the_calls_of_one(where):
    clients = [create(where) for _ in range(2)]  # in two shards
    client = clients[0]
    client.authorize()
    address = f"{where['control']}/_mock/v1/events"
    reply = requests.get(address, params={"wait": "no", "follow": client.id}, timeout=60)
    blocks = [block.partition("\ndata: ") for block in reply.text.split("\n\n")]
    events = {name.removeprefix("event: "): json.loads(data) for name, _, data in blocks if data}
    assert {each.id for each in clients} <= {row["id"] for row in events["sandboxes"]["changed"]}
    assert events["state"]["sandbox"] == client.id
    assert [row["operation"] for row in events["entries"]["entries"]] == ["lwa.token"]
    with requests.get(address, params={"follow": client.id}, stream=True, timeout=60) as stream:
        lines = stream.iter_lines()
        later = create(where)
        assert any(later.id.encode() in line for line in lines)
    whole = requests.get(address, params={"wait": "no"}, timeout=60).text
    assert whole.count("event: sandboxes") == 1
    unknown = requests.get(address, params={"follow": "nobody"}, timeout=60)
    assert unknown.status_code == 404


@pytest.mark.parametrize("kind", FAULTS)
def test_a_broken_connection_is_broken_for_the_client_and_met_once(where, control, kind):
    client = create(where)
    client.authorize()
    rule = {"match": {"operation": ["profiles.list"]}, "when": {"times": 1}}
    made = control.call("faults.create", rule | {"effect": FAULTS[kind]}, sandbox=client.id)
    with pytest.raises(requests.RequestException):
        client.profile_ids(where["main"])
    assert client.profile_ids(where["main"])
    shown = control.call("faults.get", sandbox=client.id, fault=made["id"])
    assert (shown["met"], shown["matched"]) == (1, 2)


def test_the_clocks_of_all_shards_move_at_once_or_not_at_all(where, control):
    names = [create(where).id for _ in range(2)]
    for name in names:
        control.call("clock.put", {"mode": "frozen"}, sandbox=name)
    before = {row["sandbox"]: row for row in control.call("clocks.get")["clocks"]}
    assert list(before) == [row["id"] for row in control.call("sandboxes.list")["sandboxes"]]
    moved = control.call("clocks.advance", {"seconds": 60})["clocks"]
    assert list(before) == [row["sandbox"] for row in moved]
    times = {row["sandbox"]: row["nowSeconds"] for row in moved}
    assert all(times[name] == before[name]["nowSeconds"] + 60 for name in names)
    with pytest.raises(Refused, match=r"400 .*cannot go back"):
        control.call("clocks.put", {"mode": "frozen", "now": "2020-01-01T00:00:00Z"})
    with pytest.raises(Refused, match=r"400 .*seconds"):
        control.call("clocks.advance", {"second": 60})
    assert control.call("clock.get", sandbox=names[0])["nowSeconds"] == times[names[0]]


def test_an_installation_starts_with_the_sandboxes_of_a_file(tmp_path):
    file = tmp_path / "adsmock.toml"
    file.write_text("[sandboxes.a]\n[sandboxes.b]\n[sandboxes.c]\n", encoding="utf-8")
    with serving("--config", str(file)) as where:
        rows = control_of(where).call("service.health")["shards"]
        assert [row["sandboxes"] for row in rows] == [2, 2]


def test_remote_control_of_all_shards_needs_one_token():
    with serving("--allow-remote-control") as where:
        assert len(where["controlToken"]) > 20
        with pytest.raises(Refused, match=r"401 .*control token is missing"):
            Control(where["control"]).call("sandboxes.list")
        client = create(where)
        client.authorize()
        assert client.profile_ids(where["main"])


def test_people_see_where_everything_is():
    with subprocess.Popen([*SERVE[:-2], "--shards", "2"], stdout=subprocess.PIPE, text=True) as one:
        lines = []
        while not lines or "Ctrl+C" not in lines[-1]:
            lines.append(one.stdout.readline())
        one.terminate()
    text = "".join(lines)
    for word in ("in 2 processes", "NA", "storage", "control", "shard 02", "refresh"):
        assert word in text


def test_everything_ends_with_the_program():
    with serving() as where:
        pids = [where["balancer"], *(row["pid"] for row in where["shards"])]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def refused(*options, **variables):
    words = [*SERVE, *options]
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=os.environ | variables,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_unusable_options_are_one_line_and_exit_2(tmp_path):
    assert "--tls needs a single process" in refused("--shards", "2", "--tls")
    assert "is not a number of shards" in refused("--shards", "0")
    assert "is not a base URL" in refused("--public-url", "mock:9080")
    missing = str(tmp_path / "none.toml")
    assert "No such file" in refused("--shards", "2", "--config", missing)


def test_without_haproxy_one_line_says_how_to_get_it(monkeypatch, tmp_path):
    code = (
        "import shutil; shutil.which = lambda *_, **__: None; "
        "from adsmock.mockserver.__main__ import main; "
        "raise SystemExit(main(['serve', '--port', '0', '--shards', '2']))"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "apt-get install haproxy" in done.stderr


@pytest.mark.slow
def test_the_reference_client_is_conformant_through_the_balancer(where, tmp_path):
    before = total(where, "adsmock_misdirected_total")
    words = [shutil.which("adsmock", path=str(Path(sys.executable).parent)), "conform"]
    words += ["--client", "reference", "--profile", "quick", "--server", where["control"]]
    done = subprocess.run(
        [*words, "--report-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert total(where, "adsmock_misdirected_total") == before
