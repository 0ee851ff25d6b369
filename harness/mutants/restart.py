"""Clients that are wrong in what they keep for the time after a crash."""

from __future__ import annotations

from dataclasses import replace

from adsmock.harness.client.api import Api
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import Clock
from adsmock.harness.client.extensions import Assembler, Extensions
from adsmock.harness.mutants.mutant import Mutant


class _Storeless(Assembler):
    def __init__(self, extensions: Extensions, api: Api, clock: Clock) -> None:
        super().__init__(replace(extensions, store=None), api, clock)


class Forgetful(AdsClient):
    """Keeps the ids of its reports in memory alone."""

    assembler_class = _Storeless


MUTANTS = (
    Mutant(
        "forgetful",
        "keeps the ids of its reports in memory alone",
        ("R08.resumes",),
        Forgetful,
    ),
)
