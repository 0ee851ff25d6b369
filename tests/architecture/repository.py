"""What the gates look at: the files of this repository, and the exemptions with their reasons."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("contracts", "mockserver", "harness", "loadtests")
TEXT = {".py", ".md", ".toml", ".json", ".yml", ".js", ".css", ".html", ".lock", ".cfg", ".txt", ""}


@dataclass(frozen=True)
class Exemption:
    """One file or function that a gate lets pass, and why. One that is not needed fails."""

    gate: str
    subject: str
    reason: str


EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption(
        "long_function",
        "mockserver/control/serializers.py::entry_row",
        "one dictionary: the members of a journal entry in the order in which they are shown",
    ),
)


def sources(*folders: str) -> list[str]:
    """Return the Python files under ``folders``, relative to the repository."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def text_files() -> list[str]:
    """Return every text file that the repository holds; without git, what lies in its folders."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:
        folders = (*PRODUCT, "tests")
        found = [path for folder in folders for path in (ROOT / folder).rglob("*")]
        names = [path.relative_to(ROOT).as_posix() for path in [*found, *ROOT.glob("*.*")]]
    return sorted(
        name
        for name in names
        if Path(name).suffix in TEXT and "__pycache__" not in name and (ROOT / name).is_file()
    )


def read(name: str) -> str:
    """Return the text of one file."""
    return (ROOT / name).read_text(encoding="utf-8")


def is_exempt(gate: str, complaint: str) -> bool:
    """Say whether the table lets this complaint pass."""
    subject = complaint.split(": ", maxsplit=1)[0]
    return any(each.gate == gate and each.subject == subject for each in EXEMPTIONS)
