"""Configuration files: what is read, and how an error is worded."""

import pytest

from adsmock.mockserver.control.configuration.file import ConfigurationError, read


def write(folder, text, name="adsmock.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_with_its_dates_and_entities(tmp_path):
    write(tmp_path, '{"profiles": {"US": {"sp.campaigns": [{"name": "a"}]}}}', "state.json")
    text = """
    [sandboxes.staging]
    seed = 7
    state = "state.json"
    deprecations = { sp = 2026-08-01 }
    clock = { mode = "frozen", start = 2026-07-01T12:00:00Z }
    """
    found = read(write(tmp_path, text))
    assert found.sandboxes["staging"]["deprecations"] == {"sp": "2026-08-01"}
    assert found.sandboxes["staging"]["clock"]["start"] == "2026-07-01T12:00:00+00:00"
    assert found.states["staging"]["profiles"]["US"]["sp.campaigns"] == [{"name": "a"}]


FAULT = 'effect = { kind = "http", status = 429 }'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sandboxes = [", "not TOML"),
        ("[sandboxes.a]\nsede = 7", '/sandboxes/a/sede: unknown field "sede": did you mean seed?'),
        ("[sandboxes.a]\nseed = 'x'", "/sandboxes/a/seed: "),
        ("[sandboxes.'a b']", "a name is not valid"),
        (f"[[sandboxes.a.faults]]\n{FAULT}", '/sandboxes/a/faults/0: the rule has no "id"'),
        (f"[[sandboxes.a.faults]]\nid='x'\n{FAULT}\n" * 2, 'two rules have the id "x"'),
        ("[sandboxes.a.scenario]\nname = 'prime-dai'", "did you mean prime-day?"),
        ("[sandboxes.a.scenario]\nname = 'region-dark'\nover = 'PT1M'", "has no duration"),
        ("[sandboxes.a.deprecations]\nsp = '+P7D'", '"+P7D" is not a date'),
        ("[sandboxes.a]\nstate = 'none.json'", "none.json: No such file"),
        ("[sandboxes.a]\nstate = 'adsmock.toml'", "adsmock.toml: not valid JSON"),
    ],
)
def test_an_invalid_file_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(ConfigurationError) as caught:
        read(write(tmp_path, text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"adsmock.toml: No such file"):
        read(tmp_path / "adsmock.toml")
