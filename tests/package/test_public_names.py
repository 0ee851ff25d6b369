"""The names that users import from ``adsmock``, and the examples in their docstrings."""

import doctest
import subprocess
import sys
from importlib import metadata

import pytest

import adsmock
from adsmock.mockserver import app


@pytest.mark.parametrize("module", [adsmock, app], ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module):
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


def test_public_names_are_importable_and_listed():
    assert adsmock.__all__ == ["AdsClient", "Control", "Mock", "__version__"]
    assert dir(adsmock) == adsmock.__all__
    found = [getattr(adsmock, name) for name in adsmock.__all__[:-1]]
    assert [each.__name__ for each in found] == adsmock.__all__[:-1]


def test_version_is_that_of_the_distribution():
    assert adsmock.__version__ == metadata.version("adsmock")


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Mok'"):
        adsmock.Mok  # noqa: B018 -- reading the attribute is the test


def test_import_of_the_package_loads_no_other_module():
    code = (
        "import sys; before = set(sys.modules); import adsmock\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["adsmock"]


def test_client_of_the_package_imports_no_server():
    code = "import sys; from adsmock import AdsClient; print('adsmock.mockserver' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.slow
@pytest.mark.one_python
def test_type_checker_knows_the_public_names(tmp_path):
    (tmp_path / "use.py").write_text(
        "from adsmock import AdsClient, Control, Mock\n"
        "with Mock(seed=7) as mock:\n"
        "    control: Control = mock.control\n"
        "    urls: dict[str, dict[str, str]] = mock.urls\n"
        "    client: type[AdsClient] = AdsClient\n"
        "from adsmock import Mok\n"
    )
    words = [sys.executable, "-m", "mypy", "--strict", "--follow-imports", "silent", "use.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Found 1 error" in done.stdout, done.stdout + done.stderr
    assert 'has no attribute "Mok"' in done.stdout
