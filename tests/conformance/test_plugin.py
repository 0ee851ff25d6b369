"""The pytest plugin: outcomes, options, workers, and silence where it is not wanted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1] / "examples" / "pytest_project"
OTHERS = (
    "anyio",
    "cacheprovider",
    "faker",
    "hypothesispytest",
    "locust",
    "randomly",
    "schemathesis",
)
QUIET = ["-q", *(f"-pno:{name}" for name in OTHERS)]
"""Without the plugins of adsmock's own tests, which take seconds to import."""
SELECTED = ["--ads-cases", "P01,A03"]
EACH = ["-n", "2", "--dist", "each"]
"""Every test on both workers: how ``load`` shares them out is a matter of luck."""


def run(folder, *words):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *QUIET, *words],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def project(tmp_path):
    shutil.copytree(PROJECT, tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def write(tmp_path):
    """Return what writes one test file that knows the library of the example, and its folder."""
    shutil.copy(PROJECT / "sync.py", tmp_path)
    shutil.copy(PROJECT / "test_sync.py", tmp_path / "work.py")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")

    def put(text):
        head = "import pytest\nfrom work import ads_in, do\n\n"
        (tmp_path / "test_it.py").write_text(head + text)
        return tmp_path

    return put


@pytest.mark.slow
def test_example_project_passes_with_a_mock_of_its_own(project, tmp_path):
    done = run(project, *SELECTED, "--ads-report-dir", str(tmp_path / "reports"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
    assert (tmp_path / "reports" / "report.html").exists()


@pytest.mark.slow
def test_example_project_passes_on_two_workers_with_a_mock_each(project, tmp_path):
    done = run(project, *SELECTED, *EACH, "--ads-report-dir", str(tmp_path / "reports"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 passed" in done.stdout
    reports = {path.parent.name for path in (tmp_path / "reports").glob("*/report.html")}
    assert reports == {"gw0", "gw1"}


@pytest.mark.slow
def test_two_workers_share_one_mock(project, control):
    done = run(project, *SELECTED, "-n", "2", "--ads-url", control)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout


BREACH = """
def first_page(run):
    ads, profile = ads_in(run)
    ads.call("/sp/campaigns/list", profile, {"maxResults": 10})

@pytest.mark.ads(case="P01")
def test_marked(ads_sandbox):
    first_page(ads_sandbox)

def test_block(ads_case):
    with ads_case("P01") as run:
        first_page(run)
"""


def test_breach_fails_the_test_with_its_sentence_and_the_fix(write, control):
    done = run(write(BREACH), "--ads-url", control)

    assert done.returncode == 1
    assert "2 failed" in done.stdout
    assert "error" not in done.stdout.splitlines()[-1]
    assert "P01.pages FAIL: the client stopped after 1 page" in done.stdout
    assert "how to fix: Loop until a reply has no token" in done.stdout
    assert "I12.lost FAIL: in case P01, task 1 (list)" in done.stdout
    assert "I07.end WARN: in case P01, 1 list not read to the end" in done.stdout, "in the summary"


UNPROVEN = """
@pytest.mark.ads(case="P01")
def test_marked(ads_sandbox):
    pass

def test_block(ads_case):
    with ads_case("P01"):
        pass
"""


def test_what_is_unproven_is_an_error_and_no_pass(write, control):
    done = run(write(UNPROVEN), "--ads-url", control)

    assert done.returncode == 1
    assert "2 errors" in done.stdout
    assert "P01.pages UNPROVEN: the client made no call" in done.stdout


def test_failure_of_the_test_itself_is_shown_and_not_judged_over(write, control):
    done = run(
        write("""
@pytest.mark.ads(case="P01")
def test_marked(ads_sandbox):
    assert 1 == 2
"""),
        "--ads-url",
        control,
    )

    assert done.returncode == 1
    assert "assert 1 == 2" in done.stdout
    assert "1 failed" in done.stdout
    assert "P01.pages" not in done.stdout


def test_frozen_clock_is_judged_on_the_sandbox_s_time(write, control):
    done = run(
        write("""
def test_block(ads_case):
    with ads_case("P01", clock="frozen") as run:
        do(run)
    assert run.record.timebase == "sandbox"
"""),
        "--ads-url",
        control,
    )

    assert done.returncode == 0, done.stdout


STRICT = """
def test_block(ads_case):
    with ads_case("L04") as run:
        ads, profile = ads_in(run)
        ads.call("/sp/campaigns/list", profile, {"includeExtendedDataFields": True})
"""


def test_broken_should_fails_a_strict_run_alone(write, control):
    lax = run(write(STRICT), "--ads-url", control)
    strict = run(write(STRICT), "--ads-url", control, "--ads-strict")

    assert (lax.returncode, strict.returncode) == (0, 1)
    assert "L04." in strict.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ads-cases", "T99"], "T99"),
        (["--ads-profile", "moon"], "quick"),
        (["--ads-seed", str(1 << 63)], "64 bits"),
        (["--ads-report-dir", "/dev/null/reports"], "Not a directory"),
    ],
)
def test_wrong_option_is_pytest_s_usage_error(write, words, said):
    done = run(write("def test_it(): pass"), *words)

    assert done.returncode == 4, done.stdout + done.stderr
    assert said in done.stderr


def test_marked_test_without_the_fixture_is_not_collected(write):
    done = run(write("@pytest.mark.ads\ndef test_it(): pass"))

    assert done.returncode == 2, done.stdout + done.stderr
    assert "needs ads_sandbox" in done.stdout


def test_modules_of_adsmock_are_imported_as_python_imports_them(tmp_path):
    """A thread of the mock imports some: rewriting asserts there fails now and then on 3.11."""
    (tmp_path / "test_it.py").write_text(
        "from adsmock.contracts import loader\n"
        "def test_it():\n"
        "    assert type(loader.__spec__.loader).__name__ == 'SourceFileLoader'\n"
    )
    done = run(tmp_path, "-W", "error")

    assert done.returncode == 0, done.stdout + done.stderr


def test_plugin_loads_nothing_where_it_is_not_asked_for(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it():\n"
        "    assert 'adsmock.harness.plugin.hook' in sys.modules\n"
        "    assert 'adsmock.harness.suite' not in sys.modules\n"
        "    assert 'adsmock.harness.plugin.session' not in sys.modules\n"
    )
    done = run(tmp_path, "-W", "error")

    assert done.returncode == 0, done.stdout + done.stderr
