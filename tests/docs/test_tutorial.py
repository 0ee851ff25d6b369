"""Every command and snippet of the tutorials runs, in order, from an empty folder to a verdict."""

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "tutorial"
NEEDS = {"python": [], "node": ["node"]}

BLOCK = re.compile(
    r"(?:<!-- (?P<note>[^\n]*) -->\n)?```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)```\n",
    re.DOTALL,
)
"""A fenced block: ``title`` names the file it is saved as. A note before it says ``exit: CODE``, or
``before FILE: TEXT`` for lines that are inserted before the first line that contains the text."""


@dataclass(frozen=True)
class Block:
    kind: str
    title: str
    note: str
    text: str


def blocks(page):
    text = (FOLDER / page).read_text("utf-8")
    found = [
        Block(one["kind"], one["title"] or "", one["note"] or "", one["text"])
        for one in BLOCK.finditer(text)
    ]
    assert len(found) == text.count("\n```") / 2, "a block has a form that is not known here"
    return found


def commands(block):
    return [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]


def insert(folder, block):
    name, _, mark = block.note.removeprefix("before ").partition(": ")
    lines = (folder / name).read_text("utf-8").splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if mark in line)
    lines.insert(place, block.text + "\n")
    (folder / name).write_text("".join(lines), "utf-8")


class Shell:
    """One shell session: folder and variables carry over from block to block."""

    def __init__(self, folder):
        self.folder = folder
        self.state = folder / ".shell"
        self.state.write_text(f"cd {shlex.quote(str(folder))}\n", "utf-8")

    @property
    def current(self):
        return Path(self.run(["pwd"], 0).strip())

    def run(self, lines, code):
        lines = [setup_of(line) for line in lines]
        script = "\n".join([f". {self.state}", "set -e", *lines])
        keep = f'echo "cd \\"$PWD\\"; export PATH=\\"$PATH\\"" > {self.state}'
        done = subprocess.run(
            ["sh", "-c", f"{script}\n{keep}" if code == 0 else script],
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
        )
        assert done.returncode == code, f"{lines}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def setup_of(line):
    """The checkout of the tests is set up already; its environment need not be called .venv."""
    if line == "make -C adsmock setup":
        return f"{line} --dry-run >/dev/null"
    environment = shlex.quote(str(Path(sys.executable).parent))
    return line.replace("$PWD/adsmock/.venv/bin", environment)


def words(text):
    return " ".join(text.split())


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", NEEDS)
def test_tutorial_leads_from_nothing_to_a_verdict(tmp_path, language):
    missing = [program for program in NEEDS[language] if shutil.which(program) is None]
    if missing:
        pytest.skip(f"THE TUTORIAL FOR {language} IS NOT TESTED: {missing[0]} is not installed")
    (tmp_path / "adsmock").symlink_to(ROOT)
    shell, said = Shell(tmp_path), ""
    for block in blocks(f"{language}.md"):
        if block.kind == "console":
            said = shell.run(commands(block), int(block.note.removeprefix("exit: ") or 0))
        elif block.title:
            (shell.current / block.title).write_text(block.text, "utf-8")
        elif block.note:
            insert(shell.current, block)
        else:
            assert block.kind == "text", "a snippet without a title is not run"
            unseen = [line for line in block.text.splitlines() if words(line) not in words(said)]
            assert unseen == [], said

    assert (shell.current / "adsmock-report" / "report.html").is_file()
    assert "passed: all selected checks" in words(said)
