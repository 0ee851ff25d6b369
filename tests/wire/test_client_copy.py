"""The client's folder, copied under another name, in an environment that has only requests."""

import json
import re
import shutil
import subprocess
import sysconfig
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest

from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.client import Control
from tests.wire.account import TREE

CAMPAIGN = {name: TREE[0][name] for name in ("name", "state", "targetingType", "budget")}

PROGRAM = """
import json, sys
from pathlib import Path
from ads_client import AdsClient, AdsError, Meter, Settings, SqliteStore
from ads_client.export import Exporter
from ads_client.job_polling import PollSchedule

Exporter.schedule = PollSchedule(first_gap=0.1)
task = json.loads(Path("task.json").read_text())
profile = task["profiles"][0]["profileId"]
with AdsClient(Settings.from_task(task)) as client:
    profiles = client.list_profiles(task["profiles"][0]["region"])
    (made,) = client.create("sp.campaigns", profile, task["items"])
    assert made.is_done, made
    listed = client.list("sp.campaigns", profile)
    exported = client.export("campaigns", profile)
refused = []
for optional in (Meter, lambda: SqliteStore(":memory:", "0" * 44)):
    try:
        optional()
    except AdsError as error:
        refused.append(str(error))
print(json.dumps({
    "profiles": [str(one["profileId"]) for one in profiles],
    "created": made.id,
    "listed": [one["campaignId"] for one in listed],
    "exported": [one["campaignId"] for one in exported],
    "refused": refused,
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""


def needed(name, found=()):
    """Return the distributions that one needs, itself among them."""
    names = [*found, name]
    for line in distribution(name).requires or ():
        if "extra ==" not in line:
            other = re.match(r"[\w.-]+", line).group()
            names = needed(other, names) if other not in names else names
    return names


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the copy and an environment of its own, made without a network."""
    folder = tmp_path_factory.mktemp("copy")
    venv.create(folder / "environment", symlinks=True)
    site = Path(
        sysconfig.get_path(
            "purelib", "venv", {"base": str(folder / "environment"), "platbase": "unused"}
        )
    )
    for name in needed("requests"):
        for file in distribution(name).files:
            source = Path(file.locate())
            if ".." not in file.parts and source.suffix != ".pyc":
                (site / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, site / file)
    shutil.copytree(
        Path("harness/client"), folder / "ads_client", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


@pytest.fixture(scope="module")
def task(folder):
    with Mock(port=0) as mock:
        wanted = {"seed": 3, "choices": {"export.seconds": "0"}}
        made = Control(mock.control_url).call("sandboxes.create", data=wanted)
        task = {
            "regions": made["urls"],
            "profiles": made["profiles"],
            "credentials": made["client"],
            "items": [CAMPAIGN],
            "tasks": [{"verb": "list_profiles", "args": {}}],
        }
        (folder / "task.json").write_text(json.dumps(task))
        yield task


def run(folder, *words):
    python = folder / "environment" / "bin" / "python"
    return subprocess.run(
        [python, "-W", "error", *words], check=False, capture_output=True, text=True, cwd=folder
    )


def test_copy_lists_creates_and_exports_with_requests_alone(folder, task):
    (folder / "program.py").write_text(PROGRAM)
    ran = run(folder, "program.py")
    assert ran.returncode == 0, ran.stderr
    printed = json.loads(ran.stdout)
    region = task["profiles"][0]["region"]
    assert set(printed["profiles"]) == {
        one["profileId"] for one in task["profiles"] if one["region"] == region
    }
    assert printed["created"] in printed["listed"]
    assert printed["created"] in printed["exported"]
    assert "pip install prometheus-client" in printed["refused"][0]
    assert "pip install cryptography" in printed["refused"][1]
    assert not {"adsmock", "jsonschema_rs", "prometheus_client", "cryptography"} & set(
        printed["modules"]
    )


def test_copy_runs_a_task_file_as_a_program(folder, task):
    ran = run(folder, "-m", "ads_client", "task.json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "verb": "list_profiles",
        "status": "done",
        "done": len(task["profiles"]),
        "failed": 0,
    }
