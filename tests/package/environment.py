"""Fresh environments that hold the built wheel and chosen distributions, made offline."""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def command(self) -> Path:
        """The installed ``adsmock`` script."""
        return self.folder / "bin" / "adsmock"

    @property
    def site_packages(self) -> Path:
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def run(self, *words, cwd, **variables):
        """Run a command to its end; the words of a failure are in its message."""
        done = subprocess.run(
            [str(word) for word in words],
            cwd=cwd,
            env=clean_variables() | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def clean_variables() -> dict[str, str]:
    """Return the environment's variables without those of Python and of a test run."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "COVERAGE"))
    }


def create(folder: Path, wheel: Path, *extra: str) -> Environment:
    """Return an environment with the wheel, its base dependencies and ``extra`` distributions."""
    venv.create(folder, symlinks=True, with_pip=False)
    environment = Environment(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(environment.python)]
    offline = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *offline, str(wheel)], check=True)
    for name in closure("adsmock", *extra) - {"adsmock"}:
        _link(metadata.distribution(name), environment.site_packages)
    return environment


def closure(*names: str) -> set[str]:
    """Return ``names`` and all that they require without extras, by distribution name."""
    found: set[str] = set()
    open_names = [(name, "") for name in names]
    seen: set[tuple[str, str]] = set()
    while open_names:
        name, extra = open_names.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found.add(name)
        for line in metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                open_names += [(needed.name, each) for each in (needed.extras or {""})]
    return found


def _link(distribution: metadata.Distribution, site_packages: Path) -> None:
    """Link what a distribution installed into another environment."""
    tops = {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}
    for top in tops:
        target = site_packages / top
        if not target.exists():
            target.symlink_to(str(distribution.locate_file(top)))
