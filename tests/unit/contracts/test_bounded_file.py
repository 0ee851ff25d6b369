"""Files that users name: hostile ones are refused in one line, before they cost much."""

import pytest
from ruamel.yaml import YAML

from adsmock.contracts import bounded_file
from adsmock.contracts.bounded_file import BoundError, check_aliases, parse_json, parse_toml

DEEP = 100_000
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * DEEP + "]" * DEEP, "not JSON: nested too deep"),
        ('{"a":' * DEEP, "not JSON: nested too deep"),
        ("1" * 5_000, "not JSON: a number is too long"),
        ("{", "not JSON: Expecting"),
    ],
)
def test_hostile_json_is_refused_in_one_line(text, reason):
    with pytest.raises(BoundError, match=reason) as caught:
        parse_json(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = " + "[" * DEEP + "]" * DEEP, "nested too deep"),
        ("a" + ".a" * 20_000 + " = 1", "line 1: a key has more than 64 parts"),
        ("\n[a" + ' . "a"' * 100 + "]", "line 2: a key has more than 64 parts"),
        ("x = { a" + ".a" * 100 + " = 1 }", "line 1: a key has more than 64 parts"),
        ("x = " + "1" * 5_000, "a number is too long"),
        ("x = ", "Invalid value"),
    ],
)
def test_hostile_toml_is_refused_in_one_line(text, reason):
    with pytest.raises(BoundError, match=reason) as caught:
        parse_toml(text)
    assert "\n" not in str(caught.value)


def test_ordinary_toml_is_read():
    text = 'a.b.c = "' + "word." * 100 + '"\n# ' + "x." * 100 + "\n[d.e]\nf = 1.5\n"
    assert parse_toml(text)["d"] == {"e": {"f": 1.5}}


def test_many_lines_are_looked_at_once():
    assert parse_toml("\n" * bounded_file.CONFIGURATION_BYTES) == {}


def test_aliases_are_counted_each_time_they_are_used():
    value = YAML(typ="safe", pure=True).load(BOMB)
    with pytest.raises(BoundError, match="aliases make more than 1,000,000 values"):
        check_aliases(value)
    check_aliases({"a": value["a4"]})
    check_aliases(YAML(typ="safe", pure=True).load("a: &a {b: 1}\nc: [*a, *a]\n"))


def test_a_value_that_contains_itself_is_refused():
    value = YAML(typ="safe", pure=True).load("&a\nb: [*a]\n")
    with pytest.raises(BoundError, match="contains itself"):
        check_aliases(value)


def test_a_file_above_the_limit_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_bytes(b"#" * (bounded_file.MIB + 1))
    with pytest.raises(BoundError, match="larger than 1 MiB: divide it"):
        bounded_file.read_text(path, bounded_file.CONFIGURATION_BYTES)
    assert len(bounded_file.read_bytes(path, 2 * bounded_file.MIB)) == bounded_file.MIB + 1


def test_a_binary_file_is_no_text(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_bytes(b"a\xff")
    with pytest.raises(BoundError, match=r"not UTF-8 text \(byte 1\)"):
        bounded_file.read_text(path, 10)


def test_a_line_without_an_end_is_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded_file, "LINE_BYTES", 10)
    path = tmp_path / "journal.ndjson"
    path.write_bytes(b"{}\n" + b"x" * 25 + b"\n{}")
    with path.open("rb") as file:
        found = list(bounded_file.read_lines(file))
    assert found == [b"{}\n", b"x" * 10, b"x" * 10, b"x" * 5 + b"\n", b"{}"]
