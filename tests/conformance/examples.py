"""The examples, the verdicts of each, and the verdicts that are expected.

``python -m tests.conformance.examples`` is what ``make examples`` runs: every example, the profile
``full``, in real time; exit 1 when a verdict differs from the written one, 3 when none does but the
machine was too noisy for some. With ``--write`` the verdicts are written again. The tests of this
folder hold a few cases of each to the same files.
"""

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "examples"
ADSMOCK = (
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
)
OPEN = "INCONCLUSIVE"
Verdicts = dict[str, dict[str, str]]
"""By case, then by check."""


@dataclass(frozen=True)
class Example:
    """One integration: ``name`` is its folder, and the program where a folder holds several."""

    name: str
    path: Path
    level: str
    command: tuple[str, ...]
    options: tuple[str, ...]
    needs: tuple[str, ...]
    quick: tuple[str, ...]
    cases: Verdicts

    @property
    def missing(self) -> list[str]:
        """Return the programs it needs that are not on this machine."""
        return [program for program in self.needs if shutil.which(program) is None]

    @property
    def line(self) -> str:
        """Return its command as a shell takes it, from any folder."""
        first, *rest = self.command
        words = [str(self.path.parent / word) if "." in word else word for word in rest]
        return shlex.join([sys.executable if first == "python" else first, *words])


def examples() -> dict[str, Example]:
    """Return all examples by name."""
    return {row.name: row for row in map(read, sorted(FOLDER.glob("*/expected*.toml")))}


def read(path: Path) -> Example:
    """Return the example of a file of verdicts."""
    rows = tomllib.loads(path.read_text("utf-8"))
    part = path.stem.partition("-")[2]
    listed = {key: tuple(rows[key]) for key in ("command", "options", "needs", "quick")}
    name = "-".join(filter(None, (path.parent.name, part)))
    return Example(name=name, path=path, level=rows["level"], cases=rows["cases"], **listed)


def judge(example: Example, report: Path, *words: str, seconds: float) -> tuple[Verdicts, str]:
    """Return the verdicts that the suite gives now, and what it printed.

    Of some cases, only theirs: lost work (I12) is then judged on these alone.
    """
    given = (f"--{example.level}", example.line, *example.options)
    done = subprocess.run(
        [*ADSMOCK, "conform", *given, *words, "--report-dir", str(report)],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    found = verdicts(report / "run.json")
    named = words[words.index("--cases") + 1].split(",") if "--cases" in words else list(found)
    return {case: found[case] for case in found if case in named}, done.stdout + done.stderr


def verdicts(path: Path) -> Verdicts:
    """Return what a record says, check by check."""
    run = json.loads(path.read_text("utf-8"))
    return {
        case["id"]: {check["id"]: check["status"] for check in case["checks"]}
        for case in run["cases"]
    }


def differences(found: Verdicts, wanted: Verdicts) -> list[str]:
    """Return a line for each verdict that is not the written one, undecided ones aside."""
    return [_line(*row) for row in _unlike(found, wanted) if not _is_open(*row)]


def undecided(found: Verdicts, wanted: Verdicts) -> list[str]:
    """Return a line for each written verdict that the suite could not give in such noise."""
    return [_line(*row) for row in _unlike(found, wanted) if _is_open(*row)]


def _unlike(found: Verdicts, wanted: Verdicts) -> list[tuple[str, str | None, str | None]]:
    """Return each check whose verdict is not the written one, with both."""
    now, then = _flat(found), _flat(wanted)
    return [
        (" ".join(key), now.get(key), then.get(key))
        for key in sorted(now.keys() | then.keys())
        if now.get(key) != then.get(key)
    ]


def _is_open(_: str, now: str | None, then: str | None) -> bool:
    return now == OPEN and then is not None


def _line(check: str, now: str | None, then: str | None) -> str:
    return f"{check}: {now or 'absent'}, written is {then or 'nothing'}"


def _flat(table: Verdicts) -> dict[tuple[str, str], str]:
    return {(case, check): word for case, rows in table.items() for check, word in rows.items()}


def write(path: Path, found: Verdicts) -> None:
    """Put the verdicts of cases into a file in place of what it says of these cases."""
    head = path.read_text("utf-8").partition("[cases]\n")[0]
    now = read(path).cases | found
    rows = (f"{case} = {{{_inline(now[case])}}}" for case in sorted(now))
    path.write_text(head + "[cases]\n" + "\n".join(rows) + "\n", "utf-8")


def _inline(row: dict[str, str]) -> str:
    return ", ".join(f'"{check}" = "{word}"' for check, word in sorted(row.items()))


def main() -> int:
    """Judge the named examples, or all, and say where they differ from what is written."""
    parser = argparse.ArgumentParser(description="Hold the examples to their written verdicts.")
    parser.add_argument("names", nargs="*", help="only these, such as node or unmodified-curl")
    parser.add_argument("--profile", default="full")
    parser.add_argument("--cases", help="only these, such as T01,A03")
    parser.add_argument("--write", action="store_true", help="write the verdicts again")
    arguments = parser.parse_args()
    known, differ, open_ = examples(), 0, 0
    for example in (known[name] for name in arguments.names or known):
        if example.missing:
            _say(f"{example.name}: NOT RUN, {', '.join(example.missing)} is not installed")
            differ += 1
            continue
        with tempfile.TemporaryDirectory() as folder:
            words = ["--profile", arguments.profile]
            if arguments.cases:
                words += ["--cases", arguments.cases]
            found, _ = judge(example, Path(folder), *words, seconds=7200)
        if arguments.write:
            write(example.path, found)
        wanted = {case: read(example.path).cases.get(case, {}) for case in found}
        wrong, unsure = differences(found, wanted), undecided(found, wanted)
        _say(f"{example.name}: {len(found)} cases, {len(wrong)} verdicts differ", *wrong)
        if unsure:
            _say(f"{example.name}: {len(unsure)} undecided, the machine was too noisy", *unsure)
        differ, open_ = differ + len(wrong), open_ + len(unsure)
    return 1 if differ else 3 if open_ else 0


def _say(*lines: str) -> None:
    sys.stdout.write("\n  ".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
