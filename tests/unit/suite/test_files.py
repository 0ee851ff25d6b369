"""A file that nobody could have written is refused in the words of whoever named it."""

import pytest

from harness.document import DocumentError, read
from harness.suite import diff
from harness.suite.drivers.pipe import Garbled, _reply

DEEP = "[" * 20_000 + "]" * 20_000


@pytest.mark.parametrize(
    ("name", "text"), [("a.toml", "a = " + DEEP), ("a.json", DEEP), ("a.yaml", DEEP)]
)
def test_a_document_that_is_nested_too_deep_is_refused(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DocumentError, match=rf"{name}: is not "):
        read(path, "plan")


def test_a_run_that_is_nested_too_deep_is_refused(tmp_path):
    path = tmp_path / "run.json"
    path.write_text(DEEP)
    with pytest.raises(diff.DiffError, match="is no run"):
        diff.read(path)


def test_a_reply_of_an_adapter_that_is_nested_too_deep_is_garbled():
    with pytest.raises(Garbled, match="is no reply"):
        _reply(DEEP.encode())
