"""README and docs name everything a user can type, plan, receive or set.

The names come from the tables that the program itself uses, so an undocumented addition fails.
"""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from adsmock.cli import child_environment, main
from adsmock.contracts.loader import load
from adsmock.harness.suite.case import load as cases
from adsmock.harness.suite.case.page import page_url
from adsmock.mockserver.control.readme_tables import updated
from adsmock.mockserver.control.schema import components
from adsmock.mockserver.services.faults.registry import kinds
from docs.generate.__main__ import current
from docs.generate.pages import FOLDER, NOTE, pages
from tests.architecture.repository import ROOT, read, text_files

MKDOCS = Path(sys.executable).with_name("mkdocs")
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
    "ADSMOCK_DOCS",
    "ADSMOCK_SANDBOX",
    "ADSMOCK_STORE_KEY",
    "ADSMOCK_TASK",
    *child_environment.PROXY[::2],
    *child_environment.TRUST,
    "NO_PROXY",
    "NODE_OPTIONS",
    "NODE_USE_ENV_PROXY",
)


PAGES = [
    "README.md",
    *(name for name in text_files() if name.startswith("docs/") and name.endswith(".md")),
]
MAXIMUM_README_LINES = 150
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def docs() -> str:
    texts = [read(name) for name in PAGES]
    return "\n".join(text for text in texts if not text.startswith(NOTE))


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", read(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}


def test_the_readme_is_short():
    assert read("README.md").count("\n") <= MAXIMUM_README_LINES


@pytest.mark.parametrize("page", [*PAGES, "ARCHITECTURE.md"])
def test_every_relative_link_leads_somewhere(page):
    for link in LINK.findall(read(page)):
        if link.startswith(("http:", "https:")):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            name = target.resolve().relative_to(ROOT).as_posix()
            assert anchor in anchors(name), f"{page}: {link}"


def test_every_page_is_linked_from_another():
    linked = {
        (ROOT / page).parent.joinpath(link.partition("#")[0]).resolve()
        for page in PAGES
        for link in LINK.findall(read(page))
    }
    assert [name for name in PAGES[1:] if (ROOT / name).resolve() not in linked] == []


def test_every_room_of_the_services_is_described():
    rooms = {each.parent.name for each in (ROOT / "mockserver/services").glob("*/__init__.py")}
    assert len(rooms) > 20
    described = read("ARCHITECTURE.md").partition("## Rooms of the mock's services")[2]
    assert rooms - names(described.partition("\n## ")[0]) == set()


def names(text: str) -> set[str]:
    """Return every word that the text sets as code within a sentence or a table."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return set(re.findall(r"[\w./-]+", " ".join(re.findall(r"`([^`]+)`", prose))))


@pytest.mark.parametrize("command", COMMANDS)
def test_docs_shows_command(docs, command):
    assert re.search(rf"\badsmock {command}\b", docs)


@pytest.mark.parametrize("target", TARGETS)
def test_docs_shows_make_target(docs, target):
    assert re.search(rf"\bmake {target}\b", docs)


@pytest.mark.parametrize("code", EXIT_CODES)
def test_docs_explains_exit_code(docs, code):
    assert re.search(rf"^\| *`?{code}`? *\|", docs, flags=re.MULTILINE)


@pytest.mark.parametrize("status", STATUSES)
def test_docs_explains_status(docs, status):
    assert status in docs


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_docs_lists_fault_kind(docs, kind):
    assert kind in names(docs)


@pytest.mark.parametrize("variable", VARIABLES)
def test_docs_names_variable(docs, variable):
    assert re.search(rf"\b{variable}\b", docs)


@pytest.mark.parametrize("region", sorted(load().regions))
def test_docs_names_region(docs, region):
    assert re.search(rf"\b{region}\b", docs)


@pytest.mark.parametrize("extra", EXTRAS)
def test_docs_names_extra(docs, extra):
    assert f"adsmock[{extra}]" in docs


def test_readme_says_near_its_top_what_it_does_not_imitate():
    assert "## What adsmock does not imitate" in read("README.md").partition("## Install")[0]


def test_docs_names_only_commands_that_exist(docs):
    shown = re.findall(r"(?:[$`] ?)adsmock ([a-z]+)\b", docs)
    assert set(shown) <= set(COMMANDS)


def test_docs_shows_only_words_that_the_commands_take(docs):
    verbs = {point.name: point.load() for point in metadata.entry_points(group=main.GROUP)}
    shown = re.findall(r"^\$ adsmock (.+?)(?: +#.*)?$|`adsmock ([^`]+?) ?`", docs, re.MULTILINE)
    for fenced, inline in shown:
        line = (fenced or inline).partition(" > ")[0]
        verb, *words = shlex.split(line)
        if not words or "…" in line or "FILE" in line or verb in {"VERB", "COMMAND"}:
            continue
        main.parser_of(verb, verbs[verb]).parse_args(words)


@pytest.mark.parametrize("name", ["docs/reference/fidelity.md", "docs/how-to/control-the-mock.md"])
def test_the_page_holds_the_tables_of_the_data(name):
    page = read(name)
    assert updated(page) == page, f"{name} is out of date: run make fidelity"


def test_every_switch_has_a_default_that_it_allows_and_says_what_it_is():
    choices = components()["SandboxRequest"]["properties"]["choices"]["properties"]
    for row in choices.values():
        assert row["description"]
        assert jsonschema_rs.is_valid(row, row["default"])


def test_generated_pages_are_up_to_date():
    stale = {name for name, text in pages().items() if current(FOLDER / name) != text}
    assert not stale, "run make docs"


def test_the_documentation_builds_without_a_warning_and_has_every_case(tmp_path, monkeypatch):
    command = [str(MKDOCS), "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "reference/cases/B01.html").is_file()
    monkeypatch.setenv("ADSMOCK_DOCS", str(tmp_path))
    for case in cases():
        assert Path(urlsplit(page_url(case)).path).is_file()
