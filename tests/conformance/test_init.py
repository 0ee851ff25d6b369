"""``adsmock init`` writes a starting point that runs as it is, and never overwrites a file."""

import json
import shlex
import shutil
import subprocess
import sys

import pytest
from ruamel.yaml import YAML

from adsmock.harness.command.init import LANGUAGES, startable
from adsmock.harness.config_file import read
from adsmock.harness.suite.case.model import VERBS
from adsmock.harness.suite.manifest import declared
from tests.conformance.examples import ADSMOCK
from tests.unit.harness.suite.journal_rows import call

NEEDS = {"python": sys.executable, "node": "node", "shell": "curl"}


def run(folder, *words):
    done = subprocess.run(
        [*ADSMOCK, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def command(lang):
    first, *rest = LANGUAGES[lang].command.split()
    return shlex.join([sys.executable if first == "python" else first, *rest])


@pytest.fixture(params=LANGUAGES)
def lang(request):
    if shutil.which(NEEDS[request.param]) is None:
        pytest.skip(f"INIT IS NOT TESTED FOR {request.param}: {NEEDS[request.param]} is missing")
    return request.param


def test_manifest_and_workflow_are_valid(tmp_path, lang):
    code, out, err = run(tmp_path, "init", "--lang", lang)
    says = declared(read(tmp_path / "ads-client.toml", "manifest").values)
    workflow = YAML(typ="safe", pure=True).load(
        (tmp_path / ".github/workflows/adsmock.yml").read_text("utf-8")
    )

    assert (code, err) == (0, "")
    assert startable(LANGUAGES[lang]).command in {says.start.command, says.start.adapter}
    assert says.verbs <= VERBS
    assert "sp.campaigns" in says.resources
    assert "profiles" not in says.resources  # D02 changes a profile, which no starter does
    assert "conformance" in workflow["jobs"]
    assert "adsmock conform --manifest ads-client.toml --profile quick" in out


def test_a_machine_without_python_starts_python3(monkeypatch):
    present = {"python3"}
    monkeypatch.setattr(shutil, "which", lambda name: name if name in present else None)
    assert startable(LANGUAGES["python"]).command == "python3 adapter.py"
    assert startable(LANGUAGES["node"]).command == "node adapter.mjs"
    present.add("python")
    assert startable(LANGUAGES["python"]).command == "python adapter.py"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["python", "node"], indirect=True)
def test_adapter_passes_the_check_with_the_verbs_of_its_manifest(tmp_path, lang):
    run(tmp_path, "init", "--lang", lang)
    code, out, err = run(tmp_path, "adapter", "check", command(lang))

    assert code == 0, out + err
    works = {line.split()[0] for line in out.splitlines() if " works " in f"{line} "}
    assert works & VERBS == set(LANGUAGES[lang].verbs)
    assert {"sp.keywords", "sp.negativeKeywords", "sp.targets"} < works
    assert "without" not in out


@pytest.mark.slow
def test_generated_program_gets_a_verdict(tmp_path, lang):
    run(tmp_path, "init", "--lang", lang)
    way = {"adapter": "--adapter", "command": "--cmd"}[LANGUAGES[lang].way]
    code, out, err = run(tmp_path, "conform", way, command(lang), "--cases", "A01,D04", "--verbose")

    assert code in {0, 3}, out + err
    assert "A01.headers" in out
    assert "FAIL" not in out


def journal(folder, driver):
    """Write the journal of a run with one call, and return its path."""
    head = {"kind": "run", "driver": driver, "command": "node night.mjs", "through_proxy": True}
    entry = call("sp.keywords.list", 1, region="EU") | {"kind": "entry", "case": "A01", "seq": 1}
    path = folder / "journal.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in (head, entry)))
    return path


def test_free_run_needs_no_adapter(tmp_path):
    code, out, err = run(tmp_path, "init", "--free", "python 'my job.py'", "--through-proxy")
    says = declared(read(tmp_path / "ads-client.toml", "manifest").values)

    assert (code, err) == (0, "")
    assert (says.start.free, says.start.through_proxy) == ("python 'my job.py'", True)
    assert (says.verbs, says.resources) == (None, None)
    assert {one.name for one in tmp_path.iterdir()} == {"ads-client.toml", ".github"}
    assert "adapter" not in out
    assert ".gitignore" in out


@pytest.mark.parametrize(
    ("driver", "words", "free"),
    [("free", (), "node night.mjs"), ("free", ("--lang", "python"), None), ("command", (), None)],
)
def test_journal_of_a_free_run_names_its_program(tmp_path, driver, words, free):
    path = journal(tmp_path, driver)
    code, _, err = run(tmp_path, "init", "--from", str(path), *words)
    assert (code, err) == (0, "")
    says = declared(read(tmp_path / "ads-client.toml", "manifest").values)

    assert says.start.free == free
    assert (tmp_path / "adapter.py").exists() is (free is None)
    assert (says.resources, says.regions) == ({"sp.keywords"}, {"EU"})
    assert (says.verbs is None) is (free is not None)


def test_proxy_needs_a_free_run(tmp_path):
    code, _, err = run(tmp_path, "init", "--through-proxy")

    assert code == 2
    assert "--through-proxy needs --free" in err


def test_existing_files_are_kept(tmp_path):
    (tmp_path / "adapter.py").write_text("mine")
    code, out, _ = run(tmp_path, "init")

    assert code == 0
    assert "kept  adapter.py" in out
    assert "wrote ads-client.toml" in out
    assert (tmp_path / "adapter.py").read_text() == "mine"

    code, out, err = run(tmp_path, "init")
    assert code == 2
    assert "every file exists already and was kept" in err


LISTS_ONLY = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if request["verb"] == "shutdown":
        break
    word = "failed" if request["verb"] == "list" else "unsupported"
    print(json.dumps({"id": request["id"], "status": word, "error": "no"}), flush=True)
"""


@pytest.mark.parametrize(
    ("program", "verbs", "said"),
    [(LISTS_ONLY, {"list"}, "trying each verb"), ("raise SystemExit(3)", None, "exit code 3")],
    ids=["another adapter", "no adapter"],
)
def test_manifest_has_the_verbs_of_the_adapter_that_is_there(tmp_path, program, verbs, said):
    (tmp_path / "adapter.py").write_text(program)
    code, out, err = run(tmp_path, "init")
    found = declared(read(tmp_path / "ads-client.toml", "manifest").values).verbs

    assert (code, err) == (0, "")
    assert said in out
    assert found == (verbs or set(LANGUAGES["python"].verbs))
    assert (tmp_path / "adapter.py").read_text() == program


IMPORTS_THE_KIT = """
import { serve, Unsupported } from './adsmock-adapter.mjs';
const refuse = () => { throw new Unsupported('no'); };
serve(() => ({ list: () => 0, create: refuse }));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="NO NODE: its adapter is not tried")
def test_adapter_that_imports_the_kit_finds_it_when_its_verbs_are_tried(tmp_path):
    (tmp_path / "adapter.mjs").write_text(IMPORTS_THE_KIT)
    code, out, err = run(tmp_path, "init", "--lang", "node")
    found = declared(read(tmp_path / "ads-client.toml", "manifest").values).verbs

    assert (code, err) == (0, "")
    assert "verbs of the starter" not in out
    assert "list" in found
    assert "create" not in found


def test_language_without_a_starter_points_to_the_ways_that_need_none(tmp_path):
    code, _, err = run(tmp_path, "init", "--lang", "php")

    assert code == 2
    assert "choose from python, node, shell" in err
    assert "--free" in err
    assert "docs/reference/tasks.md" in err
