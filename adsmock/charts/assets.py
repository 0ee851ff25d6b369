"""The files of the charts, and the policy of a page that contains them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent
UPLOT = FOLDER / "uplot"

SCRIPTS = (UPLOT / "uPlot.iife.min.js", FOLDER / "charts.js")
"""The scripts of a page with charts, in the order in which they run."""

STYLES = (UPLOT / "uPlot.min.css", FOLDER / "charts.css")
"""The style sheets of a page with charts, without the colors of the page."""


def script() -> str:
    """Return the scripts as the content of one ``script`` element."""
    return _joined(SCRIPTS)


def style() -> str:
    """Return the style sheets as the content of one ``style`` element."""
    return _joined(STYLES)


def policy(
    *, scripts: Iterable[str] = (), styles: Iterable[str] = (), may_fetch: bool = False
) -> str:
    """Return the Content-Security-Policy of a page that contains exactly these inline texts.

    Nothing else can run or load. Style attributes in the markup are refused too; a script may set
    ``element.style``. With ``may_fetch`` scripts may ask the page's own server for numbers.
    """
    fetched = "connect-src 'self'; " if may_fetch else ""
    return (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; {fetched}"
        f"script-src {_sources(scripts)}; style-src {_sources(styles)}"
    )


def _joined(files: tuple[Path, ...]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _sources(texts: Iterable[str]) -> str:
    """Return the digests of inline texts as sources of a policy."""
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    found = " ".join(f"'sha256-{b64encode(digest).decode('ascii')}'" for digest in digests)
    return found or "'none'"
