"""Adapter kit: the protocol of ``adsmock conform --adapter``, so that an adapter is verbs only.

>>> from adsmock.harness.adapters import Adapter, ListArguments, Result
>>> class Sync(Adapter):
...     def list(self, args: ListArguments) -> Result:
...         return Result(done=0)

End the program with ``Sync.run()``. The folder needs nothing beyond the standard library. The kit
for Node is ``node/adsmock-adapter.mjs``.
"""

from __future__ import annotations

from adsmock.harness.adapters.adapter import Adapter, Answer, Result, Unsupported
from adsmock.harness.adapters.arguments import (
    ArchiveArguments,
    ConsumeStreamArguments,
    CreateTreeArguments,
    ExportArguments,
    ExportsArguments,
    GetArguments,
    IdleArguments,
    ListArguments,
    ListProfilesArguments,
    ModifyArguments,
    ReportArguments,
    ReportsArguments,
    SteadyArguments,
    SyncMetadataArguments,
    WriteArguments,
)
from adsmock.harness.adapters.connection import Aws, BaseUrls, Connection, Credentials, Profile

__all__ = [
    "Adapter",
    "Answer",
    "ArchiveArguments",
    "Aws",
    "BaseUrls",
    "Connection",
    "ConsumeStreamArguments",
    "CreateTreeArguments",
    "Credentials",
    "ExportArguments",
    "ExportsArguments",
    "GetArguments",
    "IdleArguments",
    "ListArguments",
    "ListProfilesArguments",
    "ModifyArguments",
    "Profile",
    "ReportArguments",
    "ReportsArguments",
    "Result",
    "SteadyArguments",
    "SyncMetadataArguments",
    "Unsupported",
    "WriteArguments",
]
