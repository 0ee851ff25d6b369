"""Compliant variants raise no false alarm: no check of a MUST fails for any of them."""

import json
import os
import subprocess
import sys

import pytest

from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS, multi_process
from adsmock.harness.suite import runner
from adsmock.harness.suite.case import load
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers import benign
from adsmock.harness.suite.judge import judge_run

pytestmark = pytest.mark.one_python

CASES = ("A01", "A03", "B01", "E01", "L01", "N04", "R02", "T01", "X02")


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPLIANT_VARIANTS)
def test_compliant_variant_passes_every_must(control, name):
    cases = tuple(load()[one] for one in CASES)
    found = judge_run(
        runner.run(benign(name), runner.Selection(cases, "core", True), 7, control), load()
    )

    assert {
        one.check: one.sentence
        for case in found.cases
        for one in case.verdicts
        if one.severity == "MUST" and one.status != "PASS"
    } == {}


def test_every_variant_says_what_it_does_differently():
    assert all(row.behavior and row.name == name for name, row in COMPLIANT_VARIANTS.items())


MEMBER = """
import json, pathlib, sys
from adsmock.harness.compliant_variants.multi_process import SharedTokens
from adsmock.harness.client import AdsClient, Settings

SharedTokens.file = pathlib.Path(sys.argv[1])
AdsClient.token_cache_class = SharedTokens
task = json.loads(sys.stdin.read())
with AdsClient(Settings.from_task(task)) as client:
    for profile in task["profiles"]:
        client.list("sp.campaigns", profile["profileId"])
"""


def test_processes_that_share_a_token_ask_for_one(control, tmp_path):
    plane = Plane(control)
    made = plane.create_sandbox({"seed": 7})
    task = {name: made[name] for name in ("profiles", "urls")} | {"credentials": made["client"]}
    task["regions"] = task.pop("urls")
    members = [
        subprocess.Popen(
            [sys.executable, "-c", MEMBER, str(tmp_path / "token.db")],
            stdin=subprocess.PIPE,
            env=os.environ,
            text=True,
        )
        for _ in range(multi_process.PROCESSES)
    ]
    for one in members:
        one.communicate(json.dumps(task), timeout=300)
    rows, _ = plane.journal(made["id"])
    plane.delete_sandbox(made["id"])
    plane.close()

    assert [one.returncode for one in members] == [0] * multi_process.PROCESSES
    operations = [row["operation"] for row in rows]
    assert operations.count("lwa.token") == 1
    assert operations.count("sp.campaigns.list") == multi_process.PROCESSES * len(made["profiles"])
    assert all(row["status"] == 200 for row in rows)
