"""Parquet files of rows. They need pyarrow, which the extra ``stream`` installs."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import Any

from adsmock.mockserver.services.stream.facts import TotalsMember
from adsmock.mockserver.services.stream.files.rows import Row, is_money

MISSING = "Marketing Stream v2 needs pyarrow: install it with pip install 'adsmock[stream]'"
"""What a refusal says without pyarrow."""
COMPRESSION_CHOICE = "stream.compression"
"""The sandbox choice that sets the compression of files."""
_WHOLE = frozenset({"version", "hourOfDay"})


def is_available() -> bool:
    """Say whether files can be written."""
    return find_spec("pyarrow") is not None


def written(members: tuple[TotalsMember, ...], rows: list[Row], compression: str) -> bytes:
    """Return a file with a column for each member."""
    import pyarrow as pa  # noqa: PLC0415 -- heavy, and an option
    from pyarrow.parquet import write_table  # noqa: PLC0415 -- as above

    schema = pa.schema([(each.name, _type(pa, each)) for each in members])
    columns = [list(each) for each in zip(*rows, strict=True)]
    table = pa.table(columns, schema=schema)
    file = BytesIO()
    write_table(table, file, compression=compression)
    return file.getvalue()


def _type(pa: Any, member: TotalsMember) -> Any:
    if member.of == "sum":
        return pa.float64() if is_money(member.name) else pa.int64()
    return pa.int64() if member.of in _WHOLE else pa.string()
