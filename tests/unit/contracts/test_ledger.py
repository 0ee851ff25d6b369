"""The ledger holds every fact once, with how sure it is."""

from adsmock.contracts import report_fields, report_tables, retired_paths
from adsmock.contracts.ledger import counts, rows
from adsmock.contracts.loader import FOLDER, read


def uses(value):
    """Count every use of a source, as written in the files."""
    if isinstance(value, list):
        return sum(uses(item) for item in value)
    if not isinstance(value, dict):
        return 0
    total = 0
    for key, item in value.items():
        if key == "by" or key.endswith("_by"):
            total += len(item) if isinstance(item, dict) else 1
        elif key != "sources":
            total += uses(item)
    return total


def test_the_ledger_has_a_row_for_every_use_of_a_source():
    assert len(rows()) == uses(
        [
            *read(FOLDER).values(),
            *report_tables.read(report_tables.FOLDER).values(),
            *report_tables.forms().values(),
            *report_fields.read().values(),
            *retired_paths.read().values(),
        ]
    )


def test_no_two_rows_share_an_id():
    assert len({row.id for row in rows()}) == len(rows())


def test_every_row_says_something_and_names_its_source():
    assert [row.id for row in rows() if not row.says.strip() or not row.source] == []


def test_the_counts_cover_all_rows_and_all_three_kinds():
    assert sum(counts().values()) == len(rows())
    assert set(counts()) == {"documented", "observed", "assumed"}


def test_a_behavior_is_in_the_ledger_in_its_own_words():
    facts = read(FOLDER)["behavior.json"]["facts"]
    (fact,) = [row for row in facts if row["id"] == "unknown-members"]
    (row,) = [row for row in rows() if row.id == "behavior.facts.unknown-members"]
    assert (row.says, row.status) == (fact["says"], "observed")
