"""Elastic Load Balancing: load balancers, listeners, rules, target groups and the health of their targets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from roadworthy.testing.aws.balancing import Balancing
from roadworthy.testing.aws.pages import page
from roadworthy.testing.aws.targets import Target, targets_in
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.wire.backend import AwsError

PAGE = 400
Record = dict[str, Any]
Asked = Mapping[str, Any]


class Elbv2(Balancing):
    """Answers of what services use, and of what was added."""

    def __init__(self, plane: Plane) -> None:
        """Play it."""
        super().__init__(plane)
        plane.backend.register_all(
            "elbv2",
            {
                "DescribeLoadBalancers": self._describe_load_balancers,
                "DescribeListeners": self._describe_listeners,
                "DescribeRules": self._describe_rules,
                "DescribeTargetGroups": self._describe_target_groups,
                "DescribeTargetHealth": self._describe_target_health,
            },
        )

    def _describe_load_balancers(self, asked: Asked) -> Record:
        found = _named(self.balancers(), asked.get("LoadBalancerArns"), "LoadBalancerNotFound", "load balancers")
        names = asked.get("Names")
        kept = [record for record in found if not names or record["LoadBalancerName"] in names]
        _refuse_fewer(kept, names, "LoadBalancerNotFound", "load balancers")
        return _paged("LoadBalancers", kept, asked)

    def _describe_listeners(self, asked: Asked) -> Record:
        found = _named(self.listeners(), asked.get("ListenerArns"), "ListenerNotFound", "listeners")
        balancer = asked.get("LoadBalancerArn")
        _named(self.balancers(), [balancer] if balancer else None, "LoadBalancerNotFound", "load balancers")
        kept = [record for record in found if balancer in (None, record["LoadBalancerArn"])]
        shown = [{**record, "DefaultActions": _actions(record["DefaultActions"])} for record in kept]
        return _paged("Listeners", shown, asked)

    def _describe_rules(self, asked: Asked) -> Record:
        found = _named(self.rules(), asked.get("RuleArns"), "RuleNotFound", "rules")
        if listener := asked.get("ListenerArn"):
            _named(self.listeners(), [listener], "ListenerNotFound", "listeners")
            start = listener.replace(":listener/", ":listener-rule/") + "/"
            found = [record for record in found if record["RuleArn"].startswith(start)]
        return _paged("Rules", [{**record, "Actions": _actions(record["Actions"])} for record in found], asked)

    def _describe_target_groups(self, asked: Asked) -> Record:
        found = _named(self.target_groups(), asked.get("TargetGroupArns"), "TargetGroupNotFound", "target groups")
        names = asked.get("Names")
        kept = [record for record in found if not names or record["TargetGroupName"] in names]
        _refuse_fewer(kept, names, "TargetGroupNotFound", "target groups")
        used = [{**record, "LoadBalancerArns": self.balancers_of(record["TargetGroupArn"])} for record in kept]
        balancer = asked.get("LoadBalancerArn")
        return _paged("TargetGroups", [one for one in used if balancer in (None, *one["LoadBalancerArns"])], asked)

    def _describe_target_health(self, asked: Asked) -> Record:
        group = asked["TargetGroupArn"]
        if group not in self.target_groups():
            raise AwsError("TargetGroupNotFound", f"Target groups '{group}' not found")
        targets = [_health(target) for target in targets_in(self.plane, group)]
        if "Targets" in asked:
            targets = [_one(targets, wanted) for wanted in asked["Targets"]]
        return {"TargetHealthDescriptions": targets}


def _actions(weights: Mapping[str, int]) -> list[Record]:
    """The actions that forward to target groups; a fixed 404 when there are none."""
    if not weights:
        return [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    only = next(iter(weights)) if len(weights) == 1 else None
    return [{"Type": "forward", "TargetGroupArn": only, "ForwardConfig": {"TargetGroups": groups}}]


def _health(target: Target) -> Record:
    return {
        "Target": {"Id": target.address, "Port": target.port, "AvailabilityZone": target.zone},
        "HealthCheckPort": str(target.port),
        "TargetHealth": {"State": target.state, "Reason": target.reason, "Description": target.description},
    }


def _one(targets: Iterable[Record], wanted: Asked) -> Record:
    """The health of one target, registered or not."""
    text = "Target is not registered to the target group"
    health = {"State": "unused", "Reason": "Target.NotRegistered", "Description": text}
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
