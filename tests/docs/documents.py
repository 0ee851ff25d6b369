"""JSON, TOML and YAML of the pages, checked by what the program reads such a document with."""

import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema_rs
from ruamel.yaml import YAML

from adsmock.harness.config_file import read
from adsmock.harness.suite.case import parse
from adsmock.mockserver.control import schema

TASK_FILE = json.loads(Path("contracts/meta/task.schema.json").read_text("utf-8"))


def check_json(text):
    """Check one value, or one on each line."""
    try:
        values = [json.loads(text)]
    except json.JSONDecodeError:
        values = [json.loads(line) for line in text.splitlines()]
    for value in values:
        if isinstance(value, dict) and "effect" in value:
            schema.check("FaultRule", value)
        if isinstance(value, dict) and "tasks" in value:
            jsonschema_rs.validate(TASK_FILE, value)


def check_toml(text):
    """Check a case, a baseline or a manifest; another document must only be TOML."""
    value = tomllib.loads(text)
    if "tasks" in value:
        parse(text, f"{value['id']}.toml")
        return
    kinds = [
        kind for member, kind in (("expect", "baseline"), ("name", "manifest")) if member in value
    ]
    for kind in kinds:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "document.toml"
            path.write_text(text, "utf-8")
            read(path, kind)


def check_yaml(text):
    """Check that a text is YAML."""
    assert YAML(typ="safe").load(text)


READERS = {"json": check_json, "toml": check_toml, "yaml": check_yaml}


def check(kind, text):
    """Check a document of one kind."""
    READERS[kind](text)
