"""The rehearsal against a real mock: what adapts stays within the thresholds, what does not fails.

The two runs share one mock and last as short as a shape allows; the numbers are judged by the
same thresholds as a full rehearsal.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests import stage

ADSMOCK = str(Path(sys.executable).with_name("adsmock"))
DURATION = "10s"
NOISY = {"p95"}
"""What a busy machine breaks without any fault of the user: the only number that is a time."""


@pytest.fixture(scope="module")
def control():
    with stage.mock() as address:
        yield address


def rehearse(control, folder, user):
    options = ["--user", user, "--duration", DURATION, "--users", "24", "--server", control]
    done = subprocess.run(
        [ADSMOCK, "load", "--report-dir", str(folder), *options],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert (folder / "load.json").exists(), done.stdout + done.stderr
    return done, json.loads((folder / "load.json").read_text())


def broken_thresholds(document):
    return {row["threshold"]["measure"] for row in document["findings"] if not row["holds"]}


@pytest.mark.slow
def test_an_integration_that_adapts_stays_within_the_thresholds(control, tmp_path):
    done, document = rehearse(control, tmp_path, "integration")
    assert done.returncode in {0, 1}, done.stderr
    assert done.returncode == (0 if document["holds"] else 1)
    assert broken_thresholds(document) <= NOISY, done.stdout
    assert document["result"]["changes"]["done"] > 100
    operations = document["result"]["operations"]
    for name in ("lwa.token", "sp.keywords.update", "sp.campaigns.list", "exports.get"):
        assert operations[name]["accepted"] >= 1
    assert (tmp_path / "stats_stats.csv").exists()


@pytest.mark.slow
def test_a_user_that_ignores_limits_breaks_the_thresholds(control, tmp_path):
    done, document = rehearse(control, tmp_path, "careless")
    assert done.returncode == 1, done.stdout
    assert "throttled_share" in broken_thresholds(document)
    assert "plan" in [limit["name"] for limit in document["limits"]]
    assert "the limit was: plan" in done.stdout
