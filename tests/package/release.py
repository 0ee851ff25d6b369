"""``make release``: what a release consists of, the same bytes for the same commit.

Wheel and sdist, the components as CycloneDX (``adsmock.cdx.json``), the licenses of all
dependencies (``licenses.txt``) and the digests of these files (``SHA256SUMS``).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from adsmock.charts.assets import UPLOT
from tests.architecture.repository import ROOT

LOCK = ROOT / "mockserver/deploy/requirements.lock"
"""What an installation with the extras of the image consists of."""
EPOCH = "SOURCE_DATE_EPOCH"
_TEXTS = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)


def main() -> int:
    """Build everything into a folder and print its digests."""
    parser = argparse.ArgumentParser(prog="python -m tests.package.release", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("dist"), help="folder (%(default)s)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for left in out.iterdir():
        left.unlink()
    os.environ.setdefault(EPOCH, commit_time())
    build(out)
    (out / "licenses.txt").write_text(licenses(), encoding="utf-8")
    components(out / "adsmock.cdx.json")
    digests = digests_of(out)
    (out / "SHA256SUMS").write_text(digests, encoding="utf-8")
    sys.stdout.write(digests)
    return 0


def commit_time() -> str:
    """Return the seconds of the commit; 1980 without git, the first date that a zip can have."""
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "315532800"


def build(out: Path) -> None:
    """Build wheel and sdist; the sdist first, as a package index has it."""
    for kind in ("sdist", "wheel"):
        words = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out.resolve())]
        subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def components(path: Path) -> None:
    """Write the pinned dependencies as a CycloneDX document, without time and serial number."""
    program = Path(sys.executable).with_name("cyclonedx-py")
    words = [str(program), "requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml")]
    words += ["--output-reproducible", "--output-format", "JSON", "--output-file", str(path)]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)


def pinned() -> list[Requirement]:
    """Return the dependencies of the lock file that this platform needs."""
    lines = [line.rstrip(" \\") for line in LOCK.read_text("utf-8").splitlines()]
    rows = [Requirement(line) for line in lines if line and line[0] not in " #"]
    return [row for row in rows if row.marker is None or row.marker.evaluate()]


def licenses() -> str:
    """Return name, version, license and license texts of dependencies and of what we include."""
    parts = ["Dependencies of adsmock and their licenses, for the versions of the lock file.\n"]
    for row in sorted(pinned(), key=lambda row: row.name.lower()):
        found = metadata.distribution(row.name)
        parts.append(f"{'=' * 80}\n{row.name} {found.version}: {license_of(found)}\n")
        parts += texts_of(found)
    parts.append(f"{'=' * 80}\nuPlot, part of the package: MIT\n")
    parts.append((UPLOT / "LICENSE").read_text("utf-8"))
    return "\n".join(parts)


def license_of(found: metadata.Distribution) -> str:
    """Return the license that a distribution names, by expression, classifier or text."""
    data = found.metadata
    if expression := data.get("License-Expression"):
        return str(expression)
    named = [
        line.rpartition(" :: ")[2]
        for line in data.get_all("Classifier", [])
        if line.startswith("License :: ")
    ]
    text = str(data.get("License", "")).partition("\n")[0]
    return ", ".join(named) or text or "see its text"


def texts_of(found: metadata.Distribution) -> list[str]:
    """Return the license files that a distribution installed."""
    files = sorted(
        (file for file in found.files or () if _TEXTS.search(file.name) and file.suffix != ".py"),
        key=str,
    )
    return [Path(str(found.locate_file(file))).read_text("utf-8", "replace") for file in files]


def digests_of(folder: Path) -> str:
    """Return a line with digest and name for every file, as sha256sum writes it."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
