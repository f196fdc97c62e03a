"""A Lambda function from a package with locked dependencies: traced, logged, watched, on a role that may do no more."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.alarm import PERIOD, PERIODS, add_alarm
from roadworthy.patterns.bundling import bundle
from roadworthy.patterns.dead_letter_queue import DeadLetterQueue
from roadworthy.patterns.draining import refuse_duration
from roadworthy.patterns.interfaces import AnyKey, AnyTopic
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.values import out_of_range
from roadworthy.patterns.variables import refuse_variables
from roadworthy.patterns.waivers import waive

_PYTHON = "3.14"
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_LONGEST, _LEAST_MEMORY, _MOST_MEMORY = 900, 128, 10_240
# https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
_MOST_RETRIES, _SHORTEST_AGE, _LONGEST_AGE = 2, 60, 21_600
# What Lambda needs to attach a function to a VPC; none of it takes a resource:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
_VPC_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]

_NO_RESOURCE = "X-Ray, network interfaces and dynamodb:ListStreams take no resource in IAM"


class InvalidFunctionError(RoadworthyError, ValueError):
    """A function that Lambda would refuse."""


class Function(lambda_.Function):
    """A Python function: `lambdas/<package>/handler.py`, bundled locally, with its own role, log group and alarms.

    The role starts with its log group and X-Ray alone (CDK adds the latter); grant it the rest. The runtime is
    Python 3.14 on x86_64. Two alarms of fixed names, `<name>-errors` and `<name>-throttles`, go off after two periods
    of 300 s in a row with any. Who invokes it asynchronously asks for `keep_failed_events`.

    Args:
        scope: where it is made.
        id: its id.
        package: the package's folder.
        shared: folders of other packages that it imports.
        name: the function's name; its log group is `/aws/lambda/<name>`.
        logs: makes the log group.
        timeout: how long one invocation may take.
        memory_mib: memory in MiB; CPU grows with it.
        environment: variables for the code.
        encryption_key: encrypts the variables.
        vpc: attaches the function to this network; it then gets a security group with no rules at all, to be opened
            with `connections`.
        subnets: which of the network's subnets; default: the isolated ones.
        alarm_topic: is told of its alarms; default: nobody is, but whoever listens to them.

    Attributes:
        alarms: its alarms by their names' ends: `errors`, `throttles`, and `dead-letters` where it has a queue.
        dead_letters: the queue of `keep_failed_events`; None before.

    Raises:
        BundlingError: there is no such package, or its dependencies could not be installed.
        InvalidFunctionError: memory out of its range, 128 to 10,240 MiB.
        InvalidNameError: no function can have the name.
        InvalidTimeoutError: the timeout is not 1 to 900 s.
        InvalidVariableError: a variable has no possible name, or its value is no text.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        package: Path,
        shared: Sequence[Path] = (),
        name: str,
        logs: ServiceLogs,
        timeout: cdk.Duration,
        memory_mib: int = 512,
        environment: Mapping[str, str] | None = None,
        encryption_key: AnyKey | None = None,
        vpc: ec2.IVpc | None = None,
        subnets: ec2.SubnetSelection | None = None,
        alarm_topic: AnyTopic | None = None,
    ) -> None:
        _refuse(name, timeout, memory_mib, environment or {})
        code = bundle(package, python=_PYTHON, shared=shared)
        # Siblings of the function: CDK's class has no place for children before its own construction.
        log_group = logs.group(scope, f"{id}Logs", f"/aws/lambda/{name}")
        role = _role(scope, f"{id}Role", log_group_arn=log_group.log_group_arn, in_vpc=vpc is not None)
        if encryption_key is not None:
            encryption_key.grant_decrypt(role)
        super().__init__(
            scope,
            id,
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.X86_64,
            code=lambda_.Code.from_asset(str(code)),
            handler=f"{package.name}.handler.handler",
            role=role,
            log_group=log_group,
            timeout=timeout,
            memory_size=memory_mib,
            tracing=lambda_.Tracing.ACTIVE,
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_LOG_LEVEL": "INFO",
                **(environment or {}),
            },
            environment_encryption=encryption_key,
            vpc=vpc,
            vpc_subnets=subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED) if vpc else None,
            allow_all_outbound=False if vpc else None,
        )
        waive(role, {"AwsSolutions-IAM5[Resource::*]": _NO_RESOURCE})
        self._name, self._alarm_topic = name, alarm_topic
        self.alarms: dict[str, cloudwatch.Alarm] = {}
        self.dead_letters: sqs.IQueue | None = None
        self._add_alarm("Errors", "errors", self.metric_errors(period=PERIOD))
        self._add_alarm("Throttles", "throttles", self.metric_throttles(period=PERIOD))

    def keep_failed_events(
        self, queue: sqs.IQueue | None = None, *, retry_attempts: int = 2, max_event_age: cdk.Duration | None = None
    ) -> sqs.IQueue:
        """Keep what fails for good of its asynchronous invocations: by EventBridge, SNS, S3 and the like.

        A stream's event source keeps its own: `RecordTable.stream_to`.
        https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html

        Args:
            queue: where; default: a new `DeadLetterQueue` with the alarm `<name>-dead-letters`, which goes off after
                one period with a letter.
            retry_attempts: how often Lambda tries again, 0 to 2.
            max_event_age: how old an event may be, 1 minute to 6 hours; default: 6 hours.

        Returns:
            The queue.

        Raises:
            InvalidFunctionError, InvalidTimeoutError: a value is out of its range, or they are kept already.
        """
        where = f"function `{self._name}`:"
        if self.dead_letters is not None:
            raise InvalidFunctionError(f"{where} keep_failed_events was called before: ask once")
        wrong = out_of_range(retry_attempts, 0, _MOST_RETRIES)
        if wrong:
            raise InvalidFunctionError(f"{where} retry_attempts = {retry_attempts!r} {wrong}")
        refuse_duration(f"{where} max_event_age", max_event_age, _SHORTEST_AGE, _LONGEST_AGE)
        self.dead_letters = queue or self._own_queue()
        self.configure_async_invoke(
            on_failure=destinations.SqsDestination(self.dead_letters),
            retry_attempts=retry_attempts,
            max_event_age=max_event_age or cdk.Duration.seconds(_LONGEST_AGE),
        )
        return self.dead_letters

    def _own_queue(self) -> sqs.Queue:
        queue = DeadLetterQueue(self, "DeadLetters")
        letters = queue.metric_approximate_number_of_messages_visible(statistic="Maximum", period=PERIOD)
        self._add_alarm("DeadLettersAlarm", "dead-letters", letters, periods=1)
        return queue

    def _add_alarm(self, id: str, end: str, metric: cloudwatch.IMetric, *, periods: int = PERIODS) -> None:
        self.alarms[end] = add_alarm(
            self,
            id,
            name=f"{self._name}-{end}",
            metric=metric,
            threshold=0,
            topic=self._alarm_topic,
            periods=periods,
        )


def _refuse(name: str, timeout: cdk.Duration, memory_mib: int, environment: Mapping[str, str]) -> None:
    refuse_name("function", name)
    refuse_duration(f"function `{name}`: timeout", timeout, 1, _LONGEST)
    wrong = out_of_range(memory_mib, _LEAST_MEMORY, _MOST_MEMORY)
    if wrong:
        raise InvalidFunctionError(f"function `{name}`: memory_mib = {memory_mib!r} {wrong}")
    refuse_variables(environment, {}, what=f"function `{name}`")


def _role(scope: Construct, id: str, *, log_group_arn: str, in_vpc: bool) -> iam.Role:
    statements = [iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group_arn])]
    if in_vpc:
        statements.append(iam.PolicyStatement(actions=_VPC_ACTIONS, resources=["*"]))
    # Inline, so that the permissions exist before the function does: Lambda refuses a VPC function without them.
    return iam.Role(
        scope,
        id,
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"Base": iam.PolicyDocument(statements=statements)},
    )
