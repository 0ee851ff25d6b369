"""What the pages take for granted: programs of the reader, and reports of earlier runs."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "examples"
UNMODIFIED = EXAMPLES / "unmodified"
TASKED = ROOT / "tests" / "conformance" / "integration.py"
SYNC = {"sync.py": UNMODIFIED / "sync.py"}

KIT = ROOT / "harness" / "adapters"

CASES = {"--client": "A01,B01", "--cmd": "A01", "--adapter": "A01", "--free": "P01"}
"""Cases of a run whose page names none: a whole profile takes minutes."""

OPENAPI = {
    "openapi": "3.0.1",
    "paths": {"/widgets/{widgetId}": {"get": {"responses": {"200": {"description": ""}}}}},
}

ACME = '''
import time

import requests

MEDIA = "application/vnd.spCampaign.v3+json"


def sync(urls, credentials):
    """List the campaigns of the first profile of NA, through throttling and dead tokens."""
    url, token = urls["NA"], None
    headers = {"Amazon-Advertising-API-ClientId": credentials["clientId"]}
    for path, body in [("/v2/profiles", None), ("/sp/campaigns/list", {"maxResults": 10})]:
        while True:
            token = token or grant(url["lwa"], credentials)
            headers["Authorization"] = f"Bearer {token}"
            send = requests.get if body is None else requests.post
            reply = send(url["ads"] + path, json=body, headers=headers, timeout=60)
            if reply.status_code == 401:
                token = None
            elif reply.status_code == 429:
                time.sleep(float(reply.headers.get("Retry-After", 1)) + 0.1)
            elif body is not None and reply.json().get("nextToken"):
                body["nextToken"] = reply.json()["nextToken"]
            else:
                break
        if body is None:
            profile = str(reply.json()[0]["profileId"])
            headers |= {"Amazon-Advertising-API-Scope": profile}
            headers |= {"Content-Type": MEDIA, "Accept": MEDIA}


def grant(lwa, credentials):
    form = {
        "grant_type": "refresh_token",
        "client_id": credentials["clientId"],
        "client_secret": credentials["clientSecret"],
        "refresh_token": credentials["refreshToken"],
    }
    reply = requests.post(lwa + "/auth/o2/token", data=form, timeout=60)
    reply.raise_for_status()
    return reply.json()["access_token"]
'''

INTEGRATION = """
import os

from acme import sync


def test_sync():
    urls = {"NA": {"ads": os.environ["ADS_NA"], "lwa": os.environ["LWA_NA"]}}
    names = {"clientId": "CLIENT_ID", "clientSecret": "CLIENT_SECRET"}
    names["refreshToken"] = "REFRESH_TOKEN"
    credentials = {name: os.environ[variable] for name, variable in names.items()}
    for _ in range(5):  # enough calls for a fault of a scenario
        sync(urls, credentials)
"""


def tutorial(folder):
    (folder / "adsmock").symlink_to(ROOT)


def copied(files):
    """Return a function that copies files into a folder."""

    def copy(folder):
        for name, source in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(source, Path):
                shutil.copy(source, folder / name)
            else:
                (folder / name).write_text(source, "utf-8")

    return copy


def own_runs(folder):
    """A program of each kind, and two reports to compare."""
    copied(
        {
            "acme.py": ACME,
            "nightly.py": INTEGRATION + "\n\ntest_sync()\n",
            "sync.mjs": EXAMPLES / "node" / "sync.mjs",
            "adapter.mjs": KIT / "starters" / "adapter.mjs",
            "adsmock-adapter.mjs": KIT / "node" / "adsmock-adapter.mjs",
        }
    )(folder)
    for name in ("old", "new"):
        report(folder, name)


def with_journal(folder):
    copied({"plan.toml": ROOT / "harness" / "volume" / "plans" / "seller-tool.toml"})(folder)
    report(folder, "adsmock-report")


def report(folder, name):
    words = ["conform", "--client", "reference", "--cases", "A01", "--report-dir", name]
    adsmock = Path(sys.executable).with_name("adsmock")
    subprocess.run([str(adsmock), *words], cwd=folder, check=True, capture_output=True)


PREPARED = {
    "README.md": copied({"your_script.py": UNMODIFIED / "sync.py"}),
    "docs/tutorial/python.md": tutorial,
    "docs/tutorial/node.md": tutorial,
    "docs/how-to/connect-your-program.md": own_runs,
    "docs/how-to/describe-the-mock.md": copied({"staging.json": json.dumps({"profiles": {}})}),
    "docs/how-to/hard-coded-hosts.md": copied(
        {"nightly.py": UNMODIFIED / "sync.py", "sync.py": TASKED}
    ),
    "docs/how-to/judge-a-running-mock.md": copied(
        {"acme.py": ACME, "tests/integration/test_sync.py": INTEGRATION, "conftest.py": ""}
    ),
    "docs/how-to/openapi.md": copied({"their.json": json.dumps(OPENAPI)}),
    "docs/how-to/plan-call-volume.md": with_journal,
    "docs/how-to/pytest.md": copied({"acme.py": ACME}),
    "docs/how-to/migrate-reports.md": copied(SYNC),
    "docs/how-to/rehearse-a-deprecation.md": copied(SYNC),
    "docs/how-to/troubleshooting.md": copied(SYNC),
}

LEFT_BEHIND = {
    "docs/tutorial/python.md": ["adsmock-report/report.html"],
    "docs/tutorial/node.md": ["adsmock-report/report.html"],
}
"""Files that a page must have made."""


def prepare(page, folder):
    """Put into a folder what a page takes for granted."""
    if page in PREPARED:
        PREPARED[page](folder)


def shorter(line):
    """Return a command with fewer cases or less time, where the page runs all of them."""
    words = line.split()
    if words[:2] == ["adsmock", "conform"] and "--cases" not in words and "--manifest" not in words:
        kind = next((one for one in CASES if one in words), "--client")
        line += f" --profile full --cases {CASES[kind]}"
        if "--free" in words:
            line += " --rounds 1"
    elif words[:2] == ["adsmock", "selftest"]:
        line += " --clients reference --cases A01"
    elif words[:2] == ["adsmock", "load"]:
        line = re.sub(r" --duration \S+", "", line) + " --duration 5s --users 4"
    elif words[:2] == ["adsmock", "tail"]:
        line += " --once"
    # The checkout of the tests is set up already; its environment need not be called .venv.
    elif line == "make -C adsmock setup":
        line += " --dry-run >/dev/null"
    return line.replace("$PWD/adsmock/.venv/bin", str(Path(sys.executable).parent))
