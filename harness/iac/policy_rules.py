"""Rules about the policy of a queue: who may send, who may look, and only over TLS.

Source: onboarding guide and Amazon's templates (documented); IAM user guide on conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from adsmock.harness.iac.finding import Finding
from adsmock.harness.iac.intrinsic import is_known, without_names
from adsmock.harness.iac.resource import Resource, Statement, mapping, rows
from adsmock.harness.iac.topics import Topic, account_of, by_account, has_account, reviewer

SNS = "sns.amazonaws.com"
SEND, LOOK = "sqs:sendmessage", "sqs:getqueueattributes"
SOURCE_ARN, SOURCE_ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
_ARN_PARTS = 6
_CLOSE = 0.85
"""The likeness of two account numbers with one wrong, missing or swapped digit."""
_LITERAL_OPERATORS = frozenset({"StringEquals", "StringEqualsIgnoreCase"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queues of a template must serve; what is empty is left to the template."""

    datasets: tuple[str, ...] = ()
    region: str | None = None

    @property
    def aws_region(self) -> str | None:
        """The AWS region of the deployment."""
        return Topic("", self.region).aws_region if self.region else None


@dataclass(frozen=True, slots=True)
class _Source:
    """A pattern of topics that may send. Values of one key are alternatives; all keys must fit."""

    path: str
    key: str
    pattern: str
    operator: str
    region: str
    account: str


def is_for_stream(policy: Iterable[Statement]) -> bool:
    """Say whether a policy allows SNS to send, or Amazon's reviewer to look."""
    found = list(policy)
    return bool(_senders(found)) or any(
        each.allows and each.covers(LOOK) and _is_reviewer(each) for each in found
    )


def topics(policy: Iterable[Statement]) -> tuple[Topic, ...]:
    """Return the topics of Amazon that a policy lets send."""
    known = by_account()
    accounts = (source.account for each in _senders(policy) for source in _sources(each))
    return tuple(dict.fromkeys(known[account] for account in accounts if account in known))


def is_undecided(policy: Iterable[Statement]) -> bool:
    """Say whether only a deployment knows an account that may send."""
    return any(not is_known(each.account) for row in _senders(policy) for each in _sources(row))


def find(queue: Resource, policy: list[Statement], wanted: Wanted) -> Iterator[Finding]:
    """Yield what is wrong with the policy of a queue."""
    senders = _senders(policy)
    if not senders:
        yield Finding(
            "topic-account",
            "error",
            f"Resources.{queue.name}",
            f"no statement lets {SNS} send to {queue.name}, so no confirmation and no data arrive",
            "Allow sqs:SendMessage with aws:SourceArn of Amazon's topics",
        )
    for sender in senders:
        yield from _of_sender(sender, wanted)
    if not any(each.allows and each.covers(LOOK) and _is_reviewer(each) for each in policy):
        yield Finding(
            "reviewer",
            "error",
            f"Resources.{queue.name}",
            f"{reviewer()} may not read the attributes of {queue.name}",
            "Allow it sqs:GetQueueAttributes",
        )
    if not any(map(_denies_plain_http, policy)):
        yield Finding(
            "tls-only",
            "error",
            policy[0].path.rpartition(".")[0] if policy else f"Resources.{queue.name}",
            f"the policy of {queue.name} accepts requests without TLS",
            'Deny sqs:* to everyone under the condition Bool: {"aws:SecureTransport": "false"}',
        )


def _senders(policy: Iterable[Statement]) -> list[Statement]:
    return [each for each in policy if each.allows and each.covers(SEND) and _is_sns(each)]


def _is_sns(statement: Statement) -> bool:
    """Say whether a statement is about SNS; one for everyone may be about an organization."""
    if SNS in map(str, rows(mapping(statement.values.get("Principal")).get("Service"))):
        return True
    keys = {key for _, key, _ in statement.conditions()}
    is_about_topics = not keys or bool(keys & {SOURCE_ARN, SOURCE_ACCOUNT})
    return is_about_topics and statement.is_for("Service", SNS)


def _sources(statement: Statement) -> Iterator[_Source]:
    path = f"{statement.path}.Condition"
    for operator, key, values in statement.conditions():
        if "Not" in operator:  # excludes topics and names none
            continue
        for value in values:
            if key == SOURCE_ACCOUNT:
                yield _Source(path, key, value, operator, "*", value)
            elif key == SOURCE_ARN:
                parts = without_names(value).split(":", _ARN_PARTS - 1)
                whole = "*" if is_known(value) else "${}"
                is_arn = len(parts) == _ARN_PARTS
                region, account = (parts[3], parts[4]) if is_arn else (whole, whole)
                yield _Source(path, key, value, operator, region, account)


def _of_sender(statement: Statement, wanted: Wanted) -> Iterator[Finding]:
    sources = list(_sources(statement))
    if not sources:
        yield Finding(
            "topic-account",
            "error",
            statement.path,
            "every SNS topic of every AWS account may send",
            f"Add the condition ArnLike with aws:SourceArn of Amazon's topics: {_example(wanted)}",
        )
    exact = {each.key for each in sources} - {
        each.key for each in sources if _is_pattern(each.account)
    }
    for source in sources:
        found = _of_source(source, wanted)
        is_narrowed = _is_pattern(source.account) and bool(exact)
        if found is not None and not is_narrowed:
            yield found


def _of_source(source: _Source, wanted: Wanted) -> Finding | None:
    """Return what is wrong with a pattern of topics, None if nothing is."""
    operator = source.operator.removesuffix("IfExists").rpartition(":")[2]
    topic = by_account().get(source.account)
    advice = f"Expected {_example(wanted)}"
    if not is_known(source.account):
        what = f"the account in {source.pattern} is known only at deployment"
        advice = "Pass its values with --parameter NAME=VALUE"
        return Finding("undecided", "note", source.path, what, advice)
    if operator in _LITERAL_OPERATORS and "*" in source.pattern:
        what = f"{source.operator} takes the * of {source.pattern} literally, so no topic fits"
        advice = "Use ArnLike"
    elif _is_pattern(source.account):
        what = f"{source.pattern} lets topics of other accounts send"
    elif topic is None:
        return _unknown_account(source, wanted)
    elif wanted.region not in {None, topic.region}:
        what = f"account {source.account} sends {topic.dataset} in {topic.region}"
        advice = f"Expected an account of {wanted.region}, such as {_example(wanted)}"
    elif _is_elsewhere(source.region, topic):
        what = f"account {source.account} has its topics in {topic.aws_region}, not {source.region}"
        advice = f"Expected arn:aws:sns:{topic.aws_region}:{source.account}:*"
    else:
        return None
    return Finding("topic-account", "error", source.path, what, advice)


def _unknown_account(source: _Source, wanted: Wanted) -> Finding:
    """Return the finding about an account: an error where all accounts of Amazon are known."""
    what = f"account {source.account} is not one of Amazon's for Marketing Stream"
    close = get_close_matches(source.account, by_account(), n=1, cutoff=_CLOSE)
    if close:
        known = by_account()[close[0]]
        advice = f"Did you mean {close[0]}, of {known.dataset} in {known.region}?"
        return Finding("topic-account", "error", source.path, what, advice)
    is_certain = wanted.datasets and all(has_account(each) for each in wanted.datasets)
    advice = "Compare it with Amazon's guide, or name your datasets with --dataset"
    if is_certain:
        return Finding("topic-account", "error", source.path, what, f"Expected {_example(wanted)}")
    return Finding("topic-account", "warning", source.path, what, advice)


def _is_pattern(account: str) -> bool:
    return "*" in account or "?" in account


def _is_elsewhere(region: str, topic: Topic) -> bool:
    return is_known(region) and not fnmatchcase(topic.aws_region, region)


def _example(wanted: Wanted) -> str:
    """Return the pattern for what is wanted."""
    topic = Topic((*wanted.datasets, "sp-traffic")[0], wanted.region or "NA")
    account = account_of(topic) or "ACCOUNT"
    return f"arn:aws:sns:{topic.aws_region}:{account}:* for {topic.dataset} in {topic.region}"


def _is_reviewer(statement: Statement) -> bool:
    return statement.is_for("AWS", reviewer())


def _denies_plain_http(statement: Statement) -> bool:
    principal = statement.values.get("Principal")
    is_everyone = principal == "*" or (
        isinstance(principal, dict) and principal.get("AWS") in ("*", ["*"])
    )
    return (
        statement.values.get("Effect") == "Deny"
        and is_everyone
        and statement.covers(SEND)
        and statement.covers("sqs:receivemessage")
        and any(
            key == "aws:securetransport"
            and [each.lower() for each in values] == ["false"]
            and "Not" not in operator
            and operator != "Null"
            for operator, key, values in statement.conditions()
        )
    )
