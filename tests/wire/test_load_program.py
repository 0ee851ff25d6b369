"""A partner's own program under the event: tasks to copies of it, or its own work observed."""

import json
import sys
from pathlib import Path

import pytest

from adsmock.loadtests import mock_setup
from adsmock.loadtests.run_ends import ENOUGH
from tests.wire.load_run import PATIENCE, missed, read, rehearse, rehearse_until, run

EXAMPLES = Path(__file__).parents[1] / "examples"

pytestmark = [pytest.mark.one_python, pytest.mark.timeout(PATIENCE)]


@pytest.fixture(scope="module")
def control():
    with mock_setup.mock() as address:
        yield address


def adapter(path):
    return f"{sys.executable} {EXAMPLES / path}"


@pytest.mark.slow
def test_a_correct_adapter_does_the_work_and_a_misbehaving_one_loses_it(control, tmp_path):
    def is_done(document):
        return document["work"]["optimizer"]["done"] > 20

    def is_lost(document):
        return {"throttled_share", "calls_ratio", "lost"} <= missed(document)

    event = ("--shape", "spike", "--users", "30", "--copies", "2", "--adapter")
    paced, bad_one = adapter("load/paced.py"), adapter("load/misbehaving.py")
    good, _text = rehearse_until(is_done, control, tmp_path / "good", 15, *event, paced)
    bad, text = rehearse_until(is_lost, control, tmp_path / "bad", 15, *event, bad_one)

    assert good["copies"]["started"] == 2
    assert good["copies"]["died"] == 0
    assert is_done(good)
    assert good["reconciliation"]["lost"] == good["reconciliation"]["doubled"] == 0
    assert {"throttled_share", "calls_ratio", "lost", "died"} & missed(good) == set()
    assert bad["verdict"]["status"] == "missed"
    assert is_lost(bad)
    assert bad["measures"]["calls_ratio"] > 3 * good["measures"]["calls_ratio"]
    assert bad["measures"]["goodput"] < 1
    assert "acknowledged" in text


@pytest.mark.deep
def test_two_minutes_of_prime_day_tell_a_correct_adapter_from_one_that_breaks(control, tmp_path):
    event = ("--shape", "prime-day", "--copies", "2", "--adapter")
    good, _text = rehearse(control, tmp_path / "good", 120, *event, adapter("load/paced.py"))
    bad, text = rehearse(control, tmp_path / "bad", 120, *event, adapter("load/misbehaving.py"))
    # A busy machine makes times miss their thresholds, and the run incomplete; nothing else does.
    assert {row["name"] for row in good["findings"] if not (row["holds"] or row["timed"])} == set()
    assert good["verdict"]["exit"] in {0, 3}
    assert good["verdict"]["exit"] == 0 or missed(good) or good["verdict"]["gaps"]
    assert good["work"]["optimizer"]["done"] > 4000
    assert good["work"]["builder"]["done"] > 90
    assert good["work"]["exporter"]["unsupported"] > 0
    assert bad["verdict"]["exit"] == 1
    assert {"throttled_share", "failed_share", "calls_ratio", "goodput", "lost"} <= missed(bad)
    assert "integration" in [limit["name"] for limit in bad["verdict"]["limits"]]
    assert "refused most" in text


@pytest.mark.slow
def test_a_copy_that_dies_is_started_again_and_the_verdict_says_so(control, tmp_path):
    program = tmp_path / "dies.py"
    program.write_text(
        "import json, sys\n"
        "for number, line in enumerate(sys.stdin):\n"
        "    if number == 2:\n"
        "        sys.exit('disk full')\n"
        "    print(json.dumps({'id': json.loads(line)['id'], 'status': 'failed'}), flush=True)\n"
    )

    def has_restarted(document):
        return document["copies"]["died"] >= 1 and document["copies"]["started"] > 1

    options = ("--shape", "steady", "--adapter", f"{sys.executable} {program}")
    document, text = rehearse_until(has_restarted, control, tmp_path / "run", 8, *options)

    assert has_restarted(document)
    assert document["verdict"]["exit"] in {1, 3}
    assert "died" in missed(document)
    assert "exit code 1: disk full" in text


@pytest.mark.slow
def test_a_program_with_hard_coded_hosts_and_its_own_work_is_judged_by_its_calls(control, tmp_path):
    program = adapter("unmodified/nightly.py")

    def has_listed(document):
        return document["operations"].get("sp.campaigns.list", {"accepted": 0})["accepted"] > 0

    options = ("--shape", "steady", "--observe", program, "--through-proxy")
    document, text = rehearse_until(has_listed, control, tmp_path, 8, *options)

    assert document["settings"]["program"]["kind"] == "observed"
    assert has_listed(document)
    assert {"goodput", "lost", "backlog"} & document["measures"].keys() == set()
    assert "calls_ratio" in document["measures"]
    assert "work items arrived" not in text
    assert (tmp_path / "copy-1.log").exists()
    judged = json.loads((tmp_path / "conformance" / "run.json").read_text("utf-8"))
    apart = {
        one["id"]: one["sentence"]
        for case in judged["cases"]
        for one in case["checks"]
        if one["id"] in {"I04.once", "I05.early", "I06.bounded", "I14.waits"}
    }
    assert len(apart) == 4
    assert not any("not judged here" in sentence for sentence in apart.values()), apart


@pytest.mark.slow
def test_a_reply_counts_although_the_shape_has_stopped_the_user_that_waits_for_it(
    control, tmp_path
):
    program, log = tmp_path / "slow.py", tmp_path / "replies"
    program.write_text(
        "import json, sys, threading\n"
        "lock = threading.Lock()\n"
        "def answer(number):\n"
        "    threading.Event().wait(5)\n"
        f"    with lock, open({str(log)!r}, 'a') as file:\n"
        "        print(json.dumps({'id': number, 'status': 'done'}), flush=True)\n"
        "        print(number, file=file)\n"
        "for line in sys.stdin:\n"
        "    request = json.loads(line)\n"
        "    threading.Thread(target=answer, args=(request['id'],), daemon=True).start()\n"
    )
    options = ("--shape", "spike", "--users", "200", "--tasks", "200", "--adapter")
    event = (*options, f"{sys.executable} {program}")
    # Half of the replies come when the spike is over, and the users that wait for them are gone.
    for seconds in (15, 30, 60):
        log.unlink(missing_ok=True)
        document, _text = rehearse(control, tmp_path / "run", seconds, *event)
        replies = len(log.read_text().split()) if log.exists() else 0
        # Replies between the last count and the end of the copies are missing, and a slow machine
        # has many of them. Without users that wait, half of all would be missing.
        if replies > 20 and document["copies"]["tasks"] >= replies * 0.75:
            break
    assert replies > 20
    assert document["copies"]["tasks"] >= replies * 0.75


NIGHTLY = """
import json, os, sys, urllib.parse, urllib.request

def send(method, url, data, **headers):
    asked = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(asked, timeout=120) as reply:
        return json.load(reply)

form = {"grant_type": "refresh_token", "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"], "refresh_token": os.environ["REFRESH_TOKEN"]}
token = send("POST", os.environ["LWA_NA"] + "/auth/o2/token", urllib.parse.urlencode(form).encode())
known = {"Authorization": "Bearer " + token["access_token"],
         "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"]}
profile = send("GET", os.environ["ADS_NA"] + "/v2/profiles", None, **known)[0]["profileId"]
media = "application/vnd.spKeyword.v3+json"
known |= {"Amazon-Advertising-API-Scope": str(profile), "Content-Type": media, "Accept": media}
keywords = send("POST", os.environ["ADS_NA"] + "/sp/keywords/list", b"{}", **known)["keywords"]
cheap = [each for each in keywords if each["bid"] < 1][:WRITES]
if cheap:
    bids = [{"keywordId": each["keywordId"], "bid": round(each["bid"] * 1.1, 2)} for each in cheap]
    body = json.dumps({"keywords": bids}).encode()
    send("PUT", os.environ["ADS_NA"] + "/sp/keywords", body, **known)
"""


def nightly(folder, writes):
    """Return the command of a program that raises so many cheap bids at every start."""
    program = folder / f"nightly-{writes}.py"
    program.write_text(NIGHTLY.replace("WRITES", str(writes)))
    return f"{sys.executable} {program}"


@pytest.mark.slow
def test_a_partners_plan_is_played_with_a_program_that_brings_its_own_work_and_resumed(tmp_path):
    folder = tmp_path / "run"
    options = ("--plan", "seller-tool", "--observe", nightly(tmp_path, 50), "--report-dir", folder)
    for rate, stop in ((5_000, 7), (2_500, 14), (1_250, 28)):
        first = run("load", *options, "--rate", rate, "--stop-after", f"{stop}s")
        half = read(folder, first)
        if half["own_work"]["writes"]:
            break
    later = run("load", "--resume", folder)
    whole = read(folder, later)

    assert half["own_work"]["writes"] > 0
    assert f"adsmock load --resume {folder}" in first.stdout
    assert whole["settings"]["part"] == 2
    assert whole["own_work"]["writes"] >= half["own_work"]["writes"]
    assert whole["calls"]["accepted"] > half["calls"]["accepted"]
    assert whole["copies"]["started"] > half["copies"]["started"]
    assert whole["verdict"]["gaps"] == []
    assert whole["verdict"]["plan"]["plan"] == "small seller tool"


@pytest.mark.slow
def test_a_program_that_writes_nothing_is_incomplete_unless_that_is_its_work(control, tmp_path):
    def has_read(document):
        return document["own_work"]["reads"] > 0

    # Each start takes a token of its own, which other thresholds would call a waste.
    bounds = tmp_path / "thresholds.toml"
    bounds.write_text(
        "[[thresholds]]\nmeasure = 'failed_share'\nat_most = 0.5\nunit = 'of calls'\nwhy = 'x'\n"
    )
    event = ("--shape", "steady", "--thresholds", bounds, "--observe", nightly(tmp_path, 0))
    silent, text = rehearse_until(has_read, control, tmp_path / "run", 8, *event)
    reader, _text = rehearse_until(
        has_read, control, tmp_path / "run", 8, *event, "--expect", "reads"
    )

    assert has_read(silent)
    assert missed(silent) == set()
    assert silent["verdict"]["exit"] == 3
    assert "incomplete: writes are unproven" in text
    assert reader["verdict"]["gaps"] == []
    assert reader["verdict"]["exit"] == 0


USERS = """
import os

from locust import HttpUser, constant_throughput, task


class Shopper(HttpUser):
    wait_time = constant_throughput(2)

    @task
    def renew(self):
        form = {"grant_type": "refresh_token", "client_id": os.environ["CLIENT_ID"],
                "client_secret": os.environ["CLIENT_SECRET"],
                "refresh_token": os.environ["REFRESH_TOKEN"]}
        self.client.post(os.environ["LWA_NA"] + "/auth/o2/token", data=form)
"""

TEST = """
import os


def test_fails():
    assert os.environ["ADS_NA"] == "elsewhere"
"""


def target(folder, name, *options):
    return run("load", "--target", name, "--report-dir", "run", *options, cwd=folder)


def rehearse_target_until(is_enough, folder, name, *options):
    """Rehearse a target for 16 s, or longer until it has done what a test needs."""
    for seconds in (16, 32, 64):
        done = target(folder, name, *options, "--duration", f"{seconds}s")
        document = json.loads((folder / "run" / "run.json").read_text())
        if is_enough(document):
            break
    assert done.returncode == document["verdict"]["exit"]
    return document, done.stdout


@pytest.mark.slow
def test_a_partners_own_locust_users_and_tests_run_in_the_event(control, tmp_path):
    def has_renewed(document):
        return document["operations"].get("lwa.token", {"accepted": 0})["accepted"] > 10

    def has_failed(document):
        return document["copies"]["failed"] >= ENOUGH

    (tmp_path / "ours.py").write_text(USERS)
    event = ("--server", control, "--shape", "steady", "--copies", "2")
    document, _text = rehearse_target_until(
        has_renewed, tmp_path, "ours:Shopper", *event, "--users", "10"
    )
    assert document["settings"]["program"]["target"] == "ours:Shopper"
    assert has_renewed(document)
    assert document["copies"] | {"started": 2, "died": 0} == document["copies"]
    log = (tmp_path / "run" / "copy-1.log").read_text()
    assert '"Shopper": 2' in log, "two copies share four users: the steady level of ten"

    (tmp_path / "test_ours.py").write_text(TEST)
    document, text = rehearse_target_until(
        has_failed, tmp_path, "pytest test_ours.py::test_fails", *event
    )
    assert has_failed(document)
    assert "failed_runs" in missed(document)
    assert document["copies"]["died"] == 0
    assert "exit code 1; see copy-" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ours:Shoper", "module ours has no Locust user class Shoper: did you mean Shopper?"),
        ("pytest test_ours.py::test_nothing", "--target 'pytest test_ours.py::test_nothing': "),
    ],
)
def test_a_target_that_does_not_exist_is_a_usage_error(name, says, tmp_path):
    (tmp_path / "ours.py").write_text(USERS)
    (tmp_path / "test_ours.py").write_text(TEST)
    done = target(tmp_path, name)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert says in done.stderr
