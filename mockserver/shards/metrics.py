"""The metrics of all shards as one Prometheus text, each sample with the name of its shard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from adsmock.mockserver.shards.process import AnyShard

LABEL = "shard"


def exposition(texts: Mapping[str, str], shards: Sequence[AnyShard]) -> tuple[bytes, str]:
    """Return the joined metrics and their media type; ``texts`` are by shard."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Joined(texts, shards))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Joined:
    """The families of several texts; samples of one family stay together."""

    def __init__(self, texts: Mapping[str, str], shards: Sequence[AnyShard]) -> None:
        self._texts = texts
        self._shards = shards

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for shard, text in self._texts.items():
            for family in text_string_to_metric_families(text):
                own = families.setdefault(family.name, _empty(family))
                own.samples += [
                    each._replace(labels={LABEL: shard} | each.labels) for each in family.samples
                ]
        yield from families.values()
        yield from self._own()

    def _own(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("adsmock_shard_up", "Whether a shard serves.", labels=(LABEL,))
        starts = GaugeMetricFamily("adsmock_shard_starts", "Starts of a shard.", labels=(LABEL,))
        for shard in self._shards:
            up.add_metric((shard.name,), shard.is_up)
            starts.add_metric((shard.name,), shard.starts)
        yield up
        yield starts


def _empty(family: Metric) -> Metric:
    return Metric(family.name, family.documentation, family.type)
