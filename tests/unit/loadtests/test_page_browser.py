"""The page of a rehearsal in a real browser: it fits every screen, and all of it can be read."""

import pytest

from adsmock.loadtests.page import render
from tests.browser.axe.check import serious
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE
from tests.unit.loadtests.event import SECONDS, event
from tests.unit.loadtests.outcome import judged, outcome, report

pytestmark = IN_BROWSER

CHARTS = ["load-na", "quota-na", "load-eu", "quota-eu", "load-fe", "quota-fe", "times", "queue"]

SCALE = "(({min, max}) => [min, max])(adsmockCharts.figures.get('NAME').plot.scales.x)"

# How many pixels of a chart have the color of a tone.
PIXELS = """
((name, tone) => {
  const canvas = document.querySelector(`#${name} .uplot canvas`);
  const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--chart-${tone}`);
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const reader = copy.getContext("2d", {willReadFrequently: true});
  reader.drawImage(canvas, 0, 0);
  const all = reader.getImageData(0, 0, copy.width, copy.height).data;
  let found = 0;
  for (let at = 0; at < all.length; at += 4) {
    found += all[at] === r && all[at + 1] === g && all[at + 2] === b;
  }
  return found;
})
"""

# The contrast of two colors of the page's style sheet.
RATIO = """
((one, other) => {
  const light = (name) => {
    const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  };
  const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
})
"""


# Draw a chart again, and keep how the name of each band is aligned.
DRAW_AGAIN = """
(() => {
  const {plot, chart} = adsmockCharts.figures.get('load-na');
  const names = new Set(chart.bands.map((band) => band.name));
  const pen = CanvasRenderingContext2D.prototype, before = pen.fillText;
  window.aligned = {};
  pen.fillText = function (text, ...place) {
    if (names.has(text)) window.aligned[text] = this.textAlign;
    before.call(this, text, ...place);
  };
  plot.redraw();
})()
"""


def outside(width):
    """Look for what hangs out of the page; the long tables of the charts scroll in their place."""
    return OUTSIDE.replace("WIDTH", str(width)).replace("pre,", "details .scroll *,")


def saved(folder, shown):
    file = folder / "report.html"
    file.write_text(render(shown), "utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("event"), event())


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_page_fits_is_legible_and_accessible_and_its_charts_are_drawn(
    browser, address, width, scheme
):
    browser.troubles.clear()
    browser.requested.clear()
    browser.open(address, width, scheme)

    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run(outside(width)) == []
    assert browser.run(CONTRAST) == []
    assert browser.run("[...adsmockCharts.figures.keys()]") == CHARTS
    for tone in ("accepted", "throttled", "failed"):
        assert browser.run(f"{PIXELS}('load-na', '{tone}')") > 10
    assert browser.run(f"{PIXELS}('quota-na', 'limit')") > 10
    assert browser.run(f"{PIXELS}('load-fe', 'outage')") > 10
    assert (width, scheme) == (390, "light") or serious(browser) == []  # it takes seconds
    assert browser.troubles == []
    assert {url.partition(":")[0] for url in browser.requested} <= {"file", "about", "data"}
    assert browser.picture(f"load-{width}-{scheme}").startswith(b"\x89PNG")


def test_page_with_cases_is_accessible(browser, tmp_path):
    seen = outcome(accepted=990, throttled=400, failed=30)
    browser.open(saved(tmp_path, report(seen, judged=judged())), 390)
    browser.run("for (const each of document.querySelectorAll('details')) each.open = true")
    assert serious(browser) == []
    assert browser.run("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neighbors_in_a_stack_differ_in_light_as_well_as_in_color(browser, address, scheme):
    browser.open(address, 1280, scheme)
    for one, other in (
        ("chart-accepted", "chart-throttled"),
        ("chart-throttled", "chart-failed"),
        *((f"chart-{tone}", "surface") for tone in ("accepted", "throttled", "failed", "limit")),
    ):
        assert browser.run(f"{RATIO}('{one}', '{other}')") >= 3


def test_the_cursor_shows_the_values_of_a_step_in_all_charts(browser, address):
    browser.open(address, 1280)
    browser.run("document.querySelector('#load-na .chart-plot').focus()")
    for key, code in (("Home", 36), *[("ArrowRight", 39)] * 3):
        browser.press(key, code)
    said = "document.querySelector('#{} {}').textContent"
    assert browser.run(said.format("load-na", ".chart-place")) == "3 s, hour 1.9 of the event"
    assert browser.run(said.format("load-na", ".chart-legend li")) == "accepted 1"
    assert browser.run(said.format("quota-na", ".chart-place")) == "3 s, hour 1.9 of the event"


def test_zoom_shows_a_part_of_all_charts_and_then_the_whole(browser, address):
    browser.open(address, 1280)
    whole = browser.run(SCALE.replace("NAME", "times"))
    browser.run("document.querySelector('[data-zoom=in]').click()")
    assert [browser.run(SCALE.replace("NAME", name)) for name in CHARTS] == [[30, 90]] * len(CHARTS)
    lane = "(({chart, lane}) => chart.bands.map((band, at) => [band.name, lane[at]]))"
    names = dict(browser.run(f"{lane}(adsmockCharts.figures.get('load-na'))"))
    assert names["lead-up"] != names["opening"]  # their names would cover each other
    browser.run("document.querySelector('#load-na .chart-plot').focus()")
    browser.press("Home", 36)
    read = "document.querySelector('#queue .chart-place').textContent"
    assert browser.run(read) == "30 s, hour 19 of the event"
    browser.run("document.querySelector('[data-zoom=all]').click()")
    assert browser.run(SCALE.replace("NAME", "load-fe")) == whole == [0, SECONDS]


def test_names_of_phases_begin_at_their_phase_when_a_chart_is_drawn_again(browser, address):
    browser.open(address)
    browser.run(DRAW_AGAIN)
    browser.wait("Object.keys(window.aligned).length > 0")

    assert browser.run("[...new Set(Object.values(window.aligned))]") == ["left"]


def test_dragging_across_a_chart_zooms(browser, address):
    browser.open(address, 1280)
    box = browser.run(
        "document.querySelector('#load-na').scrollIntoView();"
        "(({x, y, width, height}) => [x, y, width, height])"
        "(document.querySelector('#load-na .u-over').getBoundingClientRect())"
    )
    for kind, part in (("Moved", 0.25), ("Pressed", 0.25), ("Moved", 0.5), ("Released", 0.5)):
        browser.ask(
            "Input.dispatchMouseEvent",
            type=f"mouse{kind}",
            x=box[0] + box[2] * part,
            y=box[1] + box[3] / 2,
            button="left",
            buttons=int(kind != "Released"),
            clickCount=1,
        )
    begin, end = browser.run(SCALE.replace("NAME", "queue"))
    assert begin == pytest.approx(SECONDS / 4, abs=2)
    assert end == pytest.approx(SECONDS / 2, abs=2)


def test_another_quota_class_can_be_chosen(browser, address):
    browser.open(address, 390)
    label = "document.querySelector('#quota-na .chart-plot').getAttribute('aria-label')"
    assert "sp.write" in browser.run(label)
    browser.run(
        "const list = document.getElementById('quota-na-choice'); list.value = 1;"
        "list.dispatchEvent(new Event('change'))"
    )
    assert "sp.read" in browser.run(label)


def test_a_chart_can_be_read_as_a_table(browser, address):
    browser.open(address, 390, "light")
    assert browser.run("document.querySelectorAll('#load-na tbody tr').length") == SECONDS
    browser.run("document.querySelector('#load-na summary').click()")
    assert browser.run("document.documentElement.scrollWidth") <= 390


def test_paper_is_white_whatever_the_screen_is(browser, address):
    browser.open(address, 1280, "dark")
    surface = "getComputedStyle(document.documentElement).getPropertyValue('--surface')"
    assert browser.run(surface) != "#fff"
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run(surface) == "#fff"
    assert browser.run(f"{PIXELS}('load-na', 'accepted')") > 10
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run(surface) != "#fff"


def test_no_other_script_can_run(browser, address):
    browser.open(address)
    browser.run(
        "const more = document.createElement('script'); more.textContent = 'window.ran = true';"
        "document.body.append(more)"
    )
    assert browser.run("window.ran ?? false") is False


def test_illustration_of_the_documentation(browser, address):
    browser.open(address, 1280)
    browser.illustrate("load-report.png", height=1000, selector="section:has(#figures)")
