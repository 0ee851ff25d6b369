"""The check of a template: which queues serve Marketing Stream, and what each rule finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from adsmock.harness.iac import operation_rules, policy_rules
from adsmock.harness.iac.finding import Finding
from adsmock.harness.iac.parameter import resolver_of
from adsmock.harness.iac.policy_rules import Wanted
from adsmock.harness.iac.resource import QUEUE, Resource, Stack, dead_letter_target
from adsmock.harness.iac.template_file import Template
from adsmock.harness.iac.topics import Topic, account_of, has_account

FIREHOSE = "AWS::KinesisFirehose::DeliveryStream"


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a template, and the topics of each queue for Marketing Stream."""

    template: Template
    findings: tuple[Finding, ...]
    queues: Mapping[str, tuple[Topic, ...]]
    ignored: tuple[str, ...] = ()
    firehoses: tuple[str, ...] = ()
    has_queues: bool = True

    @property
    def failures(self) -> list[Finding]:
        """The findings that fail the check."""
        return [each for each in self.findings if each.level == "error"]


def check(
    template: Template,
    wanted: Wanted | None = None,
    given: Mapping[str, str] = MappingProxyType({}),
    ignored: Iterable[str] = (),
) -> Report:
    """Return the report on a template.

    Args:
        template: what to check.
        wanted: the dataset and the region that the queues must serve, as far as known.
        given: values of parameters by name.
        ignored: rules to leave out.
    """
    wanted = wanted or Wanted()
    stack = Stack.of(template, resolver_of(template, given, wanted.aws_region))
    left_out = frozenset(ignored)
    queues = _stream_queues(stack)
    findings = [each for each in _findings(stack, queues, wanted) if each.rule not in left_out]
    return Report(
        template,
        tuple(sorted(findings, key=lambda each: template.position(each.path))),
        {each.name: policy_rules.topics(stack.policy_of(each)) for each in queues},
        tuple(sorted(left_out)),
        tuple(each.name for each in stack.of_type(FIREHOSE)),
        bool(stack.of_type(QUEUE)),
    )


def _findings(stack: Stack, queues: list[Resource], wanted: Wanted) -> Iterator[Finding]:
    if not queues:
        yield from _no_queue(stack)
    for dataset in wanted.datasets:
        yield from _unserved(stack, queues, dataset, wanted.region)
    for queue in queues:
        yield from policy_rules.find(queue, stack.policy_of(queue), wanted)
        yield from operation_rules.find(queue, stack)


def _unserved(
    stack: Stack, queues: list[Resource], dataset: str, region: str | None
) -> Iterator[Finding]:
    """Complain about a wanted dataset that no queue takes, as far as its accounts are known."""
    served = {topic for each in queues for topic in policy_rules.topics(stack.policy_of(each))}
    is_undecided = any(policy_rules.is_undecided(stack.policy_of(each)) for each in queues)
    fits = any(each.dataset == dataset and region in {None, each.region} for each in served)
    if queues and has_account(dataset) and not fits and not is_undecided:
        topic = Topic(dataset, region or "NA")
        yield Finding(
            "topic-account",
            "error",
            f"Resources.{queues[0].name}",
            f"no queue lets the topics of {dataset}{f' in {region}' if region else ''} send",
            f"Add arn:aws:sns:{topic.aws_region}:{account_of(topic)}:* to aws:SourceArn"
            + ("" if region else f" for {topic.region}"),
        )


def _stream_queues(stack: Stack) -> list[Resource]:
    """Return the queues whose policy names SNS or Amazon's reviewer; others serve other work."""
    return [
        queue
        for queue in stack.of_type(QUEUE)
        if policy_rules.is_for_stream(stack.policy_of(queue))
    ]


def _no_queue(stack: Stack) -> Iterator[Finding]:
    """Complain about queues without a policy for Marketing Stream."""
    targets = [dead_letter_target(each) for each in stack.of_type(QUEUE)]
    for queue in stack.of_type(QUEUE):
        if not any(queue.is_named_by(target) for target in targets if target):
            yield Finding(
                "topic-account",
                "error",
                f"Resources.{queue.name}",
                f"{queue.name} has no policy that lets sns.amazonaws.com send, so no confirmation "
                "and no data arrive",
                "Add an AWS::SQS::QueuePolicy that allows sqs:SendMessage with aws:SourceArn of "
                "Amazon's topics, as in 'adsmock iac template'",
            )
