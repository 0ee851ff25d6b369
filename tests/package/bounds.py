"""Run the wire tests with the oldest and the newest allowed versions of some dependencies.

These dependencies have an upper bound in ``pyproject.toml``, because adsmock uses their private
interfaces or because their minor versions break callers.
Run ``python -m tests.package.bounds [PYTEST ARGUMENT ...]``; it needs the package index.
"""

import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

from packaging.requirements import Requirement

from tests.architecture.repository import ROOT, read

FOLDER = ROOT / ".bounds"
WIRE = ("tests/wire",)

# Schemathesis needs the newest jsonschema-rs, and its plugin would stop every test without it.
WITHOUT_SCHEMATHESIS = (
    *("-p", "no:schemathesis"),
    "--ignore=tests/wire/test_schemathesis.py",
    "--ignore=tests/wire/test_control_document.py",
)


def bounded() -> list[Requirement]:
    """Return the base dependencies that have an upper bound."""
    lines = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    requirements = [Requirement(line) for line in lines]
    return [each for each in requirements if any(one.operator == "<" for one in each.specifier)]


def lowest(requirement: Requirement) -> str:
    """Return the requirement of exactly the oldest version that is allowed."""
    (version,) = (one.version for one in requirement.specifier if one.operator == ">=")
    return f"{requirement.name}=={version}"


def prepare(name: str, requirements: list[str]) -> Path:
    """Return the Python of an environment: ``requirements`` in front of this environment's."""
    folder = FOLDER / name
    venv.create(folder, clear=True, symlinks=True, with_pip=False)
    python = folder / "bin" / "python"
    (site_packages,) = folder.glob("lib/python*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    options = ["--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, *options, *requirements], check=True)
    (site_packages / "this.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    subprocess.run([*pip, *options, "--no-build-isolation", "--editable", str(ROOT)], check=True)
    return python


def main(arguments: list[str]) -> int:
    """Run the tests in both environments; return 0 when all of them pass."""
    requirements = bounded()
    versions = {
        "lowest": [lowest(each) for each in requirements],
        "newest": [str(each) for each in requirements],
    }
    failed = []
    for name, wanted in versions.items():
        sys.stdout.write(f"bounds: {name} allowed versions: {', '.join(wanted)}\n")
        sys.stdout.flush()
        words = [str(prepare(name, wanted)), "-m", "pytest", "-q", "-n", "2"]
        omitted = WITHOUT_SCHEMATHESIS if name == "lowest" else ()
        tests = [*words, *omitted, *(arguments or WIRE)]
        if subprocess.run(tests, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        sys.stderr.write(f"bounds: the wire tests fail with the {' and '.join(failed)} versions\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
