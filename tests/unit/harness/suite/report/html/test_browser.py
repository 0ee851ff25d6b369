"""The report in a real browser: no errors, no sideways scrolling, legible in light and dark."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adsmock.harness.suite.report.html.document import render
from tests.browser.axe.check import serious
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE
from tests.unit.harness.suite.report.html.choosing import choose

pytestmark = IN_BROWSER

ADSMOCK = "import sys; from adsmock.cli.main import main; sys.exit(main())"


@pytest.fixture
def address(sample: tuple[dict[str, Any], list[dict[str, Any]]], tmp_path: Path) -> str:
    page = tmp_path / "report.html"
    page.write_text(render(*sample), encoding="utf-8")
    return page.as_uri()


def open_everything(browser):
    """Open every case with its charts, its calls and their bodies."""
    open_all = "for (const node of document.querySelectorAll('details')) node.open = true"
    browser.run(open_all)
    browser.wait("[...document.querySelectorAll('.rows')].every((node) => node.innerHTML)")
    browser.run(open_all)
    browser.wait("[...document.querySelectorAll('.wire')].every((node) => node.children[1])")
    browser.run("document.documentElement.style.scrollBehavior = 'auto'")
    empty = "document.querySelector('.charts:empty')"
    browser.wait(f"!{empty} || {empty}.scrollIntoView()")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (2560, "dark"),
        (1200, "light"),
        (1200, "dark"),
        (768, "light"),
        (390, "light"),
        (390, "dark"),
    ],
)
def test_report_is_quiet_and_fits_every_screen(browser, address, width, scheme):
    browser.troubles.clear()
    browser.open(address, width, scheme)
    open_everything(browser)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run(OUTSIDE.replace("WIDTH", str(width))) == []
    assert browser.run(CONTRAST) == []
    assert browser.troubles == []
    assert browser.picture(f"all-{width}-{scheme}").startswith(b"\x89PNG")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, address, scheme):
    browser.open(address, 1200, scheme)
    assert serious(browser) == []
    open_everything(browser)
    assert serious(browser) == []


def test_measures_see_poor_text_and_what_is_too_wide(browser, address):
    browser.open(address, 360)
    browser.run(
        "const poor = document.body.appendChild(document.createElement('p'));"
        "poor.textContent = 'pale'; poor.className = 'pale'; poor.style.color = '#ccc';"
        "poor.style.width = '500px'"
    )
    assert [name for name, _ in browser.run(CONTRAST)] == ["pale"]
    assert browser.run(OUTSIDE.replace("WIDTH", "360")) == ["P.pale"]
    assert browser.run("document.documentElement.scrollWidth") > 360


def test_report_loads_nothing_from_elsewhere(browser, address):
    browser.requested.clear()
    browser.open(address)
    assert {url.split(":", 1)[0] for url in browser.requested} <= {"file", "about", "data"}
    assert [url for url in browser.requested if url.startswith("file")] == [address]


def test_hostile_text_does_not_run(browser, sample, tmp_path):
    run, journal = sample
    breach = "document.title='broken in'"
    attack = f'</script></style><img src=x onerror="{breach}"><script>{breach}</script>'
    run["hint"] = run["cases"][0]["claim"] = journal[0]["path"] = attack
    page = tmp_path / "hostile.html"
    page.write_text(render(run, journal), encoding="utf-8")
    browser.open(page.as_uri())
    assert browser.run("document.title").startswith("Not conformant")
    assert browser.run("document.querySelectorAll('img, script').length") == 1


def test_an_address_unfolds_the_row_it_names(browser, address):
    browser.open(f"{address}#row-T01-6")
    browser.wait("document.getElementById('row-T01-6')?.open")
    assert browser.run("document.activeElement.closest('details').id") == "row-T01-6"


def test_a_mark_in_the_timeline_leads_to_its_row(browser, address):
    browser.open(address)
    browser.run("document.querySelector('#case-T01 .charts').scrollIntoView()")
    browser.wait("document.querySelector('#case-T01 .mark')")
    browser.run(
        "document.querySelector('#case-T01 .mark[data-seq=\"6\"] use')"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    assert browser.run("location.hash") == "#row-T01-6"


SHOWN = """
[...document.querySelectorAll('details.case:not([hidden])')].map((node) => node.id.slice(5)).join()
"""


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("by-status", "FAIL", "T01,Z01"),
        ("by-area", "batches", "B01"),
        ("by-practice", "RL", "Z07,T01,Z01,T03,Z02,B01,Z04,Z05,Z03,Z00,Z06"),
        ("search", "retry-after UNDERCUT", "T01"),
        ("search", "/auth/o2/token", "T03"),
        ("search", "nowhere", ""),
    ],
)
def test_filters_keep_the_cases_that_match(browser, address, name, value, shown):
    browser.open(address)
    choose(browser, name, value)
    assert browser.run(SHOWN) == shown
    kept = shown.split(",") if shown else []
    count = "document.querySelectorAll('.index li:not([hidden])').length"
    assert browser.run(count) == len(kept)
    assert browser.run("document.querySelector('.found').textContent") == f"{len(kept)} of 11 cases"
    assert browser.run("document.querySelector('.nothing').hidden") is bool(kept)
    browser.run("document.getElementById('clear').click()")
    assert len(browser.run(SHOWN).split(",")) == 11


def test_a_link_to_a_filtered_case_clears_the_filters(browser, address):
    browser.open(address)
    choose(browser, "by-status", "FAIL")
    browser.run("location.hash = 'case-B01'")
    browser.wait("document.getElementById('case-B01').hidden === false")
    assert browser.run("document.getElementById('by-status').value") == ""


def test_closing_a_case_gives_its_memory_back(browser, address):
    browser.open(address)
    count = "document.querySelectorAll('*').length"
    before = browser.run(count)
    browser.open(f"{address}#row-T01-6")
    browser.wait("document.querySelector('#row-T01-6 pre')")
    assert browser.run(count) > before
    browser.run("document.getElementById('case-T01').open = false")
    browser.wait("!document.querySelector('#case-T01 .wire, #case-T01 .charts svg')")


def test_without_a_script_verdict_evidence_and_fix_read(browser, address):
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(address)
        text = browser.run("document.getElementById('case-T01').innerText")
        assert browser.picture("no-script").startswith(b"\x89PNG")
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    order = [
        "FAIL",
        "attempt 2 came 1.02 s after the 429; Retry-After was 3",
        "1.98 s too early",
        "Sent POST /sp/campaigns/list",
        "Got 429",
        "How to fix: Read Retry-After on every 429",
        "adsmock conform --cmd 'python sync.py --once' --cases T01 --seed 42",
        "Charts, calls and the client's full output need JavaScript.",
    ]
    places = [" ".join(text.split()).find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_print_has_the_cases_to_review_only(browser, address):
    browser.open(address)
    browser.run("for (const node of document.querySelectorAll('.case')) node.open = false")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    browser.ask("Emulation.setEmulatedMedia", media="print")
    try:
        text = browser.run("document.querySelector('main').innerText")
    finally:
        browser.ask("Emulation.setEmulatedMedia", media="")
    assert "attempt 2 came 1.02 s after the 429" in text
    assert "How to fix: Read Retry-After" in text
    assert "The title of Z01" in text
    assert "The title of Z00" not in text, "a passed case is not printed"
    assert "Search" not in text


def test_keyboard_reaches_the_cases_and_folds_them(browser, address):
    browser.open(address)
    browser.press("Tab", 9)
    assert browser.run("document.activeElement.className") == "skip"
    browser.run("document.querySelector('#case-Z00 > summary').focus()")
    browser.press("Enter", 13)
    assert browser.run("document.getElementById('case-Z00').open") is True


def test_illustration_of_a_client_that_ignores_retry_after(browser, tmp_path):
    words = ["conform", "--client", "mutant:no-retry-after", "--profile", "quick"]
    done = subprocess.run(
        [sys.executable, "-c", ADSMOCK, *words, "--report-dir", str(tmp_path)],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    page = tmp_path / "report.html"
    assert page.stat().st_size < 2_000_000
    browser.troubles.clear()
    browser.open(page.as_uri(), 1280)
    assert browser.run("document.querySelectorAll('*').length") < 40_000
    assert browser.run("document.querySelector('h1').textContent") == "Not conformant"
    assert "T01.early" in browser.run("document.querySelector('.findings').innerText")
    assert browser.troubles == []
    browser.illustrate("report.png", height=900)
