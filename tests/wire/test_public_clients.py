"""The runner of public clients: what it reports, without any registry."""

import json
import sys

from tests.clients import __main__ as program
from tests.clients import runner
from tests.clients.clients import CLIENTS, FLOWS, Client

SCRIPT = """
import json, os, urllib.parse, urllib.request
form = {"grant_type": "refresh_token", "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"], "refresh_token": os.environ["REFRESH_TOKEN"]}
sent = urllib.parse.urlencode(form).encode()
with urllib.request.urlopen("https://api.amazon.com/auth/o2/token", sent) as reply:
    print("read:", json.loads(reply.read())["token_type"])
for flow in ("write", "export", "report"):
    print(flow + ": not offered")
"""


def test_a_client_reaches_the_mock_by_the_names_of_the_service(tmp_path):
    client = Client(
        "stub", "", (sys.executable, "-c", SCRIPT.replace("{", "{{").replace("}", "}}"))
    )
    found = runner.run(client, tmp_path)

    assert found.error is None, found
    assert found.flows["read"] == "bearer"
    assert found.text("stub").splitlines()[0] == "stub: read: bearer"


def test_a_client_that_fails_or_misses_a_flow_is_reported():
    whole = "\n".join(f"{flow}: done" for flow in runner.FLOWS)

    assert runner.outcome_of(0, whole, "").error is None
    assert "exit code 1" in str(runner.outcome_of(1, whole, "a\nboom").error)
    assert "without report" in str(runner.outcome_of(0, "read: 1\nwrite: 1\nexport: 1", "").error)


def test_a_client_that_cannot_be_installed_is_not_run_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(program, "FOLDER", tmp_path)
    monkeypatch.setattr(program, "CLIENTS", (Client("new", "x", ("x",), python=(99, 0)),))

    assert program.main([]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "new: NOT RUN: it needs Python 99.0 or newer, which was not found on PATH",
        "0 clients passed, 0 failed, 1 were NOT RUN",
    ]
    assert program.main(["old"]) == 2


def test_every_client_has_its_flow_and_a_version():
    assert {path.name for path in FLOWS.iterdir() if path.is_file()} == {
        word.rpartition("/")[2] for each in CLIENTS for word in each.command if FLOWS.name in word
    }
    assert all("@" in each.package[1:] or "==" in each.package for each in CLIENTS)
    assert json.loads(runner.PACKAGE.read_text())["private"] is True
