"""Where the documentation of a case is: in a site, or in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "ADSMOCK_DOCS"
"""Environment variable with the folder or URL of the documentation site."""

CHECKOUT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "cases"
"""The pages of a checkout; an installed wheel has none."""


def page_url(case: str) -> str | None:
    """Return the URL of a case's page; None unless ``ADSMOCK_DOCS`` names a site."""
    site = os.environ.get(VARIABLE, "")
    if not site:
        return None
    base = site if "://" in site else Path(site).resolve().as_uri()
    return f"{base.rstrip('/')}/reference/cases/{case}.html"


def page_of(case: str) -> str | None:
    """Return the URL of a case's page, else its file in a checkout; None without either."""
    file = CHECKOUT / f"{case}.md"
    return page_url(case) or (str(file) if file.is_file() else None)
