"""``adsmock adapter check`` says for each verb: works, unsupported, or what is wrong."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adsmock.harness.adapter_check import checkable
from adsmock.harness.adapter_check.probe import Outcome
from adsmock.harness.adapter_check.report_types import USUAL, names, probe
from adsmock.harness.adapter_check.resources import is_checkable, probes_of
from adsmock.harness.command.adapter import next_step
from adsmock.harness.suite.case.model import VERBS
from adsmock.harness.suite.manifest import Manifest
from tests.conformance.examples import ADSMOCK, FOLDER

pytestmark = pytest.mark.one_python

HERE = Path(__file__).parent
NODE = shutil.which("node")


def python(file, *words):
    return shlex.join([sys.executable, str(file), *words])


def check(command, *words):
    done = subprocess.run(
        [*ADSMOCK, "adapter", "check", command, *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"},
    )
    return done.returncode, done.stdout, done.stderr


def rows(out):
    """Return the lines of each verb: its status, then its problems and next steps."""
    found, verb = {}, ""
    for line in out.partition("\n\n")[0].splitlines():
        if line.startswith("unsupported resources: "):
            found |= {key: ["unsupported"] for key in line.partition(": ")[2].split(", ")}
        elif line.startswith("not tried, not declared in the manifest: "):
            found |= {key: ["not declared"] for key in line.partition(": ")[2].split(", ")}
        elif line.startswith(" "):
            found[verb].append(line.strip())
        else:
            verb, status, *_ = line.split()
            found[verb] = [status]
    return found


def test_next_command_keeps_the_manifest():
    assert next_step("x", Path("a b.toml")) == (
        "Next: adsmock conform --manifest 'a b.toml' --profile quick"
    )


@pytest.mark.slow(100)
def test_reference_adapter_works_in_every_verb():
    code, out, err = check(shlex.join([sys.executable, "-m", "adsmock.harness.client.adapter"]))

    assert code == 0, out + err
    assert all(row == ["works"] for row in rows(out).values())
    assert rows(out).keys() == {*VERBS, *checkable(), *USUAL, "shutdown", "TLS"}
    assert {"portfolios", "sb.ads", "sd.locations", "v1.st.targets"} < rows(out).keys()
    assert "67 works, 0 unsupported, 0 wrong" in out
    assert 'Next: adsmock conform --adapter "' in out


ADS = (
    "sb.ads",
    "sd.productAds",
    "sp.productAds",
    *(f"v1.{one}.ads" for one in ("sb", "sd", "sp", "st")),
)


@pytest.mark.parametrize("resource", ADS)
def test_ads_of_each_product_are_created_changed_and_archived(resource):
    assert is_checkable(resource)
    verbs = [probe.verb for probe in probes_of(resource, VERBS)]

    assert {"create", "list", "update", "archive"} <= set(verbs)


def test_report_types_are_those_of_the_manifest_else_one_of_each_product():
    declared = Manifest(report_types=frozenset({"spSearchTerm", "dspGeo", "sbAds"}))

    assert names(Manifest(), has_reports=True) == USUAL
    assert names(Manifest(), has_reports=False) == ()
    assert names(declared, has_reports=True) == ("sbAds", "spSearchTerm")
    assert names(Manifest(report_types=frozenset()), has_reports=True) == ()


def test_report_of_another_type_is_named():
    sent = {"reportTypeId": "spCampaigns", "adProduct": "SPONSORED_PRODUCTS"}
    calls = [
        {"operation": "reporting.create", "request": {"configuration": sent}},
        {"operation": "storage.get", "request": None},
    ]

    def problems(name):
        seen = Outcome(None, {"reportTypeId": name}, {"status": "done"}, calls, 1.0)
        return [each.what for each in probe(name).examine(seen)]

    assert problems("spCampaigns") == []
    assert problems("sbCampaigns") == [
        "another report was requested: spCampaigns of SPONSORED_PRODUCTS"
    ]


def only_campaigns(tmp_path):
    """Return a manifest that keeps the check to the verbs."""
    path = tmp_path / "ads-client.toml"
    path.write_text('name = "checked"\nresources = ["sp.campaigns"]\n')
    return str(path)


SUPPORTED = (
    "sp.adGroups",
    "sp.campaignNegativeKeywords",
    "sp.keywords",
    "sp.negativeKeywords",
    "sp.productAds",
    "sp.targets",
)


@pytest.mark.slow
def test_example_on_the_python_kit_works_and_its_missing_verbs_are_unsupported():
    code, out, err = check(python(FOLDER / "python" / "adapter.py"))
    found = rows(out)

    assert code == 0, out + err
    works = {verb for verb, row in found.items() if row == ["works"]}
    assert works == {
        *("list_profiles", "list", "create", "update", "create_tree", "idle"),
        *SUPPORTED,
        *("shutdown", "TLS"),
    }
    assert found.keys() == {*VERBS, *checkable(), "shutdown", "TLS"}
    assert all(found[verb] == ["unsupported"] for verb in found.keys() - works)
    declared = '["list_profiles", "list", "create", "update", "create_tree", "idle"]'
    assert f"  verbs = {declared}\n" in out
    assert f"  resources = {json.dumps(['sp.campaigns', *SUPPORTED])}\n" in out
    assert re.search(r"sp\.keywords +works +\d+ calls, without get, archive\n", out)


@pytest.mark.slow
def test_example_on_the_node_kit_works(tmp_path):
    if NODE is None:
        pytest.skip("THE NODE ADAPTER IS NOT CHECKED: node is not installed")
    command = shlex.join([NODE, str(FOLDER / "node" / "adapter.mjs")])
    code, out, err = check(command, "--manifest", only_campaigns(tmp_path))

    assert code == 0, out + err
    assert rows(out)["list"] == rows(out)["create"] == rows(out)["TLS"] == ["works"]


WRONG = {
    "list_profiles": "profiles were not listed in EU, FE",
    "list": "only the first page was read",
    "create": "the reply says done, but the API refused one of the two items",
    "update": "the reply says done, but no API call was made",
    "modify": "the filter was ignored: Check five, Check four, Check new, Check one, Check two",
    "archive": "POST /sp/campaigns/delete was refused with 400",
    "create_tree": "creating a tree",
    "export": "the program ended with exit code 9: MemoryError: export is too large",
    "exports": r"the reply has id \d+, the request has id \d+",
    "sync_metadata": "no reply within 2 s",
    "report": "reply of the adapter .*perfect",
    "reports": "the reply says failed: no column cost",
    "steady": "1 of 2 lists were sent",
    "subscribe_stream": "the reply says done, but no API call was made",
    "consume_stream": "the reply says done, but no API call was made",
    "raise_budgets": "the reply says done, but no API call was made",
    "apply_recommendations": "the reply says done, but no API call was made",
    "run_workflow": "the reply says done, but no API call was made",
    "schedule_workflow": "the reply says done, but no API call was made",
    "idle": "instead of 0.3 s",
}


@pytest.mark.slow
def test_each_defect_is_named_with_a_next_step(tmp_path):
    manifest = tmp_path / "ads-client.toml"
    manifest.write_text('name = "bad"\nresources = ["sd.targets"]\n')
    words = ("--timeout", "2", "--manifest", str(manifest))
    code, out, err = check(python(HERE / "bad_adapter.py"), *words)
    found = rows(out)

    assert code == 1, out + err
    assert found["get"] == ["unsupported"]
    for verb, problem in WRONG.items():
        assert found[verb][0] == "wrong", out
        assert re.search(problem, "\n".join(found[verb])), (verb, out)
        assert any(line.startswith("next: ") for line in found[verb])
    said = "\n".join(found["sd.targets"])
    assert "list: no call of sd.targets.list arrived; there were sp.campaigns.list" in said
    said = "\n".join(found["list"])
    assert "pageSize 2 was ignored: maxResults was 3" in said
    assert "the filter was ignored: the list went out without it" in said
    assert "calls went to NA instead of EU" in said
    assert "Fix what is wrong and run this command again." in out


def test_node_adapter_that_reads_one_page_and_no_207_gets_both_problems(tmp_path):
    if NODE is None:
        pytest.skip("THE BAD NODE ADAPTER IS NOT CHECKED: node is not installed")
    command = shlex.join([NODE, str(HERE / "bad_adapter.mjs")])
    code, out, err = check(command, "--manifest", only_campaigns(tmp_path))
    found = rows(out)

    assert code == 1, out + err
    assert any("only the first page was read" in line for line in found["list"])
    assert any("the reply says done: 2, but the API returned 5" in line for line in found["list"])
    assert any("campaign 'Check new' was not created" in line for line in found["create"])
    assert found["shutdown"] == ["works"]


@pytest.mark.slow(40)
def test_program_that_does_not_exit_is_reported(tmp_path):
    words = ("--timeout", "1", "--manifest", only_campaigns(tmp_path))
    code, out, _ = check(python(HERE / "bad_adapter.py", "deaf"), *words)

    assert code == 1
    assert "the program did not exit within 5 s of shutdown" in rows(out)["shutdown"][1]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (python(HERE / "bad_adapter.py", "ends"), "exit code 1: no module named ads"),
        ("no-such-program-at-all", "exit code 127"),
        (" ", "there is no command: name one"),
    ],
)
def test_command_that_does_not_run_is_a_usage_error(command, said):
    code, out, err = check(command)

    assert code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err


MANIFEST = """
name = "checked"
verbs = ["list", "create", "update", "archive", "steady"]
resources = ["sp.campaigns", "sp.adGroups", "sp.keywords", "sp.targets"]
[start]
adapter = {command}
"""

PARTIAL = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if request["verb"] == "shutdown":
        break
    args = request.get("args", {})
    is_known = request["verb"] == "list" and args.get("resource") != "sp.targets"
    word = "done" if is_known else "unsupported"
    print(json.dumps({"id": request["id"], "status": word}), flush=True)
"""


def declare(tmp_path, command):
    path = tmp_path / "ads-client.toml"
    path.write_text(MANIFEST.format(command=json.dumps(command)))
    return str(path)


@pytest.mark.slow(100)
def test_each_resource_that_the_manifest_declares_is_tried(tmp_path):
    reference = shlex.join([sys.executable, "-m", "adsmock.harness.client.adapter"])
    code, out, err = check("--manifest", declare(tmp_path, reference))

    assert code == 0, out + err
    assert rows(out)["sp.adGroups"] == rows(out)["sp.targets"] == ["works"]
    assert "sp.productAds" not in rows(out)


def test_what_the_manifest_declares_and_the_adapter_lacks_is_wrong(tmp_path):
    (tmp_path / "partial.py").write_text(PARTIAL)
    code, out, _ = check("--manifest", declare(tmp_path, python(tmp_path / "partial.py")))
    found = rows(out)

    assert code == 1
    assert (
        "the manifest declares verb 'steady', but the adapter answers unsupported"
        in (found["steady"][1])
    )
    assert found["modify"] == found["idle"] == ["not declared"]
    said = "\n".join(found["sp.targets"])
    assert "create: the manifest declares sp.targets, but the adapter answers unsupported" in said
    assert "list: the manifest declares sp.targets, but the adapter answers unsupported" in said
    assert any(
        "list: the reply says done, but no API call" in line for line in found["sp.keywords"]
    )
