"""The alarms of a service, on one topic; some of them fit to end a deployment."""

import enum
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.alarm import PERIODS, add_alarm, kebab
from roadworthy.patterns.interfaces import AnyTopic
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.service_metrics import (
    HostMetrics,
    RunsTasks,
    TaskMetrics,
    error_rate,
    http_targets,
    literal_name,
    resource_of,
)
from roadworthy.patterns.service_metrics import response_time as average_response_time
from roadworthy.patterns.values import is_token

_HUNDRED = 100


class InvalidAlarmError(RoadworthyError, ValueError):
    """An alarm that could never go off, or that no deployment can watch."""


class AlarmKind(enum.Enum):
    """The alarms that `ServiceAlarms` makes; the value is the end of the alarm's name."""

    CPU = "cpu"
    MEMORY = "memory"
    RUNNING_TASKS = "running-tasks"
    RESPONSE_TIME = "response-time"
    ERROR_RATE = "error-rate"
    UNHEALTHY_HOSTS = "unhealthy-hosts"
    NO_HEALTHY_HOST = "no-healthy-host"


# While a service is made for the first time it has neither tasks nor hosts: these would end its first deployment.
_NEVER_IN_DEPLOYMENTS = (AlarmKind.RUNNING_TASKS, AlarmKind.NO_HEALTHY_HOST)
_LONGEST_END = max((kind.value for kind in AlarmKind), key=len)


class ServiceAlarms(Construct):
    """CPU, memory, missing tasks; behind a load balancer also response time, error rate and hosts.

    Each looks at periods of 300 s and goes off after two in a row over its threshold. `RUNNING_TASKS` needs Container
    Insights on the cluster: without, it has no data and never goes off.

    A deployment may watch them: name them by `names_for` where the service is made. They are then made before it.

        api = HttpService(..., name="api", deployment=Deployment.rolling(alarms=ServiceAlarms.names_for("api")))
        ServiceAlarms(self, "ApiAlarms", service=api, name="api", topic=topic)

    Args:
        scope: where they are made; the service's own stack, where its deployments watch them.
        id: their id.
        service: the service.
        name: the prefix of the alarms' names.
        topic: is told of each alarm and of its end; default: nobody is, but whoever listens to the alarms, as
            `DeploymentNotifications` do.
        cpu_percent: CPU use, average, in percent.
        memory_percent: memory use, average, in percent.
        response_time: the targets' response time, average; default: 100 ms.
        error_percent: answers of 5xx among all requests, in percent.

    Attributes:
        alarms: each alarm by its name's end, e.g. `alarms["error-rate"]`.

    Raises:
        InvalidAlarmError: a threshold that cannot be passed; a deployment that watches an alarm which this service
            does not have; a service without a name of its own whose deployments watch its alarms.
        InvalidNameError: the alarms' names would be too long.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: RunsTasks,
        name: str,
        topic: AnyTopic | None = None,
        cpu_percent: float = 70,
        memory_percent: float = 80,
        response_time: cdk.Duration | None = None,
        error_percent: float = 1,
    ) -> None:
        for what, percent in (("cpu", cpu_percent), ("memory", memory_percent), ("error", error_percent)):
            _refuse_percent(name, what, percent)
        refuse_name("alarm", f"{name}-{_LONGEST_END}")
        super().__init__(scope, id)
        self.alarms: dict[str, cloudwatch.Alarm] = {}
        self._service, self._name, self._topic = service, name, topic
        self._watched = _watched_by_deployments(service)
        tasks = TaskMetrics(service)
        self.add("Cpu", tasks.cpu(), cpu_percent)
        self.add("Memory", tasks.memory(), memory_percent)
        self.add("RunningTasks", tasks.missing(), 0)
        self._add_http(response_time or cdk.Duration.millis(100), error_percent)
        self._add_hosts()
        self._refuse_unknown()

    @staticmethod
    def names_for(name: str, *kinds: AlarmKind) -> list[str]:
        """The names of alarms, before there are any: for `Deployment.rolling(alarms=...)`.

        Args:
            name: the `name` that `ServiceAlarms` will have.
            kinds: which; default: what tells a bad version from a good one behind an Application Load Balancer:
                error rate, response time, unhealthy hosts. A service without one has CPU and memory.

        Raises:
            InvalidAlarmError: an alarm that is on while a service is made, and would end its first deployment.
        """
        unfit = [kind for kind in kinds if kind in _NEVER_IN_DEPLOYMENTS]
        if unfit:
            raise InvalidAlarmError(
                f"alarm `{name}-{unfit[0].value}` is on while no task runs: it would end the first deployment"
            )
        chosen = kinds or (AlarmKind.ERROR_RATE, AlarmKind.RESPONSE_TIME, AlarmKind.UNHEALTHY_HOSTS)
        return [f"{name}-{kind.value}" for kind in chosen]

    def add(
        self,
        id: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        *,
        periods: int = PERIODS,
        comparison: cloudwatch.ComparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        missing_data: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> cloudwatch.Alarm:
        """One more alarm: `metric` over `threshold` in so many periods in a row; by default no data is no alarm."""
        end = kebab(id)
        name = f"{self._name}-{end}"
        alarm = add_alarm(
            self,
            id,
            name=name,
            metric=metric,
            threshold=threshold,
            topic=self._topic,
            periods=periods,
            comparison=comparison,
            missing_data=missing_data,
        )
        self.alarms[end] = alarm
        if self._watches(name):
            self._make_before_service(alarm)
        return alarm

    def _add_http(self, response_time: cdk.Duration, error_percent: float) -> None:
        if http_targets(self._service) is not None:
            self.add("ResponseTime", average_response_time(self._service), response_time.to_seconds(integral=False))
            self.add("ErrorRate", error_rate(self._service), error_percent)

    def _add_hosts(self) -> None:
        hosts = HostMetrics.of(self._service)
        if hosts is None:
            return
        self.add("UnhealthyHosts", hosts.unhealthy(), 0)
        # Where no task is registered there is no metric of its CPU, its answers or its health: silence is the alarm.
        self.add(
            "NoHealthyHost",
            hosts.healthy(),
            1,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing_data=cloudwatch.TreatMissingData.BREACHING,
        )

    def _make_before_service(self, alarm: cloudwatch.Alarm) -> None:
        if literal_name(self._service) is None:
            raise InvalidAlarmError(
                f"alarms `{self._name}-...` are watched by a service without a name: give it one, since its alarms "
                "must exist before CloudFormation could make one up"
            )
        resource = resource_of(self._service)
        if cdk.Stack.of(resource) is not cdk.Stack.of(self):
            raise InvalidAlarmError(
                f"alarms `{self._name}-...` are watched by a service of stack `{cdk.Stack.of(resource).stack_name}`: "
                "make them there, before the service"
            )
        resource.add_resource_dependency(cast("cloudwatch.CfnAlarm", alarm.node.default_child))

    def _watches(self, name: str) -> bool:
        return (cdk.Stack.of(self).resolve(name) if is_token(name) else name) in self._watched

    def _refuse_unknown(self) -> None:
        for kind in AlarmKind:
            name = f"{self._name}-{kind.value}"
            if kind.value not in self.alarms and self._watches(name):
                raise InvalidAlarmError(
                    f"deployments watch alarm `{name}`, which this service cannot have: it has "
                    f"{', '.join(self.alarms)}; choose by ServiceAlarms.names_for(name, AlarmKind...)"
                )


def _watched_by_deployments(service: RunsTasks) -> list[object]:
    """The names of the alarms that the service's deployments watch, as CloudFormation will see them."""
    resource = resource_of(service)
    # Not `deployment_configuration`: the L2 fills it in lazily, and jsii refuses to hand out what is still empty.
    configuration = cdk.Stack.of(resource).resolve(resource._cfn_properties).get("deploymentConfiguration") or {}
    names: list[object] = (configuration.get("alarms") or {}).get("alarmNames") or []
    return names


def _refuse_percent(name: str, what: str, percent: float) -> None:
    if not is_token(percent) and not 0 <= percent < _HUNDRED:
        raise InvalidAlarmError(f"alarms `{name}-...`: {what}_percent = {percent!r} is not in 0..{_HUNDRED - 1}")
