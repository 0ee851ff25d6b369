"""Values and positions of TOML, JSON and YAML files, and messages with the place and a remedy."""

import json

import pytest

from adsmock.harness.config_file import DocumentError, read
from adsmock.harness.config_positions import json_positions, toml_positions

PLAN = """\
name = "retail"                      # advertisers = 3
day = 2026-07-07
{pattern}
[[advertisers]]
name = "US [[work]] name = 'x'"
region = "NA"
timezone = "America/New_York"
count = 3

[[work]]
feature = "sync"
every = "1d"

[[work]]
feature = "bids"
every = "1h"
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="plan.toml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_yaml_reads_words_as_strings(written):
    """YAML 1.1 reads NO as false and on as true; YAML 1.2 does not."""
    text = "name: acme\nverbs: [NO, SE, on]\n"

    assert read(written(text, "a.yaml"), "manifest").values["verbs"] == ["NO", "SE", "on"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'name = "retry = max_retries = 3"\n\n[retry]\nmax_retries = 5\n'),
        ("a.toml", 'name = """\nretry = 3\nmax_retries = 3"""\nretry.max_retries = 5\n'),
        (
            "a.json",
            '{"name": "\\"retry\\": {\\"max_retries\\": ",\n\n"retry": {\n"max_retries": 5}}',
        ),
        ("a.yaml", "name: 'retry: max_retries: '\n\nretry:\n  max_retries: 5\n"),
    ],
)
def test_key_inside_a_string_is_no_member(written, name, text):
    found = read(written(text, name), "manifest")

    assert found.line_of("name") == 1
    assert found.line_of("retry.max_retries") == 4


def test_member_of_one_line_has_its_column(written):
    text = '{"name": "a", "retry": {"max_retries": 5}}'
    positions = read(written(text, "a.json"), "manifest").positions

    assert positions == {"name": (1, 2), "retry": (1, 15), "retry.max_retries": (1, 25)}


def test_missing_member_is_reported_at_the_member_around_it(written):
    document = read(written(PLAN.format(pattern="")), "plan")

    assert document.line_of("work.1.share") == document.line_of("work.1") == 14


TOML = '''\
a.b = {x = 1, "y.z" = [1, {k = "]"}], w = 1979-05-27 07:32:00}  # c = 1
 "q\\u0041" = \'\'\'
r = 1\'\'\'\'\'
s = """a\\""" t = 1"""""
u = [
  1.5,  # 2
  [2, 3,],
]
[v]
[v . "w x"]
y = 07:32:00
[[l]]
m = 1
  [[l.n]]
  o = 1
[l.p]
[[l]]
m = 2
  [[l.n]]
  o = 2
  [[l.n]]
'''


def test_every_part_of_toml_has_its_position():
    assert toml_positions(TOML) == {
        "a": (1, 1), "a.b": (1, 3), "a.b.x": (1, 8), "a.b.y.z": (1, 15), "a.b.y.z.0": (1, 24),
        "a.b.y.z.1": (1, 27), "a.b.y.z.1.k": (1, 28), "a.b.w": (1, 39),
        "qA": (2, 2), "s": (4, 1), "u": (5, 1), "u.0": (6, 3), "u.1": (7, 3), "u.1.0": (7, 4),
        "u.1.1": (7, 7), "v": (9, 2), "v.w x": (10, 6), "v.w x.y": (11, 1),
        "l": (12, 3), "l.0": (12, 3), "l.0.m": (13, 1), "l.0.n": (14, 7), "l.0.n.0": (14, 7),
        "l.0.n.0.o": (15, 3), "l.0.p": (16, 4), "l.1": (17, 3), "l.1.m": (18, 1),
        "l.1.n": (19, 7), "l.1.n.0": (19, 7), "l.1.n.0.o": (20, 3), "l.1.n.1": (21, 7),
    }  # fmt: skip


def test_json_positions_name_every_value():
    text = json.dumps({"a b": [{"c": "}"}, []], "d\n": None, "e": {}}, indent=1)

    assert json_positions(text) == {
        "a b": (2, 2), "a b.0": (3, 3), "a b.0.c": (4, 4), "a b.1": (6, 3), "d\n": (8, 2),
        "e": (9, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        (
            "[pattern]\nreport_day = 3",
            "line 4, column 1: pattern.report_day: unknown key: did you mean report_days?",
        ),
        (
            'pattern = {structure = "list"}',
            'line 3, column 12: pattern.structure: "list" is not valid: did you mean lists?',
        ),
        ("headroom = 2", "line 3, column 1: headroom: 2 is greater than the maximum of 1"),
    ],
)
def test_complaint_names_the_place_and_the_nearest_word(written, pattern, complaint):
    with pytest.raises(DocumentError) as caught:
        read(written(PLAN.format(pattern=pattern)), "plan")

    assert str(caught.value) == f"plan.toml: {complaint}"


@pytest.mark.parametrize(
    "text",
    ["a: &a [*a]", "name: a\nname: b\n", "a: [", "a: \x00", "!!python/name:os x", "%YAML 9\n"],
)
def test_yaml_that_cannot_be_used_is_refused_in_one_line(written, text):
    with pytest.raises(DocumentError) as caught:
        read(written(text, "a.yaml"), "manifest")

    assert str(caught.value).startswith("a.yaml: ")
    assert "\n" not in str(caught.value)
