"""Elastic Load Balancing: load balancers, listeners, rules, target groups and the health of their targets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from roadworthy.testing.aws.pages import page
from roadworthy.testing.aws.targets import Target
from roadworthy.testing.wire.backend import AwsError, Backend

PAGE = 400
EVERY_PATH = "/*"
Record = dict[str, Any]
Asked = Mapping[str, Any]


class Members(Protocol):
    """Who is in the target groups: see `targets.Targets`."""

    def groups(self) -> Mapping[str, int]:
        """The target groups that services use, with their ports."""

    def of(self, group: str) -> Sequence[Target]:
        """The targets of a target group."""

    def weight(self, group: str) -> int | None:
        """The weight that a deployment has given to a target group."""


class Elbv2:
    """What was added, and the target groups that services use, which need not be added."""

    def __init__(self, backend: Backend, members: Members) -> None:
        self._backend = backend
        self._members = members
        self._balancers: dict[str, Record] = {}
        self._listeners: dict[str, Record] = {}
        self._rules: dict[str, Record] = {}
        self._groups: dict[str, Record] = {}
        backend.register_all(
            "elbv2",
            {
                "DescribeLoadBalancers": self._describe_load_balancers,
                "DescribeListeners": self._describe_listeners,
                "DescribeRules": self._describe_rules,
                "DescribeTargetGroups": self._describe_target_groups,
                "DescribeTargetHealth": self._describe_target_health,
            },
        )

    def add_load_balancer(
        self, name: str, *, vpc: str = "vpc-0a1b2c3d", security_groups: Iterable[str] = (), internal: bool = True
    ) -> str:
        """Let an application load balancer exist; returns its ARN."""
        arn = self._arn(f"loadbalancer/app/{name}/{_digest(name)}")
        self._balancers[arn] = {
            "LoadBalancerArn": arn,
            "LoadBalancerName": name,
            "DNSName": f"{name}.{self._backend.region}.elb.amazonaws.com",
            "Scheme": "internal" if internal else "internet-facing",
            "Type": "application",
            "State": {"Code": "active"},
            "VpcId": vpc,
            "SecurityGroups": list(security_groups),
        }
        return arn

    def add_target_group(
        self, name: str, *, port: int = 80, path: str = "/", matcher: str = "200", vpc: str = "vpc-0a1b2c3d"
    ) -> str:
        """Let a target group for HTTP exist; returns its ARN."""
        arn = self._arn(f"targetgroup/{name}/{_digest(name)}")
        mine = {"VpcId": vpc, "HealthCheckPath": path, "Matcher": {"HttpCode": matcher}}
        self._groups[arn] = {**_group(arn, port), **mine}
        return arn

    def add_listener(self, load_balancer: str, port: int, forward_to: Mapping[str, int], protocol: str = "HTTP") -> str:
        """Let a load balancer listen; `forward_to` holds ARNs of target groups with their weights. Returns its ARN."""
        path = load_balancer.partition(":loadbalancer/")[2]
        arn = self._arn(f"listener/{path}/{_digest(f'{path} {port}')}")
        self._listeners[arn] = {
            "ListenerArn": arn,
            "LoadBalancerArn": load_balancer,
            "Port": port,
            "Protocol": protocol,
            "DefaultActions": dict(forward_to),
        }
        self._add_rule(arn, "default", [], forward_to)
        return arn

    def add_rule(self, listener: str, priority: int, forward_to: Mapping[str, int], path: str = EVERY_PATH) -> str:
        """Let a listener forward a path; returns the rule's ARN. A deployment's weights win over those given here."""
        condition = {"Field": "path-pattern", "Values": [path], "PathPatternConfig": {"Values": [path]}}
        return self._add_rule(listener, str(priority), [condition], forward_to)

    def _add_rule(self, listener: str, priority: str, conditions: Any, forward_to: Mapping[str, int]) -> str:
        path = listener.partition(":listener/")[2]
        arn = self._arn(f"listener-rule/{path}/{_digest(f'{path} {priority}')}")
        rule = {"RuleArn": arn, "Priority": priority, "Conditions": conditions, "IsDefault": priority == "default"}
        self._rules[arn] = {**rule, "Actions": dict(forward_to)}
        return arn

    def _describe_load_balancers(self, asked: Asked) -> Record:
        found = _named(self._balancers, asked.get("LoadBalancerArns"), "LoadBalancerNotFound", "load balancers")
        names = asked.get("Names")
        kept = [record for record in found if not names or record["LoadBalancerName"] in names]
        _refuse_fewer(kept, names, "LoadBalancerNotFound", "load balancers")
        return _paged("LoadBalancers", kept, asked)

    def _describe_listeners(self, asked: Asked) -> Record:
        found = _named(self._listeners, asked.get("ListenerArns"), "ListenerNotFound", "listeners")
        balancer = asked.get("LoadBalancerArn")
        kept = [record for record in found if balancer in (None, record["LoadBalancerArn"])]
        actions = "DefaultActions"
        return _paged("Listeners", [{**record, actions: [self._forward(record[actions])]} for record in kept], asked)

    def _describe_rules(self, asked: Asked) -> Record:
        found = _named(self._rules, asked.get("RuleArns"), "RuleNotFound", "rules")
        if listener := asked.get("ListenerArn"):
            _named(self._listeners, [listener], "ListenerNotFound", "listeners")
            start = listener.replace(":listener/", ":listener-rule/") + "/"
            found = [record for record in found if record["RuleArn"].startswith(start)]
        return _paged("Rules", [{**record, "Actions": [self._forward(record["Actions"])]} for record in found], asked)

    def _forward(self, weights: Mapping[str, int]) -> Record:
        """An action that forwards; ECS moves the weights of a service's target groups."""
        groups = [{"TargetGroupArn": arn, "Weight": self._weight(arn, weight)} for arn, weight in weights.items()]
        only = next(iter(weights)) if len(weights) == 1 else None
        return {"Type": "forward", "TargetGroupArn": only, "ForwardConfig": {"TargetGroups": groups}}

    def _weight(self, arn: str, declared: int) -> int:
        moved = self._members.weight(arn)
        return declared if moved is None else moved

    def _describe_target_groups(self, asked: Asked) -> Record:
        groups = {**{arn: _group(arn, port) for arn, port in self._members.groups().items()}, **self._groups}
        found = _named(groups, asked.get("TargetGroupArns"), "TargetGroupNotFound", "target groups")
        names = asked.get("Names")
        kept = [record for record in found if not names or record["TargetGroupName"] in names]
        _refuse_fewer(kept, names, "TargetGroupNotFound", "target groups")
        used = [{**record, "LoadBalancerArns": self._balancers_of(record["TargetGroupArn"])} for record in kept]
        balancer = asked.get("LoadBalancerArn")
        return _paged("TargetGroups", [one for one in used if balancer in (None, *one["LoadBalancerArns"])], asked)

    def _balancers_of(self, group: str) -> list[str]:
        """The load balancers that forward to a target group."""
        rules = [record["RuleArn"] for record in self._rules.values() if group in record["Actions"]]
        paths = {arn.partition(":listener-rule/")[2].rsplit("/", 2)[0] for arn in rules}
        return [arn for arn in self._balancers if arn.partition(":loadbalancer/")[2] in paths]

    def _describe_target_health(self, asked: Asked) -> Record:
        group = asked["TargetGroupArn"]
        if group not in self._groups and group not in self._members.groups():
            raise AwsError("TargetGroupNotFound", f"Target groups '{group}' not found")
        targets = [_health(target) for target in self._members.of(group)]
        if "Targets" in asked:
            targets = [_one(targets, wanted) for wanted in asked["Targets"]]
        return {"TargetHealthDescriptions": targets}

    def _arn(self, resource: str) -> str:
        return self._backend.arn("elasticloadbalancing", resource)


def _group(arn: str, port: int) -> Record:
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


def _health(target: Target) -> Record:
    return {
        "Target": {"Id": target.address, "Port": target.port, "AvailabilityZone": target.zone},
        "HealthCheckPort": str(target.port),
        "TargetHealth": {"State": target.state, "Reason": target.reason, "Description": target.description},
    }


def _one(targets: Iterable[Record], wanted: Asked) -> Record:
    """The health of one target, registered or not."""
    health = {"State": "unused", "Reason": "Target.NotRegistered", "Description": "Target is not registered"}
    return next((one for one in targets if _is(one["Target"], wanted)), {"Target": wanted, "TargetHealth": health})


def _is(target: Asked, wanted: Asked) -> bool:
    return target["Id"] == wanted["Id"] and wanted.get("Port") in (None, target["Port"])


def _named(records: Mapping[str, Record], arns: Sequence[str] | None, code: str, what: str) -> list[Record]:
    """The records of the ARNs; without ARNs, all."""
    found = [records[arn] for arn in arns or records if arn in records]
    _refuse_fewer(found, arns, code, what)
    return found


def _refuse_fewer(found: Sequence[Record], wanted: Sequence[str] | None, code: str, what: str) -> None:
    if wanted and len(found) < len(set(wanted)):
        raise AwsError(code, f"One or more {what} not found")


def _paged(member: str, records: Sequence[Record], asked: Asked) -> Record:
    refusal = AwsError("ValidationError", "The marker is not valid")
    some, marker = page(records, asked.get("PageSize", PAGE), asked.get("Marker"), refusal)
    return {member: some, "NextMarker": marker}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
