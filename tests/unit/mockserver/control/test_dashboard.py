"""The files of the dashboard: strict, typed, kept by browsers, and only operations that exist."""

import re
from importlib.resources import files

import pytest

from adsmock.charts import assets
from adsmock.mockserver.control.access import AccessRules
from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.control.routes import ROUTES
from tests.unit.mockserver.control.fixtures import problem
from tests.unit.mockserver.fixtures import runtime

FOLDER = files("adsmock.mockserver.control").joinpath("dashboard")
SCRIPTS = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".js"))


def text_of(name):
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


def address(control, name):
    page = control.client.get("/").get_data(as_text=True)
    return "/" + re.search(r"dashboard/[0-9a-f]{16}/", page).group() + name


def test_the_page_is_strict_and_loads_nothing_from_elsewhere(control):
    reply = control.client.get("/")
    assert reply.content_type == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    page = reply.get_data(as_text=True)
    assert "{digest}" not in page
    assert '<html lang="en"' in page
    assert page.count('rel="modulepreload"') == len(SCRIPTS)
    for text in [page, text_of("style.css"), *map(text_of, SCRIPTS)]:
        assert not re.search(r"""(?:src|href|from|import)\s*[=(]?\s*["'](?:https?:)?//""", text)
        assert "@import" not in text
        assert "innerHTML" not in text
        assert not re.search(r"<[a-z][^>]* style=", text), "the policy refuses inline styles"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("style.css", "text/css; charset=utf-8")]
    + [(name, "text/javascript; charset=utf-8") for name in SCRIPTS],
)
def test_each_file_has_its_type_and_is_kept_by_its_digest(control, name, kind):
    reply = control.client.get(address(control, name))
    assert reply.content_type == kind
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.get_data(as_text=True) == text_of(name)


def test_the_chart_library_comes_from_the_package(control):
    for file in (*assets.SCRIPTS, *assets.STYLES):
        assert control.client.get(address(control, file.name)).data == file.read_bytes()


@pytest.mark.parametrize("path", ["x/main.js", "{}/nothing.js", "{}/index.html", "{}/__init__.py"])
def test_other_files_and_versions_are_unknown(control, path):
    digest = address(control, "").split("/")[2]
    assert problem(control.client.get(f"/dashboard/{path.format(digest)}"))["status"] == 404


def test_the_files_need_no_token():
    rules = AccessRules(token="correct-horse")
    client = create_application(runtime(), Settings(access=rules)).test_client()
    page = client.get("/").get_data(as_text=True)
    script = re.search(r'src="(dashboard/[^"]+)"', page).group(1)
    assert client.get(f"/{script}").status_code == 200
    assert client.get("/_mock/v1/events").status_code == 401


def test_every_module_that_is_imported_exists():
    for name in SCRIPTS:
        for wanted in re.findall(r'from "\./([^"]+)"', text_of(name)):
            assert wanted in SCRIPTS, (name, wanted)


def test_every_path_of_the_page_is_an_operation():
    known = {
        re.sub(r"\{\w+\}", "{}", row.path.removeprefix("/_mock/v1")).removeprefix("/sandboxes/{}")
        for row in ROUTES
    }
    found = set()
    for name in SCRIPTS:
        calls = re.findall(
            r"""\b(?:ask|send|pathOf)\((?:app\.chosen, )?["`](/[^"`?]*)""", text_of(name)
        )
        found |= {re.sub(r"\$\{[^}]+\}", "{}", path) for path in calls}
    assert len(found) > 3
    assert [path for path in found if not any(fits(path, each) for each in known)] == []


def fits(path, template):
    parts, wanted = path.split("/"), template.split("/")
    return len(parts) == len(wanted) and all(
        part == each or "{}" in (part, each) for part, each in zip(parts, wanted, strict=True)
    )
