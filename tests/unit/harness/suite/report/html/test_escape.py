"""Content of a run or a journal stays text: only our style and script are markup."""

from html.parser import HTMLParser
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.packed import pack
from tests.unit.harness.suite.report.html.unpacked import calls, charts, opened

VOID = {"meta", "link", "img", "br", "hr", "input", "base", "wbr"}
FORBIDDEN = {"img", "iframe", "object", "embed", "form", "base", "foreignobject"}
VALID_ADDRESSES = ("#", "https://advertising.amazon.com/API/docs/", "data:image/svg")
ATTACKS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></svg></details><iframe src=//x>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\x00\ud800\u202e]]><!--",
]


class Page(HTMLParser):
    """What a browser would make of the page: elements, attributes, what scripts hold."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.content: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in self.open[-1:]:
            self.content.setdefault(tag, []).append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def poison(value, text):
    """The same value with every text in it replaced, but for what joins entries to cases."""
    if isinstance(value, dict):
        return {
            name: member if name in {"case", "timebase"} else poison(member, text)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [poison(member, text) for member in value]
    return text if isinstance(value, str) else value


def own(name: str) -> str:
    return files("adsmock.harness.suite.report.html").joinpath(name).read_text(encoding="utf-8")


def assert_harmless(text: str) -> Page:
    page = Page(text)
    assert page.open == []
    assert ("".join(page.content["script"]), page.tags.count("script")) == (own("report.js"), 1)
    assert ("".join(page.content["style"]), page.tags.count("style")) == (own("report.css"), 1)
    assert_inert(page)
    rows = [call["row"] + call["details"] for found in calls(text).values() for call in found]
    for markup in (*charts(text).values(), *rows):
        assert_inert(Page(markup))
    return page


def assert_inert(page: Page) -> None:
    """Nothing in the page or a part of it runs, loads or leads anywhere unexpected."""
    assert page.open == []
    assert not FORBIDDEN & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not page.values("style") + page.values("src")
    assert all(address.startswith(VALID_ADDRESSES) for address in page.values("href"))


@pytest.fixture(scope="session")
def small(sampler):
    def make():
        run, journal = sampler()
        run["cases"] = [case for case in run["cases"] if case["id"] in {"T01", "B01"}]
        return run, [row for row in journal if row["case"] in {"T01", "B01"}]

    return make


@given(text=st.text(max_size=40) | st.sampled_from(ATTACKS))
def test_no_text_breaks_out_of_any_field(small, text):
    run, journal = small()
    run, journal = poison(run, text), poison(journal, text)
    for case, name in zip(run["cases"], ("T01", "B01"), strict=True):
        case["id"] = name
    assert_harmless(render(run, journal))


@pytest.mark.parametrize("text", ATTACKS)
def test_no_attack_breaks_out_as_name_of_a_member(small, text):
    run, journal = small()
    run["cases"][0]["checks"][0]["numbers"] = {text: text}
    journal[0] |= {"headers": {text: text}, "request": {text: [text]}, "reply": text}
    run["cases"][0]["id"] = run["cases"][0]["checks"][0]["id"] = text
    for row in journal:
        row["case"] = text if row["case"] == "T01" else row["case"]
    assert_harmless(render(run, journal))


def test_text_is_shown_as_it_was_sent(small):
    run, journal = small()
    run["cases"][0]["claim"] = "1 < 2 & <b>bold</b>"
    assert "1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;" in render(run, journal)


def test_packed_text_that_could_run_is_seen(small):
    packed = f'<template class="packed" id="charts-A">{pack(ATTACKS[2])}'
    page = render(*small()).replace("</main>", f"{packed}</template></main>")
    with pytest.raises(AssertionError):
        assert_harmless(page)


def test_a_browser_would_find_a_script_that_was_let_through():
    with pytest.raises((AssertionError, KeyError)):
        assert_harmless("<script>alert(1)</script>")


def test_every_link_in_the_page_leads_somewhere_and_every_place_is_unique(sample):
    assert_harmless(render(*sample))
    page = Page(opened(render(*sample)))
    places = page.values("id")
    assert len(places) == len(set(places))
    missing = {address[1:] for address in page.values("href") if address.startswith("#")}
    assert missing - set(places) == set()


def test_policy_allows_our_style_and_script_only(sample):
    page = assert_harmless(render(*sample))
    policy = next(value for value in page.values("content") if "default-src" in value)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 2


def test_every_picture_has_text_for_screen_readers(sample):
    page = Page(opened(render(*sample)))
    drawn = page.attributes.count(("svg", "role", "img"))
    words = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "aria-label")]
    assert drawn > 0
    assert drawn == len([text for text in words if text])
