"""The arguments of each verb, with the member names of the adapter protocol.

Source: ``contracts/meta/task.schema.json``; the reference page *Tasks and resource names* explains
each member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

Entity = Mapping[str, Any]
"""One campaign, ad group, keyword ... in the API's own format."""

ExportKind = Literal["campaigns", "adGroups", "targets", "ads"]


class ListProfilesArguments(TypedDict):
    """No arguments."""


class ListArguments(TypedDict):
    """Arguments of ``list``."""

    resource: str
    profile: str
    filter: NotRequired[dict[str, Any]]
    pageSize: NotRequired[int]


class GetArguments(TypedDict):
    """Arguments of ``get``."""

    resource: str
    profile: str
    ids: Sequence[str]


class WriteArguments(TypedDict):
    """Arguments of ``create`` and ``update``."""

    resource: str
    profile: str
    items: Sequence[Entity]


ModifyArguments = TypedDict(
    "ModifyArguments",
    {
        "resource": str,
        "profile": str,
        "filter": NotRequired[dict[str, Any]],
        "set": NotRequired[dict[str, Any]],
        "raise": NotRequired[dict[str, float]],
    },
)
"""Arguments of ``modify``."""


class ArchiveArguments(TypedDict):
    """Arguments of ``archive``."""

    resource: str
    profile: str
    ids: Sequence[str]


class CreateTreeArguments(TypedDict):
    """Arguments of ``create_tree``."""

    profile: str
    campaigns: Sequence[Entity]


class ExportArguments(TypedDict):
    """Arguments of ``export``."""

    kind: ExportKind
    profile: str
    filter: NotRequired[dict[str, Any]]


class ExportsArguments(TypedDict):
    """Arguments of ``exports``."""

    kind: ExportKind
    profile: str
    count: int


class SyncMetadataArguments(TypedDict):
    """Arguments of ``sync_metadata``."""

    profile: str


class ReportArguments(TypedDict):
    """Arguments of ``report``."""

    reportTypeId: str
    profile: str
    startDate: str
    endDate: str
    columns: Sequence[str]
    groupBy: Sequence[str]
    timeUnit: NotRequired[Literal["DAILY", "SUMMARY"]]
    filters: NotRequired[Sequence[dict[str, Any]]]
    names: NotRequired[bool]


class ReportsArguments(TypedDict):
    """Arguments of ``reports``."""

    reports: Sequence[ReportArguments]
    within: float


class SteadyArguments(TypedDict):
    """Arguments of ``steady``."""

    resource: str
    profile: str
    filter: NotRequired[dict[str, Any]]
    times: int
    every: float


class SubscribeStreamArguments(TypedDict):
    """Arguments of ``subscribe_stream``."""

    profile: str
    datasets: Sequence[str]
    queueArn: str


class ConsumeStreamArguments(TypedDict):
    """Arguments of ``consume_stream``."""

    queueUrl: str
    seconds: float
    datasets: Sequence[str]
    metrics: Sequence[str]
    day: NotRequired[str]


class RaiseBudgetsArguments(TypedDict):
    """Arguments of ``raise_budgets``."""

    profile: str
    queueUrl: str
    seconds: float
    percent: float
    amount: float


class ApplyRecommendationsArguments(TypedDict):
    """Arguments of ``apply_recommendations``."""

    profile: str
    campaignIds: list[str]


class MarketingCloudInstance(TypedDict):
    """An instance of Marketing Cloud, and the two headers that name its account."""

    instanceId: str
    advertiserId: str
    marketplaceId: str


class RunWorkflowArguments(TypedDict):
    """Arguments of ``run_workflow``."""

    profile: str
    instance: MarketingCloudInstance
    sqlQuery: str
    days: int


class ScheduleWorkflowArguments(TypedDict):
    """Arguments of ``schedule_workflow``."""

    profile: str
    instance: MarketingCloudInstance
    sqlQuery: str
    aggregationPeriod: Literal["Daily", "Weekly"]


class IdleArguments(TypedDict):
    """Arguments of ``idle``."""

    seconds: float
