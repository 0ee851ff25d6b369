"""What README and docs offer to paste is accepted by the program it is pasted for."""

import argparse
import importlib
import re
import shlex
from importlib import metadata
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from adsmock.harness.config_file import read
from adsmock.harness.suite import baseline
from adsmock.harness.suite.case import load
from adsmock.harness.suite.manifest import declared

ROOT = Path(__file__).parents[4]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCS = "\n".join(page.read_text("utf-8") for page in PAGES)
ACTIONS = (ROOT / "tests/examples/github-actions.yml").read_text("utf-8")
VERBS = {point.name: point.value for point in metadata.entry_points(group="adsmock.commands")}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCS, flags=re.DOTALL)


def commands(text):
    return [
        shlex.split(line)
        for step in YAML(typ="safe", pure=True).load(text)["jobs"]["conformance"]["steps"]
        for line in step.get("run", "").splitlines()
        if line.startswith("adsmock ")
    ]


def test_docs_contain_the_workflow_verbatim():
    assert ACTIONS in blocks("yaml")


@pytest.mark.parametrize("words", commands(ACTIONS), ids=" ".join)
def test_workflow_gives_commands_that_exist(words):
    module = importlib.import_module(VERBS[words[1]])
    parser = argparse.ArgumentParser()
    module.configure(parser)

    assert parser.parse_args(words[2:]).profile == "core"


def test_workflow_keeps_the_reports_when_the_run_fails():
    steps = YAML(typ="safe", pure=True).load(ACTIONS)["jobs"]["conformance"]["steps"]
    kept = [step for step in steps if "if" in step]

    assert commands(ACTIONS)
    assert {step["uses"].partition("@")[0] for step in kept} == {
        "actions/upload-artifact",
        "github/codeql-action/upload-sarif",
    }
    assert all(step["if"].startswith("always()") for step in kept)


def test_manifest_and_baseline_of_the_readme_are_read(tmp_path):
    texts = {text.partition("\n")[0]: text for text in blocks("toml")}
    manifest, listing = tmp_path / "ads-client.toml", tmp_path / "baseline.toml"
    manifest.write_text(texts['name = "acme-sync"'])
    listing.write_text(texts["[[expect]]"])

    assert declared(read(manifest, "manifest").values).recovery.rto_seconds == 900
    assert set(declared(read(manifest, "manifest").values).absent) <= set(load())
    assert baseline.read(listing, load()).values["expect"][0]["until"] == "2099-03-01"
