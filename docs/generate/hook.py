"""MkDocs hook: pages link to files of the repository, which the site carries along."""

import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<=\]\()([^)\s#]+)(?=[)#])")
CARRIED = "source"
"""The site's folder of repository files."""

ARCHITECTURE = "explanation/architecture.md"


def on_files(files: Files, config: Any) -> Files:
    """Add the architecture page, and every repository file that a page links to."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    files.append(File.generated(config, ARCHITECTURE, content=text))
    for page in files.documentation_pages():
        for target in outside(page.content_string, page.src_uri):
            name = f"{CARRIED}/{target.as_posix()}.txt"
            if files.get_file_from_path(name) is None:
                content = (ROOT / target).read_text("utf-8")
                files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to repository files to their copies in the site."""
    depth = len(PurePosixPath(page.file.src_uri).parts) - 1

    def led(match: re.Match[str]) -> str:
        target = target_of(match.group(1), page.file.src_uri)
        return f"{'../' * depth}{CARRIED}/{target.as_posix()}.txt" if target else match.group(1)

    return LINK.sub(led, markdown)


def outside(markdown: str, page: str) -> list[Path]:
    """Return the repository files outside ``docs/`` that a page links to."""
    found = (target_of(link, page) for link in LINK.findall(markdown))
    return [target for target in found if target]


def target_of(link: str, page: str) -> Path | None:
    """Return the repository file a link leads to; None for a page of the site or a URL."""
    if ":" in link:
        return None
    folder = ROOT if page == ARCHITECTURE else (ROOT / "docs" / page).parent
    target = (folder / link).resolve()
    if not target.is_relative_to(ROOT) or target.is_relative_to(ROOT / "docs"):
        return None
    return target.relative_to(ROOT) if target.is_file() else None
