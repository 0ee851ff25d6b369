"""The shared tables say what the references say, and what they say can be used."""

import re
import zoneinfo
from datetime import date

import pytest

from adsmock.contracts.loader import load

BOOK = load()
RULES = [(one.name, rule) for one in BOOK.by_name.values() for rule in one.rules]


def test_three_regions_hold_twenty_three_marketplaces():
    assert {row.id: len(row.marketplaces) for row in BOOK.regions.values()} == {
        "NA": 4, "EU": 16, "FE": 3,
    }  # fmt: skip
    assert len({row.marketplace_id for row in BOOK.marketplaces.values()}) == 23


@pytest.mark.parametrize("row", BOOK.marketplaces.values(), ids=lambda row: row.country)
def test_a_marketplace_has_a_known_zone_and_ordered_limits(row):
    assert zoneinfo.ZoneInfo(row.timezone).key == row.timezone
    assert {"sp.bid", "sp.budget", "sb.bid.image", "sb.bid.video", "sb.budget"} <= set(row.limits)
    assert [key for key, value in row.limits.items() if value.minimum >= value.maximum] == []


@pytest.mark.parametrize(
    ("country", "limit", "minimum", "maximum"),
    [
        ("US", "sp.bid", 0.02, 1000),
        ("JP", "sp.bid", 2, 100000),
        ("US", "sb.bid.vcpm.video.bis", 12, 5000),
        ("IN", "sb.budget", 100, 21000000),
        ("IN", "sb.budget.vendor", 500, 21000000),
        ("DE", "sd.budget.vendor", 1, 50000),
        ("ZA", "sp.budget", 20, 7000000),
        ("EG", "sp.bid", 0.15, 5.5),
        ("BR", "sb.budget.lifetime", 367, 74000000),
    ],
)
def test_a_limit_is_that_of_the_table(country, limit, minimum, maximum):
    row = BOOK.marketplaces[country].limits[limit]
    assert (row.minimum, row.maximum) == (minimum, maximum)


@pytest.mark.parametrize("row", BOOK.deprecations, ids=lambda row: row.id)
def test_a_deprecation_is_announced_before_it_is_shut_off(row):
    off = date.fromisoformat(row.shut_off)
    announced = [*(int(part) for part in row.announced.split("-")), 1, 1][:3]
    assert date(*announced) < off
    if row.paths:
        assert BOOK.refusal(row.dialect, row.kind).status == row.status


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("retired", 404, {"code": "NOT_FOUND", "details": "Method Not Found"}),
        ("notAcceptable", 406, {"code": "406", "details": "No match for accept header"}),
        ("unsupportedMediaType", 415, {"code": "415", "details": "Cannot consume content type"}),
        ("scopeMissing", 401, {"code": "UNAUTHORIZED", "details": "Scope header is missing"}),
        ("throttled", 429, {"code": "THROTTLED", "message": "Too Many Requests"}),
        ("internal", 500, {"code": "INTERNAL_ERROR", "message": "Service Error"}),
    ],
)
def test_sponsored_products_refuse_in_the_recorded_words(kind, status, body):
    refusal = BOOK.refusal("sp", kind)
    values = {"$code": refusal.code, "$message": refusal.message}
    assert refusal.status == status
    assert {key: values[text] for key, text in refusal.body.items()} == body


@pytest.mark.parametrize("dialect", sorted(BOOK.dialects))
def test_a_dialect_ends_where_it_delegates(dialect):
    for kind in BOOK.kinds:
        assert BOOK.refusal(dialect, kind).status == BOOK.kinds[kind]


@pytest.mark.parametrize("dialect", sorted({one.dialect for one in BOOK.by_name.values()}))
def test_a_dialect_of_a_family_words_what_any_call_may_meet(dialect):
    for kind in ("invalid", "unauthorized", "notFound", "throttled", "internal", "unavailable"):
        assert BOOK.has_text(dialect, kind), kind


def test_the_general_kind_of_a_status_is_its_first():
    assert BOOK.kind_of(401) == "unauthorized"
    assert BOOK.kind_of(404) == "notFound"
    with pytest.raises(KeyError):
        BOOK.kind_of(418)


@pytest.mark.parametrize(("name", "rule"), RULES, ids=lambda x: getattr(x, "field", x))
def test_a_rule_has_what_its_check_needs(name, rule):
    needed = {
        "length": rule.minimum is not None or rule.maximum is not None,
        "words": rule.maximum is not None,
        "pattern": rule.pattern is not None,
        "market": rule.limit is not None,
        "one_of": "," in rule.field,
    }
    assert needed[rule.check], name


def pattern(name, reason):
    (rule,) = [
        rule
        for rule in BOOK.by_name[name].rules
        if rule.check == "pattern" and rule.reason == reason
    ]
    return re.compile(rule.pattern)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("soap bar", True), ("women's soap", True), ("seife-weich", True), ("a.b", True),
        ("石鹸", True), ("साबुन", True), ('say "soap" now', True),
        (" soap", False), ("soap ", False), (".soap", False), ("soap.", False), ("a -b", False),
        ("+a", False), ('say "soap', False), ("soap!", False), ("<b>", False), ("", False),
    ],
)  # fmt: skip
def test_keyword_text_follows_the_documented_characters(text, held):
    assert bool(pattern("sp.keywords", "PATTERN_NOT_MATCHED").fullmatch(text)) is held


@pytest.mark.parametrize(
    ("text", "held"),
    [("Autumn (2026) | A&B", True), ("Äpfel 石鹸", True), ("a<b", False), ("a#b", False)],
)
def test_a_campaign_name_follows_the_documented_characters(text, held):
    assert bool(pattern("sp.campaigns", "FORBIDDEN_CHARS").fullmatch(text)) is held


def test_a_name_with_blanks_around_it_is_malformed():
    edges = pattern("sp.campaigns", "LEADING_OR_TRAILING_WHITESPACE")
    assert edges.fullmatch("a b")
    assert not edges.fullmatch(" a")
    assert not edges.fullmatch("a ")


def test_an_item_error_knows_who_may_show_it():
    assert BOOK.item_errors["localeError"].selectors == ("sp.keywords",)
    assert BOOK.item_errors["invalidInputError"].selectors == ()
    shown = BOOK.item_errors["throttledError"].selectors
    assert sum(name.startswith("sp.") for name in shown) == 9


def test_an_item_error_names_its_further_members():
    fields = {row.name: row.read for row in BOOK.item_errors["entityNotFoundError"].fields}
    assert fields == {"entityId": "required", "entityType": "required"}


def test_extended_lists_weigh_five():
    weights = {row.extended_weight for row in BOOK.operations.values() if row.id.endswith(".list")}
    assert weights == {1, 5}
    assert BOOK.operations["sp.campaigns.list"].extended_weight == 5
