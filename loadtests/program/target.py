"""The partner's own test or Locust user class, as a program with its own work.

``pytest path::test`` runs again and again through the event. ``module:User`` runs in Locust with
the shape of the event. Neither is imported here: Locust replaces parts of the standard library.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from adsmock.loadtests.plan import Program

PYTEST = "pytest"

CLASS = re.compile(r"(?P<module>[A-Za-z_][\w.]*):(?P<name>[A-Za-z_]\w*)")

LOCUSTFILE = Path(__file__).with_name("target_locustfile.py")

PROBE_SECONDS = 300.0
"""Far above the usual time to import a module or to collect tests."""

PROBE = """
import difflib, importlib, os, sys
sys.path.insert(0, os.getcwd())
module, name = sys.argv[1:]
from locust import User
try:
    found = importlib.import_module(module)
except Exception as error:
    sys.exit(f"module {module} cannot be imported: {type(error).__name__}: {error}")
users = [each for each, value in vars(found).items()
         if isinstance(value, type) and issubclass(value, User) and not value.abstract]
if name not in users:
    near = difflib.get_close_matches(name, users, 1) or users[:1]
    hint = f"did you mean {near[0]}?" if near else "define a subclass of locust.User"
    sys.exit(f"module {module} has no Locust user class {name}: {hint}")
"""
"""Checks a user class in a process of its own, with the import path that the run will have."""


def program(target: str, copies: int) -> Program:
    """Return the program that runs a target.

    Raises:
        ValueError: it is neither a test nor a user class, or there is no such test or class.
    """
    found = CLASS.fullmatch(target.strip())
    if found:
        _probe([sys.executable, "-c", PROBE, found["module"], found["name"]], target)
        line = [sys.executable, "-m", "locust", "--locustfile", str(LOCUSTFILE)]
        line += [
            "--headless",
            "--only-summary",
            "--stop-timeout",
            "2",
            "--host",
            "http://127.0.0.1",
        ]
        return Program("observed", shlex.join(line), copies, target=target.strip())
    words = shlex.split(target)
    if words[:1] == [PYTEST]:
        line = [sys.executable, "-m", *words]
        _probe([*line, "--collect-only", "--quiet"], target)
        return Program("observed", shlex.join(line), copies, target=target.strip())
    raise ValueError(
        f'--target {target!r} is no test and no class: expected "pytest path::test" or module:User'
    )


def _probe(line: list[str], target: str) -> None:
    """Check that the target exists.

    Raises:
        ValueError: it does not; the text has the last line of what the check printed.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- the user names the test or class
            line, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ValueError(
            f"--target {target!r} was not found within {PROBE_SECONDS:g} s: does its import wait "
            "for something?"
        ) from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing was printed").splitlines()
        raise ValueError(f"--target {target!r}: {said[-1]}")
