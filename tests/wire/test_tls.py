"""TLS on the real host names, and what a client sees of a listener that is wrong on purpose."""

import os
import socket
import ssl
import stat
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import requests

from adsmock.contracts.loader import load
from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.client import Control
from adsmock.mockserver.edge import listener_registry
from adsmock.mockserver.edge.tls import FLAWS
from tests.wire.edge_server import wait_until

HOSTS = [host for each in load().regions.values() for host in (each.ads_host, each.lwa_host)]


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, tls=True) as running:
        yield running


def client_context(mock):
    return ssl.create_default_context(cadata=Path(mock.secure["ca"]).read_text())


def shake(port, context, name):
    """Return the version that a handshake came to; raises as the client's TLS does."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=60)
    with closing(plain), context.wrap_socket(plain, server_hostname=name) as secured:
        return secured.version()


@pytest.mark.parametrize("host", HOSTS)
def test_real_host_name_is_served_and_decides_the_region(mock, host):
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": mock.secure["proxy"]}
        session.verify = mock.secure["ca"]
        assert session.get(f"https://{host}/nothing-here", timeout=60).status_code == 404
    region = next(r.id for r in load().regions.values() if host in {r.ads_host, r.lwa_host})
    entry = next(reversed(list(mock.runtime.sandboxes.orphans.rows())))
    assert (entry.region, entry.host, entry.tls, entry.via) == (region, host, True, "host")


def test_tls_port_offers_http_1_1_alone_and_tls_1_3(mock):
    context = client_context(mock)
    context.set_alpn_protocols(["h2", "http/1.1"])
    plain = socket.create_connection(("127.0.0.1", mock.ports["tls"]), timeout=60)
    with context.wrap_socket(plain, server_hostname="api.amazon.com") as secured:
        assert (secured.version(), secured.selected_alpn_protocol()) == ("TLSv1.3", "http/1.1")


def test_private_key_is_written_nowhere(mock):
    folder = Path(mock.secure["ca"]).parent
    assert [path.name for path in folder.iterdir()] == ["ca.pem"]
    assert "PRIVATE" not in (folder / "ca.pem").read_text()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_certificate_goes_with_the_mock():
    with Mock(port=0, tls=True) as mock:
        path = Path(mock.secure["ca"])
        assert path.exists()
    assert not path.exists()


def test_mock_stops_at_once_despite_an_idle_client(mock):
    own = Mock(port=0, tls=True)
    own.start()
    context = client_context(own)
    plain = socket.create_connection(("127.0.0.1", own.ports["tls"]), timeout=60)
    with context.wrap_socket(plain, server_hostname="api.amazon.com") as secured:
        own.stop()
        assert secured.recv(1) == b""


def test_broken_handshake_of_nobody_goes_to_the_orphans(mock):
    control = Control(mock.control_url)
    control.call("orphans.clear")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(mock.ports["tls"], ssl.create_default_context(), "api.amazon.com")
    wait_until(lambda: control.call("orphans.get")["entries"])
    (entry,) = control.call("orphans.get")["entries"]
    assert (entry["operation"], entry["ended"]) == ("tls.handshake", "closed")
    assert entry["request"] == {"flaw": "none", "error": "TLSV1_ALERT_UNKNOWN_CA"}


def test_clear_text_on_the_tls_port_is_no_call(mock):
    with closing(socket.create_connection(("127.0.0.1", mock.ports["tls"]), timeout=60)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in b"".join(iter(lambda: client.recv(4096), b""))


def listen(mock, flaw, **more):
    data = {"kind": "tls", "flaw": flaw, **more}
    return Control(mock.control_url).call("listeners.create", sandbox="default", data=data)


def handshakes(mock, port):
    rows = [one for one in mock.default.journal.rows() if one.port == port]
    return [one.request for one in rows if one.operation == "tls.handshake"]


@pytest.mark.parametrize(
    ("flaw", "printed"),
    [
        ("unknown-ca", "TLSV1_ALERT_UNKNOWN_CA"),
        ("wrong-name", "SSLV3_ALERT_BAD_CERTIFICATE"),
        ("old-protocol", "UNSUPPORTED_PROTOCOL"),
    ],
)
def test_flawed_listener_is_refused_and_the_sandbox_is_named(mock, flaw, printed):
    port = listen(mock, flaw)["port"]
    with pytest.raises(ssl.SSLError):
        shake(port, client_context(mock), "localhost")
    wait_until(lambda: handshakes(mock, port) == [{"flaw": flaw, "error": printed}])


def test_old_listener_does_speak_to_a_client_that_is_old_enough(mock):
    port = listen(mock, "old-protocol")["port"]
    context = client_context(mock)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    assert shake(port, context, "localhost") == "TLSv1.1"
    wait_until(lambda: handshakes(mock, port) == [{"flaw": "old-protocol", "version": "TLSv1.1"}])


def test_listener_of_a_region_answers_for_it_and_its_calls_are_the_sandboxes(mock):
    row = listen(mock, "none", region="EU")
    assert row["certificate"] == Path(mock.secure["ca"]).read_text()
    with requests.Session() as session:
        session.trust_env = False
        session.verify = mock.secure["ca"]
        assert session.get(row["url"] + "/v2/profiles", timeout=60).status_code == 401
    entry = next(reversed(list(mock.default.journal.rows())))
    assert (entry.region, entry.tls, entry.via) == ("EU", True, "host")


def test_listeners_are_listed_and_end_with_their_sandbox(mock):
    control = Control(mock.control_url)
    control.call("sandboxes.create", data={"id": "brief"})
    rows = [
        control.call("listeners.create", sandbox="brief", data={"kind": "tls", "flaw": flaw})
        for flaw in FLAWS
    ]
    assert control.call("listeners.list", sandbox="brief")["listeners"] == rows
    control.call("sandboxes.delete", sandbox="brief")
    for row in rows:
        with pytest.raises((ConnectionError, TimeoutError, ssl.SSLError)):
            shake(row["port"], client_context(mock), "localhost")


def test_sandbox_has_a_bounded_number_of_listeners_and_may_close_them(mock):
    control = Control(mock.control_url)
    control.call("sandboxes.create", data={"id": "many"})
    for _ in range(listener_registry.MAX_LISTENERS):
        control.call("listeners.create", sandbox="many")
    with pytest.raises(Exception, match="at most 16 listeners"):
        control.call("listeners.create", sandbox="many")
    control.call("listeners.clear", sandbox="many")
    assert control.call("listeners.list", sandbox="many")["listeners"] == []


def test_listener_without_trustme_is_refused_with_what_to_install(mock, monkeypatch):
    monkeypatch.setattr(listener_registry, "is_available", lambda: False)
    with pytest.raises(Exception, match=r"pip install 'adsmock\[tls\]'"):
        listen(mock, "none")


def test_exec_without_trustme_says_so_and_works_on():
    script = (
        "import importlib.util as u, sys\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'trustme' else find(name, *rest)\n"
        "from adsmock.cli.main import main\n"
        "sys.argv = ['adsmock', 'exec', '--', 'sh', '-c', 'echo ${HTTPS_PROXY:-none}']\n"
        "sys.exit(main())\n"
    )
    env = {name: text for name, text in os.environ.items() if name != "HTTPS_PROXY"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=env,
    )
    assert (done.returncode, done.stdout) == (0, "none\n")
    assert "pip install 'adsmock[tls]'" in done.stderr


def test_listeners_opened_at_once_share_one_authority():
    with Mock(port=0) as mock, ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda flaw: listen(mock, flaw), FLAWS * 2))
    assert len({row["certificate"] for row in rows}) == 1


def test_proxy_of_a_sandbox_has_its_flaw_at_one_region_alone(mock):
    row = listen(mock, "wrong-name", kind="proxy", region="NA")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = mock.secure["ca"]
        session.proxies = {"https": row["url"]}
        with pytest.raises(requests.exceptions.SSLError):
            session.get("https://api.amazon.com/", timeout=60)
        assert session.get("https://api.amazon.co.uk/", timeout=60).status_code == 404
        assert session.get("https://elsewhere.invalid/", timeout=60).status_code == 404
    shakes = [one.get("flaw") for one in handshakes(mock, row["port"])]
    assert shakes == ["wrong-name", "none", "none"]
