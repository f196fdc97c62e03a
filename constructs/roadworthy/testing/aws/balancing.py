"""The load balancers, listeners, rules and target groups that there are: those that were added, and services' own."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from roadworthy.testing.aws.targets import target_groups
from roadworthy.testing.aws.traffic import PRODUCTION_PORT, rules_of
from roadworthy.testing.plane.plane import Plane

EVERY_PATH = "/*"
DEFAULT = "default"  # the priority of the rule that a listener has without being given one
Record = dict[str, Any]


class Balancing:
    """Records by ARN, as Elastic Load Balancing describes them.

    What services use need not be added; what was added with the same target groups is answered instead.
    """

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self._balancers: dict[str, Record] = {}
        self._listeners: dict[str, Record] = {}
        self._rules: dict[str, Record] = {}
        self._groups: dict[str, Record] = {}

    # What is added ------------------------------------------------------------------------------------------------

    def add_load_balancer(
        self, name: str, *, vpc: str = "vpc-0a1b2c3d", security_groups: Iterable[str] = (), internal: bool = True
    ) -> str:
        """Let an application load balancer exist; returns its ARN."""
        arn = self._arn(f"loadbalancer/app/{name}/{_digest(name)}")
        scheme = "internal" if internal else "internet-facing"
        mine = {"VpcId": vpc, "Scheme": scheme, "SecurityGroups": list(security_groups)}
        self._balancers[arn] = {**self._balancer(arn), **mine}
        return arn

    def add_target_group(
        self, name: str, *, port: int = 80, path: str = "/", matcher: str = "200", vpc: str = "vpc-0a1b2c3d"
    ) -> str:
        """Let a target group for HTTP exist; returns its ARN."""
        arn = self._arn(f"targetgroup/{name}/{_digest(name)}")
        self.describe_target_group(arn, Port=port, HealthCheckPath=path, Matcher={"HttpCode": matcher}, VpcId=vpc)
        return arn

    def describe_target_group(self, arn: str, **members: Any) -> None:
        """Say more of a target group, a service's too: `describe_target_group(arn, HealthCheckPath="/health")`."""
        known = self._groups.get(arn) or _target_group(arn, target_groups(self.plane).get(arn, 80))
        self._groups[arn] = {**known, **members}

    def add_listener(self, load_balancer: str, port: int, forward_to: Mapping[str, int], protocol: str = "HTTP") -> str:
        """Let a load balancer listen; `forward_to` holds ARNs of target groups with their weights. Returns its ARN."""
        path = load_balancer.partition(":loadbalancer/")[2]
        arn = self._arn(f"listener/{path}/{_digest(f'{path} {port}')}")
        self._listeners[arn] = {**_listener(arn, load_balancer, port), "Protocol": protocol}
        self._listeners[arn]["DefaultActions"] = dict(forward_to)
        self._add_rule(arn, DEFAULT, [], forward_to)
        return arn

    def add_rule(self, listener: str, priority: int, forward_to: Mapping[str, int], path: str = EVERY_PATH) -> str:
        """Let a listener forward a path; returns the rule's ARN."""
        return self._add_rule(listener, str(priority), [_path(path)], forward_to)

    def _add_rule(self, listener: str, priority: str, conditions: list[Record], forward_to: Mapping[str, int]) -> str:
        path = listener.partition(":listener/")[2]
        arn = self._arn(f"listener-rule/{path}/{_digest(f'{path} {priority}')}")
        self._rules[arn] = _rule(arn, priority, conditions, forward_to)
        return arn

    # What there is ------------------------------------------------------------------------------------------------

    def target_groups(self) -> dict[str, Record]:
        """All target groups."""
        used = {arn: _target_group(arn, port) for arn, port in target_groups(self.plane).items()}
        return {**used, **self._groups}

    def rules(self) -> dict[str, Record]:
        """All rules; their actions are ARNs of target groups with weights, which deployments move."""
        used = {rule.arn: _rule(rule.arn, "1", [_path(EVERY_PATH)], rule.weights) for rule in self._used()}
        moved = {rule.arn: dict(rule.weights) for rule in rules_of(self.plane)}
        added = {arn: {**rule, "Actions": moved.get(arn, rule["Actions"])} for arn, rule in self._rules.items()}
        return {**used, **added}

    def listeners(self) -> dict[str, Record]:
        """All listeners; their default actions are as those of rules."""
        used = {}
        for rule in self._used():
            arn = rule.arn.replace(":listener-rule/", ":listener/").rpartition("/")[0]
            used[arn] = _listener(arn, _balancer_of(rule.arn), rule.port)
        return {**used, **self._listeners}

    def balancers(self) -> dict[str, Record]:
        """All load balancers."""
        used = {_balancer_of(rule.arn) for rule in self._used()}
        return {**{arn: self._balancer(arn) for arn in sorted(used)}, **self._balancers}

    def balancers_of(self, group: str) -> list[str]:
        """The load balancers that forward to a target group."""
        return sorted({_balancer_of(arn) for arn, rule in self.rules().items() if group in rule["Actions"]})

    def _used(self) -> list[Any]:
        """The rules of services, unless the test has added a rule for the target group."""
        added = {group for rule in self._rules.values() for group in rule["Actions"]}
        return [rule for rule in rules_of(self.plane) if not added & rule.weights.keys()]

    def _balancer(self, arn: str) -> Record:
        name = arn.rpartition("loadbalancer/")[2].split("/")[1]
        return {
            "LoadBalancerArn": arn,
            "LoadBalancerName": name,
            "DNSName": f"{name}.{self.plane.backend.region}.elb.amazonaws.com",
            "Scheme": "internal",
            "Type": "application",
            "State": {"Code": "active"},
            "VpcId": "vpc-0a1b2c3d",
            "SecurityGroups": [],
        }

    def _arn(self, resource: str) -> str:
        return self.plane.backend.arn("elasticloadbalancing", resource)


def _balancer_of(rule: str) -> str:
    """The load balancer of a rule's or a listener's ARN."""
    return rule.replace(":listener-rule/", ":loadbalancer/").rsplit("/", 2)[0]


def _listener(arn: str, balancer: str, port: int = PRODUCTION_PORT) -> Record:
    return {"ListenerArn": arn, "LoadBalancerArn": balancer, "Port": port, "Protocol": "HTTP", "DefaultActions": {}}


def _rule(arn: str, priority: str, conditions: list[Record], weights: Mapping[str, int]) -> Record:
    rule = {"RuleArn": arn, "Priority": priority, "Conditions": conditions, "IsDefault": priority == DEFAULT}
    return {**rule, "Actions": dict(weights)}


def _path(pattern: str) -> Record:
    return {"Field": "path-pattern", "Values": [pattern], "PathPatternConfig": {"Values": [pattern]}}


def _target_group(arn: str, port: int) -> Record:
    """A target group with the health check that Elastic Load Balancing gives it by default."""
    return {
        "TargetGroupArn": arn,
        "TargetGroupName": arn.rpartition("targetgroup/")[2].partition("/")[0],
        "Protocol": "HTTP",
        "Port": port,
        "TargetType": "ip",
        "HealthCheckEnabled": True,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckPath": "/",
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
        "Matcher": {"HttpCode": "200"},
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
