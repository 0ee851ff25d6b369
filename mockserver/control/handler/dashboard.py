"""The dashboard: one page and its modules, which load nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from adsmock.charts.assets import SCRIPTS, STYLES
from adsmock.mockserver.control.request import ControlReply, ControlRequest
from adsmock.mockserver.control.routes import HTML
from adsmock.mockserver.control.unknown_name import UnknownName

_PAGE: Final = "index.html"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Media types of the page's files by the end of their names."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def page(_: ControlRequest) -> Any:
    """Return the page; its links name the digest of all files."""
    return ControlReply(_page(), HTML, _HEADERS)


@cache
def _page() -> bytes:
    """Return the page; it loads all modules at once, not only when another one imports them."""
    own = sorted(name for name in _own_files() if name.endswith(".js"))
    links = [f'<link rel="modulepreload" href="dashboard/{{digest}}/{name}">' for name in own]
    page = _own_files()[_PAGE].replace(b"{preload}", "\n".join(links).encode())
    return page.replace(b"{digest}", digest().encode())


def file(request: ControlRequest) -> Any:
    """Return one file of the page.

    Browsers keep it for good: a change of any file changes the address of all.

    Raises:
        UnknownName: 404, the file is unknown or of another version of the page.
    """
    name, wanted = request.path["file"], request.path["digest"]
    known = {each for each in _files() if _type_of(each)}
    if name not in known:
        raise UnknownName("file", name, known)
    if wanted != digest():
        raise UnknownName("version of the dashboard", wanted, [digest()])
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return ControlReply(_files()[name], _type_of(name), headers)


@cache
def digest() -> str:
    """Return a short digest of all files of the page."""
    whole = sha256()
    for name, content in sorted(_files().items()):
        whole.update(b"%s\0%d\0%s" % (name.encode(), len(content), content))
    return whole.hexdigest()[:16]


@cache
def _files() -> dict[str, bytes]:
    return _own_files() | {each.name: each.read_bytes() for each in (*SCRIPTS, *STYLES)}


@cache
def _own_files() -> dict[str, bytes]:
    folder = files("adsmock.mockserver.control").joinpath("dashboard")
    return {
        each.name: each.read_bytes()
        for each in folder.iterdir()
        if each.name == _PAGE or _type_of(each.name)
    }


def _type_of(name: str) -> str:
    return next((kind for end, kind in _TYPES.items() if name.endswith(end)), "")
