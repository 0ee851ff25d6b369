"""The README names everything a user can type, plan, receive or set.

The names come from the tables that the program itself uses, so that what is added there without
a word in the README is found.
"""

import re
import shlex
import tomllib
from importlib import metadata

import jsonschema_rs
import pytest

from adsmock.cli import child_environment, main
from adsmock.contracts.loader import load
from adsmock.mockserver.control.readme_tables import renewed
from adsmock.mockserver.control.schema import components
from adsmock.mockserver.core.fault import KINDS
from tests.architecture.repository import read

SETTINGS = tomllib.loads(read("pyproject.toml"))
COMMANDS = sorted(SETTINGS["project"]["entry-points"]["adsmock.commands"])
EXTRAS = sorted(set(SETTINGS["project"]["optional-dependencies"]) - {"dev"})
TARGETS = re.findall(r"^([a-z]+):.*## ", read("Makefile"), flags=re.MULTILINE)
EXIT_CODES = (0, 1, 2, 3, 4, 5, 130)
STATUSES = ("PASS", "FAIL", "WARN", "INFO", "UNPROVEN", "INCONCLUSIVE", "N/A", "ERROR")
VARIABLES = (
    "ADS_NA",
    "ADS_EU",
    "ADS_FE",
    "LWA_NA",
    "LWA_EU",
    "LWA_FE",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REFRESH_TOKEN",
    "PROFILE_ID",
    "PROFILE_ID_NA",
    "PROFILE_ID_EU",
    "PROFILE_ID_FE",
    "ADSMOCK_CONTROL",
    "ADSMOCK_SANDBOX",
    "ADSMOCK_STORE_KEY",
    "ADSMOCK_TASK",
    *child_environment.PROXY[::2],
    *child_environment.TRUST,
    "NO_PROXY",
    "NODE_OPTIONS",
    "NODE_USE_ENV_PROXY",
)


@pytest.fixture(scope="module")
def readme() -> str:
    return read("README.md")


def names(text: str) -> set[str]:
    """Return every word that the text sets as code within a sentence or a table."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return set(re.findall(r"[\w./-]+", " ".join(re.findall(r"`([^`]+)`", prose))))


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_shows_command(readme, command):
    assert re.search(rf"\badsmock {command}\b", readme)


@pytest.mark.parametrize("target", TARGETS)
def test_readme_shows_make_target(readme, target):
    assert re.search(rf"\bmake {target}\b", readme)


@pytest.mark.parametrize("code", EXIT_CODES)
def test_readme_explains_exit_code(readme, code):
    assert re.search(rf"^\| *`?{code}`? *\|", readme, flags=re.MULTILINE)


@pytest.mark.parametrize("status", STATUSES)
def test_readme_explains_status(readme, status):
    assert status in readme


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_readme_lists_fault_kind(readme, kind):
    assert kind in names(readme)


@pytest.mark.parametrize("variable", VARIABLES)
def test_readme_names_variable(readme, variable):
    assert re.search(rf"\b{variable}\b", readme)


@pytest.mark.parametrize("region", sorted(load().regions))
def test_readme_names_region(readme, region):
    assert re.search(rf"\b{region}\b", readme)


@pytest.mark.parametrize("extra", EXTRAS)
def test_readme_names_extra(readme, extra):
    assert f"adsmock[{extra}]" in readme


def test_readme_says_in_bold_what_it_does_not_imitate(readme):
    bold = re.findall(r"\*\*(.+?)\*\*", readme, flags=re.DOTALL)
    assert any("not imitate" in each for each in bold)


def test_readme_names_only_commands_that_exist(readme):
    shown = re.findall(r"(?:[$`] ?)adsmock ([a-z]+)\b", readme)
    assert set(shown) <= set(COMMANDS)


def test_readme_shows_only_words_that_the_commands_take(readme):
    verbs = {point.name: point.load() for point in metadata.entry_points(group=main.GROUP)}
    shown = re.findall(r"^\$ adsmock (.+?)(?: +#.*)?$|`adsmock ([^`]+?) ?`", readme, re.MULTILINE)
    for fenced, inline in shown:
        line = fenced or inline
        verb, *words = shlex.split(line)
        if not words or "…" in line or "FILE" in line or verb == "VERB":
            continue
        main.parser_of(verb, verbs[verb]).parse_args(words)


def test_readme_holds_the_totals_and_switches_of_the_data(readme):
    assert renewed(readme) == readme, "README.md is behind the data: run make fidelity"


def test_every_switch_has_a_default_that_it_allows_and_says_what_it_is():
    choices = components()["SandboxRequest"]["properties"]["choices"]["properties"]
    for row in choices.values():
        assert row["description"]
        assert jsonschema_rs.is_valid(row, row["default"])
