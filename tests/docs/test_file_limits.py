"""The page on limits states the limits of files that the code has."""

import re

from adsmock.contracts import bounded_file
from adsmock.mockserver.control.configuration.file import STATE_BYTES
from tests.architecture.repository import ROOT

PAGE = ROOT / "docs" / "explanation" / "limits.md"
LIMITS = {
    "configurations": bounded_file.CONFIGURATION_BYTES,
    "quotas": bounded_file.CONFIGURATION_BYTES,
    "OpenAPI documents and recorded traffic in YAML": bounded_file.YAML_BYTES,
    "OpenAPI documents and recorded traffic in JSON": bounded_file.JSON_BYTES,
    "evidence": bounded_file.JSON_BYTES,
    "states": STATE_BYTES,
    "one line of a journal": bounded_file.LINE_BYTES,
}


def test_the_page_states_every_limit_of_a_file():
    text = PAGE.read_text("utf-8").partition("## Files that commands read")[2]
    rows = re.findall(r"^\| (.+?) \| (.+) \| (\d+) MiB \|$", text, re.MULTILINE)
    stated = {file: int(size) * bounded_file.MIB for file, _, size in rows}
    assert len(stated) == len(LIMITS)
    for file, most in stated.items():
        (name,) = [each for each in LIMITS if file.startswith(each)]
        assert LIMITS[name] == most, file
    assert f"{bounded_file.MOST_VALUES:,} values" in text
    assert f"{bounded_file._DEEPEST_KEY} parts" in text
