"""What pytest sees: options, the marker, the fixtures, and when a verdict is given.

Knows pytest. Must not know how a case is staged or judged: ``harness.plugin.stage`` does, and is
imported when the first fixture is asked for.
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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin, all of which have a use without any other."""
    group = parser.getgroup(
        "ads", "adsmock: a mock of the Amazon Ads API and its conformance cases"
    )
    group.addoption("--ads-url", metavar="URL", help="control plane of a mock that runs already")
    group.addoption(
        "--ads-profile",
        default=PROFILE,
        metavar="NAME",
        help="cases of a test that is marked ads without naming one (default: quick)",
    )
    group.addoption("--ads-cases", default="", metavar="IDS", help="only these of them: T01,A03")
    group.addoption("--ads-strict", action="store_true", help="a WARN fails the test too")
    group.addoption("--ads-seed", type=int, default=SEED, metavar="N", help=f"default: {SEED}")
    group.addoption(
        "--ads-report-dir",
        type=Path,
        metavar="DIR",
        help="write report.html, run.json and the rest",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "ads(case, clock): the test does the work of a conformance case in ads_sandbox and is "
        "judged when it ends; without a case it runs once for each of --ads-profile",
    )
    option = config.option
    usual = ("", PROFILE, SEED, None)
    if (option.ads_cases, option.ads_profile, option.ads_seed, option.ads_report_dir) != usual:
        _suite().check(config)  # what is wrong is said at once


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a marked test the case it names, or each of the selected ones in turn."""
    marker = metafunc.definition.get_closest_marker("ads")
    if marker is None:
        return
    if FIXTURE not in metafunc.fixturenames:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: marked ads, so it needs {FIXTURE}")
    named = marker.kwargs.get("case") or (marker.args[0] if marker.args else None)
    names = [named] if named else _suite().selected(metafunc.config)
    metafunc.parametrize(FIXTURE, names, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Judge the case of a marked test when its body is over, so that a breach fails the test."""
    result = yield
    run = item.stash.get(RUN, None)
    if run is not None:
        run.judge()
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reports of all judged cases; each worker of several into its own folder."""
    ours = session.config.stash.get(SESSION, None)
    if ours is not None:
        ours.report()


@pytest.fixture(scope="session")
def ads_mock(pytestconfig: pytest.Config) -> Generator[Session]:
    """Return a running mock: a process of this session's own, or the one of ``--ads-url``."""
    with _suite().opened(pytestconfig) as session:
        pytestconfig.stash[SESSION] = session
        yield session


@pytest.fixture
def ads_sandbox(ads_mock: Session, request: pytest.FixtureRequest) -> Generator[Sandbox]:
    """Return a fresh sandbox: ``urls``, ``credentials``, ``profiles``, ``env``.

    In a test that is marked ``ads`` it is the stage of the case, with ``task`` besides.
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
def ads_case(ads_mock: Session) -> Generator[Callable[..., AbstractContextManager[CaseRun]]]:
    """Return what puts a case on stage by its id and judges it when the ``with`` block ends.

    A breach fails the test with its sentence. A case that could not be proved is an error, raised
    when the test is over.
    """
    runs: list[CaseRun] = []

    def stage(name: str, clock: str = "real") -> AbstractContextManager[CaseRun]:
        return ads_mock.judged(name, clock, runs)

    yield stage
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
    """Return what the mock saw of this sandbox: a sequence of entries, and ``of`` to sift them."""
    return ads_sandbox.journal


def _suite() -> Any:
    """Return the rest of the plugin, which projects without these fixtures never load."""
    return import_module("adsmock.harness.plugin.session")
