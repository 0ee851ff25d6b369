"""What is installed is one package, and it works in a project with folders of the same names."""

import json
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.package import environment as environments

pytestmark = pytest.mark.slow

FOLDERS = {
    "__init__.py",
    "charts",
    "cli",
    "contracts",
    "harness",
    "loadtests",
    "mockserver",
    "py.typed",
}

THEIR_PACKAGES = ("contracts", "harness", "mockserver", "loadtests", "tests")

THEIR_TEST = """
import contracts, harness, loadtests, mockserver, tests


def test_own_packages_are_imported():
    owners = {module.OWNER for module in (contracts, harness, loadtests, mockserver, tests)}
    assert owners == {"theirs"}


def test_sandbox_answers(ads_sandbox, ads_clock, ads_journal):
    assert set(ads_sandbox.urls) == {"NA", "EU", "FE"}
    ads_clock.freeze()
    assert ads_clock.advance(60) > 60
    assert list(ads_journal) == []
"""

CALL = """
import os, urllib.error, urllib.request
try:
    urllib.request.urlopen(os.environ["ADS_NA"] + "/v2/profiles")
except urllib.error.HTTPError as error:
    print("answered", error.code)
"""

EXTRAS = ("cryptography", "keyring", "locust", "gevent", "trustme", "ruamel.yaml")

LOAD_ENTRY_POINTS = """
from importlib import metadata
for group in ("adsmock.commands", "console_scripts", "pytest11"):
    for point in metadata.entry_points(group=group):
        if point.value.startswith("adsmock."):
            point.load()
            print(point.name)
"""


def build(source: Path, kind: str, folder: Path) -> Path:
    """Return the wheel or the sdist of a source tree."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(words, cwd=source, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory, wheel):
    return environments.create(tmp_path_factory.mktemp("environment"), wheel, "pytest")


@pytest.fixture(scope="module")
def base_environment(tmp_path_factory, wheel):
    return environments.create(tmp_path_factory.mktemp("base"), wheel)


@pytest.fixture
def project(tmp_path):
    """A partner's project with packages that are named like the folders of adsmock."""
    for name in THEIR_PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text('OWNER = "theirs"\n')
    (tmp_path / "tests" / "test_own.py").write_text(THEIR_TEST)
    return tmp_path


def served(environment, cwd):
    """Return what ``adsmock serve`` announces and its control plane's readiness answers."""
    words = [str(environment.command), "serve", "--port", "0", "--announce", "json", "--until-eof"]
    process = subprocess.Popen(
        words,
        cwd=cwd,
        env=environments.clean_variables(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        announced = json.loads(process.stdout.readline())
        with urllib.request.urlopen(announced["control"] + "/_mock/v1/ready") as reply:
            status = reply.status
    finally:
        process.communicate(timeout=300)  # closes stdin, which ends the mock
    return announced, status


def members(archive: zipfile.ZipFile) -> dict[str, int]:
    return {member.filename: member.CRC for member in archive.infolist()}


def test_wheel_holds_one_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        paths = [Path(name).parts for name in archive.namelist()]
    tops = {parts[0] for parts in paths}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"adsmock"}
    assert {parts[1] for parts in paths if parts[0] == "adsmock"} == FOLDERS


def test_sdist_holds_one_package(sdist):
    with tarfile.open(sdist) as archive:
        paths = [Path(name).parts[1:] for name in archive.getnames()]
        assert not any(member.issym() or member.islnk() for member in archive.getmembers())
    assert {parts[1] for parts in paths if parts[0] == "adsmock"} == FOLDERS
    files = {".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
    assert {parts[0] for parts in paths} == {"adsmock", "docs", *files}


def test_wheel_of_the_sdist_equals_the_wheel_of_the_tree(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    rebuilt = build(source, "wheel", tmp_path / "rebuilt")
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(rebuilt) as second:
        assert members(first) == members(second)


def test_pytest_runs_in_a_project_with_the_same_folder_names(environment, project):
    out = environment.run(environment.python, "-m", "pytest", "-v", cwd=project)
    assert "2 passed" in out
    assert "adsmock-" in out.partition("collected")[0], "the plugin is not active"


def test_commands_run_in_a_project_with_the_same_folder_names(environment, project):
    path = {"PYTHONPATH": "."}
    assert "T01" in environment.run(environment.command, "list", cwd=project, **path)
    conform = ("conform", "--client", "reference", "--case", "T01", "--report-dir", "report")
    environment.run(environment.command, *conform, cwd=project, **path)
    assert (project / "report" / "report.html").is_file()


def test_mock_is_ready_in_a_project_with_the_same_folder_names(environment, project):
    announced, status = served(environment, project)
    assert set(announced["regions"]) == {"NA", "EU", "FE"}
    assert status == 200


def test_base_environment_lacks_the_extras(base_environment, tmp_path):
    code = f"""
from importlib import metadata
for name in {(*EXTRAS, "pytest")}:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        continue
    print(name)
"""
    assert base_environment.run(base_environment.python, "-c", code, cwd=tmp_path) == ""


def test_every_entry_point_is_importable_from_base_dependencies(base_environment, tmp_path):
    code = LOAD_ENTRY_POINTS.replace(', "pytest11"', "")
    out = base_environment.run(base_environment.python, "-c", code, cwd=tmp_path)
    assert {"adsmock", "serve", "exec", "conform", "load"} <= set(out.split())


def test_plugin_is_importable_where_pytest_is(environment, tmp_path):
    out = environment.run(environment.python, "-c", LOAD_ENTRY_POINTS, cwd=tmp_path)
    assert "ads" in out.split()


def test_base_dependencies_suffice_to_serve(base_environment, tmp_path):
    _announced, status = served(base_environment, tmp_path)
    assert status == 200


def test_base_dependencies_suffice_to_run_a_program(base_environment, tmp_path):
    words = (base_environment.command, "exec", "--", base_environment.python, "-c", CALL)
    assert "answered 401" in base_environment.run(*words, cwd=tmp_path)


def test_base_dependencies_suffice_to_judge_a_client(base_environment, tmp_path):
    words = ("conform", "--client", "reference", "--case", "T01")
    base_environment.run(base_environment.command, *words, cwd=tmp_path)


@pytest.mark.parametrize(
    ("lang", "files"),
    [
        ("python", {"adapter.py"}),
        ("node", {"adapter.mjs", "adsmock-adapter.mjs", "adsmock-adapter.d.mts"}),
        ("shell", {"sync.sh"}),
    ],
)
def test_installed_command_writes_a_starting_point(environment, tmp_path, lang, files):
    words = [str(environment.command), "init", "--lang", lang]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)

    shared = {"ads-client.toml", ".github"}
    assert {path.name for path in tmp_path.iterdir()} == files | shared
