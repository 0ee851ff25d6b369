"""The pytest plugin: options, the marker, the fixtures and the hooks that judge a case.

The rest of the plugin is imported with the first fixture, so that other projects do not pay for it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from adsmock.harness.plugin.case_fixture import CaseRun, Clock, Faults, Journal, Sandbox
    from adsmock.harness.plugin.session import Session

SESSION: pytest.StashKey[Session] = pytest.StashKey()
RUN: pytest.StashKey[CaseRun] = pytest.StashKey()

SEED = 7

PROFILE = "quick"

FIXTURE = "ads_sandbox"

WARNING = "adsmock-warning"
"""The property of a test report that contains one WARN."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of this plugin, and leave the modules of adsmock as they are."""
    _leave_modules(pluginmanager)
    group = parser.getgroup(
        "ads", "adsmock: a mock of the Amazon Ads API and its conformance cases"
    )
    group.addoption(
        "--ads-url", metavar="URL", help="control plane URL of a running mock (default: start one)"
    )
    group.addoption(
        "--ads-profile",
        default=PROFILE,
        metavar="NAME",
        help="profile of cases for tests with the marker ads and no case (default: quick)",
    )
    group.addoption(
        "--ads-cases", default="", metavar="IDS", help="run only these cases, such as T01,A03"
    )
    group.addoption("--ads-strict", action="store_true", help="also fail a test on WARN")
    group.addoption(
        "--ads-seed",
        type=int,
        default=SEED,
        metavar="N",
        help=f"seed of the mock (default: {SEED})",
    )
    group.addoption(
        "--ads-report-dir",
        type=Path,
        metavar="DIR",
        help="write report.html, run.json and the other reports to DIR",
    )


def _leave_modules(pluginmanager: pytest.PytestPluginManager) -> None:
    """Take adsmock off pytest's list of modules whose asserts it rewrites.

    pytest lists all modules of a plugin's distribution. Rewriting one that a thread of the mock
    imports takes time and fails now and then on CPython before 3.11.8, and no test reads their
    asserts. There is no public way off the list, so a pytest without it is left alone.
    """
    hook = getattr(pluginmanager, "rewrite_hook", None)
    names = getattr(hook, "_must_rewrite", None)
    if isinstance(names, set):
        package = __name__.partition(".")[0]
        names -= {name for name in names if name.partition(".")[0] == package}


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and check the options."""
    config.addinivalue_line(
        "markers",
        "ads(case, clock): the test does the tasks of a conformance case in ads_sandbox and is "
        "judged at its end; without a case it runs once for each case of --ads-profile",
    )
    option = config.option
    usual = ("", PROFILE, SEED, None)
    if (option.ads_cases, option.ads_profile, option.ads_seed, option.ads_report_dir) != usual:
        _suite().check(config)  # report a wrong option at once


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize a marked test with its case, or with each selected case."""
    marker = metafunc.definition.get_closest_marker("ads")
    if marker is None:
        return
    if FIXTURE not in metafunc.fixturenames:
        raise pytest.UsageError(
            f"{metafunc.definition.nodeid}: a test with the marker ads needs {FIXTURE}: "
            "add it to the arguments"
        )
    named = marker.kwargs.get("case") or (marker.args[0] if marker.args else None)
    names = [named] if named else _suite().selected(metafunc.config)
    metafunc.parametrize(FIXTURE, names, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Judge the case of a marked test after its body, so that a breach fails the test."""
    result = yield
    run = item.stash.get(RUN, None)
    if run is not None:
        try:
            run.judge()
        finally:
            _note_warnings(item, [run])
    return result


def _note_warnings(item: pytest.Item, runs: list[CaseRun]) -> None:
    """Add the warnings of cases to the report of a test, which xdist sends to its controller."""
    item.user_properties.extend((WARNING, line) for run in runs for line in run.warnings)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the broken recommendations of all judged cases."""
    found = {
        (report.nodeid, text): None
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == WARNING
    }
    if found:
        terminalreporter.section("adsmock: recommendations that were not followed")
    for nodeid, text in found:
        terminalreporter.write_line(f"{nodeid}: {text}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reports of all judged cases; with xdist, each worker writes its own folder."""
    ours = session.config.stash.get(SESSION, None)
    if ours is not None:
        ours.report()


@pytest.fixture(scope="session")
def ads_mock(pytestconfig: pytest.Config) -> Generator[Session]:
    """Return a running mock: a new process for this session, or the one of ``--ads-url``."""
    with _suite().opened(pytestconfig) as session:
        pytestconfig.stash[SESSION] = session
        yield session


@pytest.fixture
def ads_sandbox(ads_mock: Session, request: pytest.FixtureRequest) -> Generator[Sandbox]:
    """Return a new sandbox: ``urls``, ``credentials``, ``profiles``, ``env``.

    In a test with the marker ``ads`` it is the sandbox of the case and also has ``task``.
    """
    name = getattr(request, "param", None)
    if name is None:
        with ads_mock.sandbox() as sandbox:
            yield sandbox
        return
    marker = request.node.get_closest_marker("ads")
    with ads_mock.case(name, clock=marker.kwargs.get("clock", "real")) as run:
        request.node.stash[RUN] = run
        yield run
        run.settle()


@pytest.fixture
def ads_case(
    ads_mock: Session, request: pytest.FixtureRequest
) -> Generator[Callable[..., AbstractContextManager[CaseRun]]]:
    """Return a function that prepares a case by id and judges it at the end of its ``with`` block.

    A breach fails the test with its sentence. An unproven case is an error after the test.
    """
    runs: list[CaseRun] = []

    def stage(name: str, clock: str = "real") -> AbstractContextManager[CaseRun]:
        return ads_mock.judged(name, clock, runs)

    yield stage
    _note_warnings(request.node, runs)
    for run in runs:
        run.settle()


@pytest.fixture
def ads_clock(ads_sandbox: Sandbox) -> Clock:
    """Return the sandbox's clock: ``freeze``, ``advance``, ``now``."""
    return ads_sandbox.clock


@pytest.fixture
def ads_faults(ads_sandbox: Sandbox) -> Faults:
    """Return the sandbox's fault plan: ``add``, ``met``, ``clear``."""
    return ads_sandbox.faults


@pytest.fixture
def ads_journal(ads_sandbox: Sandbox) -> Journal:
    """Return the sandbox's journal: a sequence of entries, with ``of`` as a filter."""
    return ads_sandbox.journal


def _suite() -> Any:
    """Return the rest of the plugin, which projects without these fixtures never load."""
    return import_module("adsmock.harness.plugin.session")
