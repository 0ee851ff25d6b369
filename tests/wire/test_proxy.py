"""The proxy: every served host leads to the mock, no other host leads anywhere."""

import gzip
import json
import socket
from contextlib import closing

import pytest
import requests

from adsmock.contracts.loader import load
from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.client import Control
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.proxy import PlainRequest, ProxyRefusal, RequestHead, Tunnel
from tests.wire.edge_server import wait_until

REGIONS = load().regions
HOSTS = ("api.amazon.com", "advertising-api.amazon.com")
EXPORT = "application/vnd.campaignsexport.v1+json"


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, tls=True, journal="full") as running:
        yield running


@pytest.fixture
def session(mock):
    with requests.Session() as found:
        found.trust_env = False
        found.proxies = {"https": mock.secure["proxy"], "http": mock.secure["proxy"]}
        found.verify = mock.secure["ca"]
        yield found


@pytest.fixture
def orphans(mock):
    control = Control(mock.control_url)
    control.call("orphans.clear")
    return lambda: control.call("orphans.get")["entries"]


def headers(mock, session, region):
    who = mock.default.credentials
    form = {
        "grant_type": "refresh_token",
        "refresh_token": who.refresh_token,
        "client_id": who.client_id,
        "client_secret": who.client_secret,
    }
    grant = session.post(f"https://{REGIONS[region].lwa_host}/auth/o2/token", data=form, timeout=60)
    profile = next(one for one in mock.default.profiles.values() if one.region == region)
    return {
        "Authorization": f"Bearer {grant.json()['access_token']}",
        "Amazon-Advertising-API-ClientId": who.client_id,
        "Amazon-Advertising-API-Scope": profile.id,
        "Content-Type": EXPORT,
        "Accept": EXPORT,
    }


@pytest.mark.parametrize("region", REGIONS)
def test_export_is_made_and_downloaded_by_the_real_host_names_alone(mock, session, region):
    base = f"https://{REGIONS[region].ads_host}"
    who = headers(mock, session, region)
    filters = {"adProductFilter": ["SPONSORED_PRODUCTS"]}
    made = session.post(f"{base}/campaigns/export", json=filters, headers=who, timeout=60).json()
    Control(mock.control_url).call("jobs.complete", sandbox="default", job=made["exportId"])
    done = session.get(f"{base}/exports/{made['exportId']}", headers=who, timeout=60).json()
    assert done["url"].startswith(f"https://{REGIONS[region].storage_host}/")
    file = session.get(done["url"], timeout=60)
    assert json.loads(gzip.decompress(file.content)) == []

    entries = list(mock.default.journal.rows())[-4:]
    assert [one.operation for one in entries] == [
        "lwa.token",
        "exports.campaigns.create",
        "exports.get",
        "storage.get",
    ]
    assert {(one.region, one.tls, one.sandbox) for one in entries} == {(region, True, "default")}


def test_download_stays_on_the_mocks_own_address_for_a_call_by_another_name(mock, session):
    who = headers(mock, session, "NA")
    base = mock.urls["NA"]["ads"]
    filters = {"adProductFilter": ["SPONSORED_PRODUCTS"]}
    made = requests.post(f"{base}/campaigns/export", json=filters, headers=who, timeout=60).json()
    Control(mock.control_url).call("jobs.complete", sandbox="default", job=made["exportId"])
    done = requests.get(f"{base}/exports/{made['exportId']}", headers=who, timeout=60).json()
    assert done["url"].startswith(mock.storage_url)


def test_clear_request_for_a_served_host_is_answered_and_noted_as_clear(session, orphans):
    reply = session.get(f"http://{REGIONS['FE'].ads_host}/v2/profiles", timeout=60)
    assert reply.status_code == 401
    (entry,) = orphans()
    assert (entry["region"], entry["tls"], entry["via"]) == ("FE", False, "host")


def test_clear_connection_is_not_kept_for_another_host(session, orphans):
    assert session.get(f"http://{REGIONS['NA'].ads_host}/x", timeout=60).status_code == 404
    assert session.get("http://example.com/?token=hidden", timeout=60).status_code == 403
    wait_until(lambda: [one["operation"] for one in orphans()] == [None, "proxy.refused"])


def test_other_host_is_refused_loudly_and_noted(session, orphans, capfd):
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        session.get("https://example.com/secret", timeout=60)
    wait_until(orphans)
    (entry,) = orphans()
    assert (entry["method"], entry["host"], entry["status"]) == ("CONNECT", "example.com:443", 403)
    said: list[str] = []
    wait_until(lambda: said.append(capfd.readouterr().err) or "nothing leaves" in "".join(said))
    assert "refused CONNECT example.com:443: nothing leaves" in "".join(said)


def test_refusal_says_why_and_what_is_served(session):
    reply = session.get("http://example.com/", timeout=60)
    assert "nothing leaves this machine" in reply.text
    assert all(region.ads_host in reply.text for region in REGIONS.values())


def test_reset_reaches_the_client_through_the_tunnel(mock, session):
    headers(mock, session, "EU")
    rule = {"match": {"region": ["EU"]}, "when": {"times": 1}, "effect": {"kind": "reset"}}
    Control(mock.control_url).call("faults.create", sandbox="default", data=rule)
    with pytest.raises(requests.ConnectionError):
        headers(mock, session, "EU")
    wait_until(lambda: next(reversed(list(mock.default.journal.rows()))).ended == "reset")


def raw(mock, data):
    address = ("127.0.0.1", mock.ports["proxy"])
    with closing(socket.create_connection(address, timeout=60)) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"CONNECT : HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"CONNECT api.amazon.com:443 HTTP/1.1\r\nHost: api.amazon.com\r\n\r\n\x16\x03\x01",
    ],
)
def test_what_no_proxy_understands_is_answered_with_400(mock, data):
    assert raw(mock, data).startswith(b"HTTP/1.1 400 ")


def test_handshake_of_a_slow_client_has_the_time_of_its_end_on_both_clocks(mock, orphans):
    """A journal whose clocks disagree counts as edited, and a slow client is no editor."""
    address = ("127.0.0.1", mock.ports["proxy"])
    with closing(socket.create_connection(address, timeout=60)) as client:
        client.sendall(b"CONNECT api.amazon.com:443 HTTP/1.1\r\nHost: api.amazon.com\r\n\r\n")
        assert b" 200 " in client.recv(4_096)
        accepted = monotonic()
        client.sendall(b"this is no handshake\r\n")
        while client.recv(4_096):
            pass
    wait_until(orphans)
    (entry,) = orphans()
    assert entry["operation"] == "tls.handshake"
    assert entry["tArrive"] == entry["tEnd"] >= accepted


@pytest.mark.parametrize("data", [b"", b"CONNECT api.amazon", b"GET http://api.amazon.com/"])
def test_client_that_leaves_early_leaves_nothing_behind(mock, orphans, data):
    assert b" 200 " not in raw(mock, data)
    assert orphans() == []


def test_head_may_come_byte_by_byte():
    head = RequestHead(HOSTS)
    data = b"CONNECT api.amazon.com:443 HTTP/1.1\r\nHost: api.amazon.com:443\r\n\r\n"
    said = [head.take(bytes([each])) for each in data]
    assert said == [None] * (len(data) - 1) + [Tunnel("api.amazon.com")]


def test_host_is_read_without_case():
    data = b"CONNECT API.Amazon.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"
    assert RequestHead(HOSTS).take(data) == Tunnel("api.amazon.com")


def test_clear_request_keeps_every_byte_and_ends_its_connection():
    data = b"POST http://api.amazon.com/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    wanted = RequestHead(HOSTS).take(data)
    assert isinstance(wanted, PlainRequest)
    assert wanted.first.replace(b"Connection: close\r\n", b"", 1) == data


def test_tunnel_to_port_80_stays_clear(mock, session, orphans):
    address = ("127.0.0.1", mock.ports["proxy"])
    with closing(socket.create_connection(address, timeout=60)) as client:
        client.sendall(b"CONNECT api.amazon.com:80 HTTP/1.1\r\nHost: api.amazon.com:80\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
        client.sendall(b"GET /v2/profiles HTTP/1.1\r\nHost: api.amazon.com\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 401 ")
    (entry,) = orphans()
    assert (entry["region"], entry["tls"]) == ("NA", False)


@pytest.mark.parametrize(
    "target", ["api.amazon.com:22", "example.com:443", "api.amazon.com.evil.test:443"]
)
def test_other_ports_and_hosts_are_refused(target):
    data = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()
    with pytest.raises(ProxyRefusal) as caught:
        RequestHead(HOSTS).take(data)
    assert (caught.value.status, caught.value.host) == (403, target)
