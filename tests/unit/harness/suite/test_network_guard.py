"""A program that was started without --through-proxy reaches no host but the mock."""

import shutil
import subprocess
import sys

import pytest

from adsmock.cli import child_environment
from adsmock.harness.suite.drivers.network_guard import NetworkGuard, network_guard, refusals

HOST = "advertising-api.amazon.com"
PYTHON = (
    "import requests\n"
    "for scheme in ('http', 'https'):\n"
    "    try:\n"
    f"        print(requests.get(scheme + '://{HOST}/v2/profiles', timeout=60).status_code)\n"
    "    except requests.exceptions.ProxyError as error:\n"
    "        print('403' in str(error))\n"
)


@pytest.fixture
def guard():
    with NetworkGuard() as found:
        yield found
        found.shutdown()


def run(words, guard, **present):
    made = child_environment.guarded(guard.url, present)
    variables = {"PATH": "/usr/bin:/bin"} | present | made
    done = subprocess.run(words, env=variables, capture_output=True, timeout=300, check=False)
    return done.stdout.decode() + done.stderr.decode()


def test_a_python_program_is_refused_in_plain_text_and_over_tls(guard):
    text = run([sys.executable, "-c", PYTHON], guard)

    assert text.split() == ["403", "True"]
    assert guard.refused == {HOST: 2}


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed: not tested with it")
def test_a_shell_program_learns_what_to_do(guard):
    text = run(["curl", "-s", "-S", f"http://{HOST}/v2/profiles"], guard)

    assert text == (
        f"adsmock lets the program reach no host but the mock, not {HOST}: use --through-proxy for "
        "a program with hard-coded hosts\n"
    )


@pytest.mark.parametrize(
    ("own", "direct"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"no_proxy": "db.acme.internal, .corp"}, "127.0.0.1,localhost,::1,db.acme.internal,.corp"),
        ({"NO_PROXY": "*"}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": ".Amazon.com,amazonaws.com,x,localhost"}, "127.0.0.1,localhost,::1,x"),
    ],
)
def test_hosts_in_no_proxy_stay_reachable_but_for_those_of_amazon(own, direct):
    found = child_environment.guarded("http://127.0.0.1:9", own)

    assert {found["NO_PROXY"], found["no_proxy"]} == {direct}


def test_the_end_of_a_run_names_the_refused_hosts(monkeypatch):
    network_guard.cache_clear()
    assert refusals() == ()
    guard = network_guard()
    assert refusals() == ()
    guard.refused.update({"a": 1, HOST: 5, "b": 1, "c": 1})

    (line,) = refusals()

    assert line.startswith(f"adsmock refused calls of the program to {HOST}, a, b and others: use")
    guard.shutdown()
    guard.server_close()
    network_guard.cache_clear()
