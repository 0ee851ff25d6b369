"""Write the generated reference pages: ``python -m docs.generate [--check]``.

``--check`` writes nothing and exits with 1 when a page is out of date.
"""

import argparse
import sys
from pathlib import Path

from docs.generate.pages import FOLDER, pages


def main() -> int:
    """Write or check all pages and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only report pages that are stale")
    check = parser.parse_args().check
    wanted = pages()
    present = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.md")}
    stale = [name for name, text in wanted.items() if current(FOLDER / name) != text]
    gone = [name for name in present if name.startswith("cases/") and name not in wanted]
    for name in () if check else stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(wanted[name], "utf-8")
    for name in () if check else gone:
        (FOLDER / name).unlink()
    for name in [*stale, *gone]:
        sys.stdout.write(f"{'stale' if check else 'written'}: docs/reference/{name}\n")
    return int(check and bool(stale or gone))


def current(path: Path) -> str:
    """Return the text of a page, empty when there is none."""
    return path.read_text("utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
