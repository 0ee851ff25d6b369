"""The dashboard in a real browser: it lives, fits every screen and is legible in light and dark."""

import json
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from werkzeug.serving import make_server

from adsmock.mockserver.control.access import AccessRules
from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.control.event_stream import MAX_STREAMS
from tests.browser.axe.check import serious
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE
from tests.unit.mockserver.control.fixtures import URLS, ControlFixture
from tests.unit.mockserver.fixtures import campaign, create_server

pytestmark = IN_BROWSER

ROWS = "document.querySelectorAll('.grid-body .grid-row').length"
COUNTED = "document.getElementById('counted').textContent"
TABS = [
    "journal", "connect", "faults", "clock", "quotas", "entities", "jobs", "snapshots", "orphans",
    "runs",
]  # fmt: skip


@pytest.fixture
def served():
    home = create_server()
    # Streams read, and end, ten times as often.
    settings = Settings(urls=URLS, pause=lambda seconds: Event().wait(seconds / 10))
    app = create_application(home.runtime, settings)
    control = ControlFixture(home, app.test_client())
    control.do("throttle.put", {"pressure": {"NA": 0.5}})
    storm = {"effect": {"kind": "http", "status": 429}, "match": {"operation": ["sp.*.create"]}}
    control.do("faults.put", storm | {"when": {"times": 3}}, fault="storm")
    for _ in range(4):
        home.call("/sp/campaigns", {"campaigns": [campaign(), campaign("other")]})
    home.call("/sp/campaigns", {"campaigns": [campaign(), campaign("third")]})
    home.call("/sp/nothing", {})
    with serving(app) as address:
        yield control, address


@contextmanager
def serving(app):
    """Serve an application and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:  # a test that fails must not leave a thread that keeps pytest from ending
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def show(browser, address, width=1440, scheme="light", until_true=f"{ROWS} >= 5"):
    feature = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.ask("Emulation.setEmulatedMedia", features=feature)
    browser.ask(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=width < 600,
    )
    browser.ask("Page.navigate", url="about:blank")
    browser.troubles.clear()
    browser.requested.clear()
    browser.ask("Page.navigate", url=address)
    until(browser, until_true)


def until(browser, condition):
    """Let the page itself look until the condition is true."""
    script = (
        "new Promise((done, fail) => { let left = 600; const look = () => "
        f"(() => {{ try {{ return {condition}; }} catch {{ return false; }} }})() ? done(true) "
        ": (left -= 1) ? setTimeout(look, 50) "
        ": fail(new Error('never came true')); look(); })"
    )
    answer = browser.ask("Runtime.evaluate", expression=script, awaitPromise=True)
    assert "exceptionDetails" not in answer, (condition, answer)


def click(browser, selector):
    browser.run(f"document.querySelector({json.dumps(selector)}).click()")


def fill(browser, selector, text):
    browser.run(
        f"(() => {{ const node = document.querySelector({json.dumps(selector)}); "
        f"node.value = {json.dumps(text)}; "
        "node.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


def check_view(browser, address, width, *, with_axe):
    assert browser.run("document.documentElement.scrollWidth") <= width
    outside = OUTSIDE.replace("WIDTH", str(width)).replace("pre, ", "pre, .scroll, .skip, ")
    assert browser.run(outside) == []
    assert browser.run(CONTRAST) == []
    assert browser.troubles == []
    asked = [url.startswith((address, "data:")) for url in browser.requested]
    assert all(asked), browser.requested
    if with_axe:
        assert serious(browser) == []


@pytest.mark.parametrize(
    "view",
    [
        (1440, "light", TABS, True),
        (1440, "dark", TABS, False),
        (390, "light", TABS, False),
        (2560, "dark", TABS[:1], True),
    ],
)
def test_the_page_is_quiet_legible_and_fits(browser, served, view):
    width, scheme, tabs, with_axe = view
    _, address = served
    show(browser, address, width, scheme)
    for tab in tabs:
        click(browser, f"#tab-{tab}")
        until(browser, f"!document.getElementById('panel-{tab}').hidden")
        check_view(browser, address, width, with_axe=with_axe)
        assert browser.picture(f"dashboard-{tab}-{width}-{scheme}").startswith(b"\x89PNG")
    browser.run("location.hash = 'sandbox=t1&call=6'")
    until(browser, "document.querySelector('#call h2').textContent.includes('create')")
    check_view(browser, address, width, with_axe=with_axe)
    assert browser.picture(f"dashboard-call-{width}-{scheme}").startswith(b"\x89PNG")


def test_calls_appear_newest_first_and_a_pause_holds_them_back(browser, served):
    control, address = served
    show(browser, address)
    control.server.call("/sp/campaigns/list", {})
    until(browser, f"{ROWS} === 8")
    first = "document.querySelector('.grid-body .grid-row').dataset.seq"
    assert browser.run(first) == "8"
    click(browser, "#pause")
    control.server.call("/sp/campaigns/list", {})
    until(browser, "document.getElementById('pause').textContent === 'Resume (1 new)'")
    assert browser.run(first) == "8"
    click(browser, "#pause")
    until(browser, f"{first} === '9'")
    click(browser, "#clear-journal")
    until(browser, f"{ROWS} === 0")
    assert control.do("journal.get")["entries"] == []
    assert browser.troubles == []


FILTERS = [
    ("Search", "storm 429", [4, 3, 2]),
    ("Operation", "sp.*.create", [6, 5, 4, 3, 2]),
    ("Status", "partial", [6]),
    ("Status", "4xx", [7, 4, 3, 2]),
    ("Region", "EU", []),
    ("Fault", "storm", [4, 3, 2]),
]


def test_names_of_operations_are_not_cut_on_a_usual_screen(browser, served):
    _, address = served
    show(browser, address, width=1300)
    cells = "[...document.querySelectorAll('.grid-body .grid-row > .operation')]"

    assert browser.run(f"{cells}.length") >= 5
    assert browser.run(f"{cells}.filter((one) => one.scrollWidth > one.clientWidth).length") == 0


def test_filters_show_the_calls_that_they_name(browser, served):
    _, address = served
    show(browser, address)
    browser.run(
        "document.querySelectorAll('.filters .field').forEach((each) => "
        "{ each.lastChild.id = `filter-${each.firstChild.textContent}`; })"
    )
    until(browser, "document.querySelector('#filter-Fault option[value=storm]')")
    rows = "[...document.querySelectorAll('.grid-body .grid-row')]"
    for label, text, expected in FILTERS:
        fill(browser, f"#filter-{label}", text)
        number = len(expected)
        until(browser, f"{COUNTED}.startsWith('{number} of 7') && {ROWS} === {number}")
        assert browser.run(f"{rows}.map((row) => Number(row.dataset.seq))") == expected
        fill(browser, f"#filter-{label}", "")


def test_a_call_explains_itself(browser, served):
    _, address = served
    show(browser, f"{address}#sandbox=t1&call=4", until_true="document.querySelector('#call h2')")
    text = browser.run("document.getElementById('call').textContent")
    for part in ("A fault acted", "storm", "4 attempts", "It succeeded", "Request", '"campaigns"'):
        assert part in text, part
    browser.run(
        "navigator.clipboard.writeText = (text) => "
        "{ window.copied = text; return Promise.resolve(); }"
    )
    click(browser, "#copy-curl")
    until(browser, "window.copied")
    command = browser.run("window.copied")
    assert command.startswith("curl -i -X POST 'http://")
    assert "Bearer $ACCESS_TOKEN" in command
    assert '{"campaigns":' in command
    click(browser, "#show-chain")
    until(browser, f"{ROWS} === 4")
    assert browser.troubles == []


def give_times(journal):
    """Let calls take the times that calls over a socket take: seven seconds apart at most."""
    for entry in journal.rows(0):
        at = entry.seq + 0.25 * entry.seq**2
        entry.t_arrive, entry.t_send, entry.t_end = at, at + 0.011, at + 0.012
        arrived = 1_782_907_200.0 + at
        entry.c_arrive, entry.c_send, entry.c_end = arrived, arrived + 0.011, arrived + 0.012


def test_a_call_without_times_says_why(browser, served):
    _, address = served
    show(browser, f"{address}#sandbox=t1&call=3", until_true="document.querySelector('#call h2')")
    assert "in process, so nothing was timed" in browser.run("document.body.textContent")


def test_the_illustration_of_the_docs_shows_a_refused_call(browser, served):
    control, address = served
    give_times(control.sandbox.journal)
    show(browser, f"{address}#sandbox=t1&call=3", until_true="document.querySelector('#call h2')")
    until(browser, f"{ROWS} === 7")
    assert "not ended" not in browser.run("document.body.textContent")
    browser.illustrate("dashboard.png")


def test_the_keyboard_reaches_and_opens_a_call(browser, served):
    _, address = served
    show(browser, address)
    browser.run("document.querySelector('.grid').focus()")
    for _ in range(2):
        browser.press("ArrowDown", 40)
    until(
        browser,
        "document.querySelector('.grid').getAttribute('aria-activedescendant') === 'call-6'",
    )
    browser.press("Enter", 13)
    until(browser, "location.hash.includes('call=6') && document.querySelector('#call h2')")
    click(browser, "#close-call")
    until(
        browser,
        "document.getElementById('call').hidden && document.activeElement.className === 'grid'",
    )


def test_a_lean_journal_can_be_made_full(browser, served):
    control, address = served
    control.do("journal.put", {"mode": "lean"})
    control.server.call("/sp/campaigns/list", {})
    show(
        browser, f"{address}#sandbox=t1&call=8", until_true="document.querySelector('#record-full')"
    )
    click(browser, "#record-full")
    until(browser, "document.querySelector('#call [role=status]')")
    assert control.sandbox.journal.mode == "full"


def test_a_call_that_arrives_before_the_state_is_completed_by_it(browser, served):
    control, address = served
    control.do("journal.put", {"mode": "lean"})
    control.server.call("/sp/campaigns/list", {})
    control.server.call("/sp/campaigns/list", {})
    show(
        browser, f"{address}#sandbox=t1&call=8", until_true="document.querySelector('#record-full')"
    )
    module = "document.querySelector('script[type=module]').src.replace('main.js', 'app.js')"
    browser.run(
        f"import({module}).then(({{ app }}) => {{ window.app = app; window.kept = app.state; "
        "app.state = null; app.go({ call: 9 }); })"
    )
    until(browser, "document.getElementById('call').ariaLabel.startsWith('Call 9')")
    browser.run("app.state ??= kept, app.tell('state')")
    until(browser, "document.querySelector('#record-full')")


def test_secrets_are_fetched_only_on_request(browser, served):
    control, address = served
    show(browser, f"{address}#panel=connect", until_true="document.getElementById('reveal')")
    secret = control.sandbox.credentials.client_secret
    own = [url for url in browser.requested if url.endswith("/sandboxes/t1")]
    assert own == []
    assert secret not in browser.run("document.documentElement.outerHTML")
    click(browser, "#reveal")
    until(browser, f"document.getElementById('panel-connect').textContent.includes('{secret}')")
    click(browser, "#reveal")
    assert secret not in browser.run("document.documentElement.outerHTML")


def test_what_is_recorded_can_be_set_above_the_list(browser, served):
    control, address = served
    mode = "document.getElementById('journal-mode')"
    show(browser, address, until_true=f"{mode}?.disabled === false")
    assert browser.run(f"{mode}.value") == "full"
    fill(browser, "#journal-mode", "lean")
    until(
        browser,
        "performance.getEntriesByType('resource').some((each) => each.name.endsWith('/journal'))",
    )
    control.server.call("/sp/campaigns/list", {})
    until(browser, f"{ROWS} === 8 && {mode}.value === 'lean'")
    assert control.do("journal.get", query={"cursor": 7})["entries"][0]["headers"] == {}


def test_an_export_is_a_download_of_the_filtered_calls(browser, served):
    control, address = served
    show(browser, address)
    browser.run("HTMLAnchorElement.prototype.click = function () { window.link = this; }")
    fill(browser, ".filters select", "4xx")
    click(browser, "#export-har")
    until(browser, "window.link")
    assert browser.run("link.download") == "t1.har"
    path = browser.run("link.pathname + link.search")
    rows = control.client.get(path).get_json()["log"]["entries"]
    assert [row["response"]["status"] for row in rows] == [429, 429, 429, 404]


def test_the_fifth_page_polls(browser, served):
    control, address = served
    path = "/_mock/v1/events"
    held = [control.client.get(path) for _ in range(MAX_STREAMS)]
    for reply in held:
        next(iter(reply.response))
    polls = "document.getElementById('connection').textContent.includes('by polling')"
    show(browser, address, until_true=f"{ROWS} === 7 && {polls}")
    control.server.call("/sp/campaigns/list", {})
    until(browser, f"{ROWS} === 8")
    for reply in held:
        reply.close()


def test_a_token_in_the_address_opens_everything_and_leaves_the_address(browser):
    access = AccessRules(token="correct-horse-battery")
    home = create_server()
    home.call("/sp/campaigns/list", {})
    app = create_application(home.runtime, Settings(access=access, urls=URLS))
    with serving(app) as address:
        waiting = "document.getElementById('connection').textContent.includes('control token')"
        show(browser, address, until_true=waiting)
        show(browser, f"{address}#token={access.token}", until_true=f"{ROWS} === 2")
        assert access.token not in browser.run("location.href")
        click(browser, "#tab-connect")
        until(browser, "document.getElementById('reveal')")
    browser.run("sessionStorage.clear()")


def test_stale_data_is_marked_when_the_mock_is_gone(browser, served):
    control, address = served
    show(browser, address)
    # The page cannot tell a mock that ended from a network that does.
    network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.ask("Network.emulateNetworkConditions", offline=True, **network)
    until(browser, "document.body.classList.contains('stale')")
    message = browser.run("document.getElementById('connection').textContent")
    assert message.startswith("The mock does not answer. What you see is from ")
    browser.ask("Network.emulateNetworkConditions", offline=False, **network)
    control.server.call("/sp/campaigns/list", {})
    until(browser, f"!document.body.classList.contains('stale') && {ROWS} === 8")
    assert browser.run("document.getElementById('connection').textContent") == "Live"


def test_a_name_cannot_become_markup(browser, served):
    control, address = served
    control.server.send("GET", "/<img src=x onerror=alert(1)>", b"", control.server.headers())
    show(browser, address)
    until(browser, "document.querySelector('.grid').textContent.includes('<img')")
    assert browser.run("document.querySelectorAll('img').length") == 0


def test_an_unknown_sandbox_in_the_address_is_reported(browser, served):
    _, address = served
    show(browser, f"{address}#sandbox=gone")
    message = browser.run("document.getElementById('notice').textContent")
    assert '"gone"' in message
    assert browser.run("location.hash").startswith("#sandbox=t1")
