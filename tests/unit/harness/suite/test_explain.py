"""``adsmock explain`` shows every case, whatever its profile."""

from argparse import Namespace

import pytest

from adsmock.harness.command import explain
from adsmock.harness.suite.case import load


@pytest.mark.parametrize("name", load())
def test_every_case_is_explained(name, capsys):
    assert explain.run(Namespace(case=name)) == 0

    out = capsys.readouterr().out
    assert name in out
    for check in load()[name].checks:
        assert check.id in out
