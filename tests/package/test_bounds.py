"""The versions that ``make bounds`` installs are those that ``pyproject.toml`` allows."""

from packaging.version import Version

from tests.package.bounds import bounded, lowest


def test_bounded_dependencies_are_those_whose_private_interfaces_are_used():
    names = {each.name for each in bounded()}
    assert names == {"a2wsgi", "httptools", "jsonschema-rs", "uvicorn", "xlsxwriter"}


def test_lowest_version_is_allowed_and_the_bound_itself():
    for requirement in bounded():
        _name, _equals, version = lowest(requirement).partition("==")
        assert Version(version) in requirement.specifier
