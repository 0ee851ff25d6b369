"""Sample journals: for each check one that keeps the claim, one that breaks it, and one without a
chance to do either. Each ``sample_*`` module here has those of its areas in ``SAMPLES``.
"""

from importlib import import_module
from pathlib import Path

from adsmock.harness.suite.journal import CaseRecord

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("sample_*.py"))

SAMPLES: dict[str, dict[str, CaseRecord]] = {
    check: records
    for module in MODULES
    for check, records in import_module(f"tests.unit.harness.suite.{module}").SAMPLES.items()
}
