"""The reference client as a partner's process: killed and started again, and by the README."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adsmock.harness.client import Extensions, RequestsTransport, SqliteStore
from adsmock.harness.client.encryption import new_key
from adsmock.mockserver.app import Mock
from tests.wire.account import NEGATIVE, TREE, AccountFixture

KEY = new_key()

LIFE = """
import json, os, signal, sys
from adsmock.harness.client import AdsClient, Extensions, Settings, SqliteStore
from adsmock.harness.client.transport import RequestsTransport

class Fatal(RequestsTransport):
    def send(self, request):
        if sys.argv[2] == "before" and request.url.endswith("/sp/campaigns"):
            os.kill(os.getpid(), signal.SIGKILL)
        reply = super().send(request)
        if sys.argv[2] == "after" and request.url.endswith("/sp/campaigns"):
            os.kill(os.getpid(), signal.SIGKILL)
        return reply

task = json.loads(sys.argv[1])
extensions = Extensions(store=SqliteStore("kept.db"))
with AdsClient(Settings.from_task(task), transport=Fatal(), extensions=extensions) as client:
    if sys.argv[2] != "never":
        client.create("sp.campaigns", task["profiles"][0]["profileId"], task["items"])
    print(json.dumps([one.outcome.id for one in client.resume()]))
"""


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, journal="full") as mock:
        yield mock


@pytest.fixture
def account(mock):
    account = AccountFixture(mock)
    yield account
    account.client.close()


@pytest.mark.parametrize(("death", "creates"), [("before", 1), ("after", 1)])
def test_killed_process_is_finished_by_the_next_and_nothing_is_doubled(
    account, tmp_path, death, creates
):
    items = [{key: TREE[0][key] for key in TREE[0] if key not in {"adGroups", NEGATIVE}}]
    task = json.dumps({**account.task, "items": items})
    environment = os.environ | {"ADSMOCK_STORE_KEY": KEY, "PYTHONPATH": str(Path.cwd())}

    def live(fate):
        words = [sys.executable, "-c", LIFE, task, fate]
        return subprocess.run(
            words, check=False, capture_output=True, cwd=tmp_path, env=environment
        )

    assert live(death).returncode == -signal.SIGKILL
    second = live("never")
    (made,) = json.loads(second.stdout or second.stderr)
    (row,) = account.client.list("sp.campaigns", account.profile)
    assert row["campaignId"] == made
    assert len(account.calls("sp.campaigns.create")) == creates


@pytest.mark.slow
def test_snippet_of_the_docs_runs_and_has_ten_lines(tmp_path):
    page = Path("docs/how-to/reference-client.md").read_text()
    (snippet,) = re.findall(r"```python title=\"snippet.py\"\n(.*?)```", page, re.DOTALL)
    assert len([line for line in snippet.splitlines() if line.strip()]) <= 10
    (tmp_path / "snippet.py").write_text(snippet)
    words = ["-c", "import sys; from adsmock.cli.main import main; sys.exit(main())"]
    words += ["exec", "--", sys.executable, "snippet.py"]
    environment = os.environ | {"ADSMOCK_STORE_KEY": KEY, "PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run(
        [sys.executable, *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert ran.returncode == 0, ran.stderr
    calls = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith("{")]
    assert {"profiles.list", "exports.campaigns.create", "storage.get"} <= {
        call.get("operation") for call in calls
    }


class Killed(BaseException):
    """The process ends here."""


class Cut(RequestsTransport):
    """Dies at the first look at a report."""

    def send(self, request):
        if request.method == "GET" and "/reporting/reports/" in request.url:
            raise Killed
        return super().send(request)


def test_report_that_was_cut_off_goes_on_under_its_id(account, tmp_path):
    account.plant()
    query = {
        "reportTypeId": "spCampaigns",
        "startDate": "2026-06-28",
        "endDate": "2026-06-29",
        "columns": ["date", "campaignId", "impressions"],
        "groupBy": ["campaign"],
    }

    def live(transport):
        with SqliteStore(tmp_path / "kept.db", KEY) as store:
            extensions = Extensions(store=store)
            with account.another(transport=transport, extensions=extensions) as client:
                return client.report(account.profile, query)

    with pytest.raises(Killed):
        live(Cut())
    assert isinstance(live(RequestsTransport()), list)
    assert len(account.calls("reporting.create")) == 1
