"""Install a client into an environment of its own, run its flows, and read what it did."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.clients import Client

FLOWS = ("read", "write", "export", "report")
PACKAGE = Path(__file__).with_name("package.json")
INSTALL_SECONDS = 900
RUN_SECONDS = 900
"""Limits for a program that hangs."""
ZONE = "America/Los_Angeles"
"""The time zone of the user, which is that of the profile: some clients ask for the local day."""


@dataclass
class Outcome:
    """What a client did in each flow, or the error that ended it, or why it did not run."""

    flows: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    reason: str | None = None

    def text(self, name: str) -> str:
        """Return the lines that tell it."""
        if self.reason is not None:
            return f"{name}: NOT RUN: {self.reason}\n"
        lines = [f"{name}: {flow}: {self.flows[flow]}" for flow in FLOWS if flow in self.flows]
        if self.error is not None:
            lines.append(f"{name}: FAILED: {self.error}")
        return "\n".join(lines) + "\n"


def install(client: Client, folder: Path) -> str | None:
    """Install a client by its name; return why it cannot be installed, None if it is."""
    if (folder / ".ready").exists():
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    reason = _install_npm(client, folder) if client.registry == "npm" else _install(client, folder)
    if reason is None:
        (folder / ".ready").touch()
    return reason


def _install(client: Client, folder: Path) -> str | None:
    python = _interpreter(client.python)
    version = ".".join(map(str, client.python))
    if python is None:
        return f"it needs Python {version} or newer, which was not found on PATH"
    made = _tried([python, "-m", "venv", str(folder)])
    quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return made or _tried([str(folder / "bin" / "python"), *quiet, client.package])


def _install_npm(client: Client, folder: Path) -> str | None:
    if shutil.which("npm") is None:
        return "it needs npm, which was not found on PATH"
    shutil.copy(PACKAGE, folder / "package.json")
    quiet = ["--silent", "--no-fund", "--no-audit", "--no-package-lock"]
    return _tried(["npm", "install", "--prefix", str(folder), *quiet, client.package])


def _interpreter(least: tuple[int, int]) -> str | None:
    """Return the first Python on PATH that is recent enough and can make environments."""
    test = f"import ensurepip, sys, venv; sys.exit(sys.version_info < {least})"
    for name in (sys.executable, "python3.13", "python3.14", "python3", "python"):
        path = shutil.which(name)
        if path is None:
            continue
        done = subprocess.run([path, "-c", test], capture_output=True, check=False)
        if done.returncode == 0:
            return path
    return None


def _tried(words: list[str]) -> str | None:
    """Run a step of an installation; return its last line of output if it fails."""
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it could not be installed: {error}"
    if done.returncode == 0:
        return None
    lines = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()
    return f"it could not be installed: {lines[-1]}"


def run(client: Client, folder: Path) -> Outcome:
    """Run a client's flows through ``adsmock exec``, with Amazon's own host names."""
    programs = folder.resolve() / "bin"
    places = {"python": str(programs / "python"), "folder": str(programs)}
    words = [each.format(**places) for each in client.command]
    start = [sys.executable, "-m", "adsmock.mockserver", "exec", "--invent", "5", "--", *words]
    environment = os.environ | {"TZ": ZONE, "NODE_PATH": str(folder.resolve() / "node_modules")}
    try:
        done = subprocess.run(
            start,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(error=f"it had not ended after {RUN_SECONDS} s")
    return outcome_of(done.returncode, done.stdout, done.stderr)


def outcome_of(code: int, output: str, errors: str) -> Outcome:
    """Return what a client's output says: it prints one line for each flow, ``read: ...``."""
    rows = (line.partition(": ") for line in output.splitlines())
    flows = {name: text for name, _, text in rows if name in FLOWS}
    missing = [flow for flow in FLOWS if flow not in flows]
    error = None
    if code or missing:
        last = (errors.strip() or "no output").splitlines()[-3:]
        error = f"exit code {code}, without {', '.join(missing) or 'an error'}: {' | '.join(last)}"
    return Outcome(flows, error)
