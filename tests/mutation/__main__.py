"""Mutation testing of the code that judges: do the unit tests notice each small change to it?

``python -m tests.mutation [MODULE ...]`` changes one expression of a function at a time (with
mutmut) and runs the unit tests that call the function. A change that no test notices survives; it
is printed with its file and line. Modules are names such as ``checks.attempts``, ``judge`` or
``volume``; without one, all are changed.

Results are kept in ``.mutation/``: a run that was stopped continues, and only changes that survived
or whose function is new run again. Delete the folder to begin again.

``--sample 400`` runs only so many changes, chosen at random from all, in minutes of CPU time.
Another ``--seed`` chooses others.
"""

import argparse
import ast
import json
import re
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from subprocess import DEVNULL

from tests.architecture.repository import ROOT

FOLDER = ROOT / ".mutation"
TOOL = "mutmut==3.8.1"

LEAST = {"harness/suite/checks": 0.95}
"""The share of the changes to a folder that tests must notice."""

SUBJECTS = ("harness/suite/checks", "harness/suite/judge.py", "harness/volume")

TESTS = (
    "tests/unit/harness/suite/checks",
    *(
        f"tests/unit/harness/suite/test_{name}.py"
        for name in (
            *("broken_transfer", "checks", "claim", "days", "declared_limits", "deliveries"),
            *("emptied_page", "failed_region"),
            *("failures", "false_accusations", "inaction", "invariants", "judge", "judge_file"),
            *("lost_files", "money", "noise", "peak", "poll_pace", "profile_use"),
            *("reason_to_act", "recommendations", "rereads", "retry_after", "same_work_again"),
            *("samples", "scope", "sentence", "separate_runs", "template", "workflow_schedules"),
            "workflows",
        )
    ),
    *(
        f"tests/unit/harness/suite/free_run/test_{name}.py"
        for name in ("every_write", "judge", "update_case")
    ),
    "tests/unit/harness/volume",
)
"""The tests that call the subjects directly. Others repeat them over many journals."""

LINKS = ("adsmock", "contracts", "docs", "harness", "mockserver", "loadtests", "pyproject.toml")
"""What mutmut copies next to the tests; a link of the package becomes a folder in its copy."""

SURVIVED, NOT_CALLED = 0, 33
"""Exit codes in mutmut's record."""

GENERATE = """
import sys
from pathlib import Path
from mutmut import __main__ as mutmut
mutmut.set_mutant_under_test("mutant_generation")
Path("mutants").mkdir(exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(int(sys.argv[1]))
"""
"""The first step of ``mutmut run``, which has no command: a sample needs the names of all."""


@dataclass(frozen=True)
class Survivor:
    """A change that no test noticed."""

    path: str
    line: int
    before: str
    after: str


def modules(names: Iterable[str]) -> list[str]:
    """Return the files of the named modules, relative to the repository; all without a name."""
    files = sorted(
        path.relative_to(ROOT).as_posix()
        for subject in SUBJECTS
        for path in (
            [ROOT / subject] if subject.endswith(".py") else (ROOT / subject).rglob("*.py")
        )
        if path.name != "__init__.py"
    )
    wanted = [name.replace(".", "/") for name in names]
    return [path for path in files if not wanted or any(f"/{one}" in path for one in wanted)]


def prepare(paths: list[str]) -> Path:
    """Return the mutmut program, in an environment in front of this one, set up for the files."""
    FOLDER.mkdir(exist_ok=True)
    for name in (*LINKS, "tests"):
        if not (FOLDER / name).is_symlink():
            (FOLDER / name).symlink_to(ROOT / name)
    lines = {
        "source_paths": [f"adsmock/{path}" for path in paths],
        "also_copy": [*LINKS],
        "pytest_add_cli_args_test_selection": [one for one in TESTS if (ROOT / one).exists()],
        "pytest_add_cli_args": [
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-p",
            "no:schemathesis",
        ],
    }
    text = "".join(f"{name} =\n" + "".join(f"  {one}\n" for one in lines[name]) for name in lines)
    (FOLDER / "setup.cfg").write_text(f"[mutmut]\n{text}use_git_change_detection = false\n")
    program = FOLDER / "venv" / "bin" / "mutmut"
    if not program.exists():
        venv.create(FOLDER / "venv", clear=True, symlinks=True, with_pip=False)
        (site_packages,) = (FOLDER / "venv").glob("lib/python*/site-packages")
        (site_packages / "this.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        python = FOLDER / "venv" / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", TOOL], check=True)
    return program


def record_of(path: str) -> Path:
    """Return where mutmut keeps the results of a file."""
    return FOLDER / "mutants" / "adsmock" / f"{path}.meta"


def forget_survivors(paths: list[str]) -> None:
    """Let the changes that survived run again, with the tests as they are now."""
    (FOLDER / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for path in filter(Path.exists, map(record_of, paths)):
        record = json.loads(path.read_text())
        codes = record["exit_code_by_key"]
        codes |= dict.fromkeys((key for key, code in codes.items() if code in {0, 33}))
        path.write_text(json.dumps(record))


def codes_of(path: str) -> dict[str, int | None]:
    """Return the exit code for each change of a file, None where it was not run."""
    if not record_of(path).exists():
        return {}
    return dict(json.loads(record_of(path).read_text())["exit_code_by_key"])


def sample(paths: list[str], jobs: int, count: int, seed: int) -> list[str]:
    """Return the names of changes, chosen at random from all of the files, to be run again."""
    python = FOLDER / "venv" / "bin" / "python"
    subprocess.run([python, "-c", GENERATE, str(jobs)], cwd=FOLDER, check=True, stdout=DEVNULL)
    names = (name for path in paths for name in codes_of(path))
    chosen = sorted(names, key=lambda name: sha256(f"{seed} {name}".encode()).digest())[:count]
    for path in filter(Path.exists, map(record_of, paths)):
        record = json.loads(path.read_text())
        codes = record["exit_code_by_key"]
        codes |= dict.fromkeys(codes.keys() & set(chosen))
        path.write_text(json.dumps(record))
    return chosen


def run(program: Path, names: list[str], jobs: int, minutes: float) -> bool:
    """Run mutmut on the named changes, or on all; return whether it ended within the time."""
    command = [str(program), "run", "--max-children", str(jobs), *names]
    process = subprocess.Popen(command, cwd=FOLDER)
    try:
        return process.wait(minutes * 60) == 0
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        return False


def survivors(program: Path, path: str, names: Iterable[str]) -> Iterator[Survivor]:
    """Yield the changes of a file with these names."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    starts = dict(_functions(tree))
    for name in names:
        shown = subprocess.run(
            [program, "show", name], cwd=FOLDER, capture_output=True, text=True, check=True
        ).stdout
        first = starts[name.rpartition(".")[2].partition("__mutmut_")[0]]
        yield _survivor(path, first, shown)


def _functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield mutmut's name and the first line of each function and method."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield f"x_{node.name}", node.lineno
        elif isinstance(node, ast.ClassDef):
            for one in node.body:
                if isinstance(one, ast.FunctionDef):
                    yield f"xǁ{node.name}ǁ{one.name}", one.lineno


def _survivor(path: str, first: int, shown: str) -> Survivor:
    """Return a change as ``mutmut show`` prints it: a diff of its function."""
    hunk = re.search(r"^@@ -(\d+)", shown, re.MULTILINE)
    assert hunk is not None, shown
    body = shown[hunk.start() :].splitlines()[1:]
    offset = next(place for place, line in enumerate(body) if line.startswith("-"))
    before = " / ".join(line[1:].strip() for line in body if line.startswith("-"))
    after = " / ".join(line[1:].strip() for line in body if line.startswith("+"))
    return Survivor(path, first + int(hunk[1]) - 1 + offset, before, after)


def report(program: Path, paths: list[str], chosen: list[str]) -> bool:
    """Print the survivors and the share that was noticed; return whether it is enough."""
    totals: dict[str, list[int]] = {}
    wanted = set(chosen)
    for path in paths:
        codes = {
            name: code for name, code in codes_of(path).items() if not wanted or name in wanted
        }
        if not codes:
            continue
        left = [name for name, code in codes.items() if code in {SURVIVED, NOT_CALLED}]
        waiting = sum(code is None for code in codes.values())
        done = len(codes) - waiting
        for one in survivors(program, path, left):
            _say(f"{one.path}:{one.line}: {one.before}  ->  {one.after}")
        more = f", {waiting} not run yet" if waiting else ""
        _say(f"{path}: {_share(done - len(left), done)} noticed{more}")
        folder = next(one for one in SUBJECTS if path.startswith(one))
        counts = totals.setdefault(folder, [0, 0])
        counts[0] += done - len(left)
        counts[1] += done
    for folder, (noticed, done) in totals.items():
        _say(f"{folder}: {_share(noticed, done)} noticed")
    return any(done for _, done in totals.values()) and all(
        noticed >= LEAST.get(folder, 0.0) * done for folder, (noticed, done) in totals.items()
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _share(noticed: int, done: int) -> str:
    return f"{noticed} of {done} changes ({noticed / max(1, done):.1%})"


def main(words: list[str]) -> int:
    """Return 0 when all were run and tests noticed enough of them, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="such as checks.attempts; default: all")
    parser.add_argument("--jobs", type=int, default=2, help="tests at a time (default: 2)")
    parser.add_argument("--minutes", type=float, default=90, help="time limit (default: 90)")
    parser.add_argument("--sample", type=int, default=0, help="run only so many, at random")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default: 1)")
    arguments = parser.parse_args(words)
    paths = modules(arguments.modules)
    if not paths:
        parser.error(f"no module of {', '.join(SUBJECTS)} matches {', '.join(arguments.modules)}")
    program = prepare(paths)
    chosen: list[str] = []
    if arguments.sample:
        chosen = sample(paths, arguments.jobs, arguments.sample, arguments.seed)
    forget_survivors(paths)
    is_complete = run(program, chosen, arguments.jobs, arguments.minutes)
    if not is_complete:
        sys.stderr.write("mutmut did not run all: a test fails without a change, or time is up\n")
    return 0 if report(program, paths, chosen) and is_complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
