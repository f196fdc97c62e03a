"""Security group rules as resources of their own.

Lack: AWS::EC2::SecurityGroupIngress and ...Egress are unknown.
Effect: CDK writes one for every `connections.allow_to` between two groups; CloudFormation refuses the template.
Shim: both types add to and remove from the group's rules, as AuthorizeSecurityGroupIngress/Egress do; the first
    explicit egress rule takes the place of the default allow-all rule.
Faithful: as records, fully; no packet is filtered by a rule (as nothing here is a network).
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ec2, handlers, provisioners, responses

_ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]


def install(_: Settings) -> None:
    """Register both resource types."""
    handlers["AWS::EC2::SecurityGroupIngress"] = _handler("IpPermissions")
    handlers["AWS::EC2::SecurityGroupEgress"] = _handler("IpPermissionsEgress")


def _handler(direction: str) -> dict[str, Any]:
    def create(_logical_id: str | None, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
        group = ec2._security_groups.get(properties["GroupId"])
        if group is None:
            raise ValueError(f"The security group '{properties['GroupId']}' does not exist")
        rules = [rule for rule in group.get(direction, []) if direction == "IpPermissions" or not _allows_all(rule)]
        group[direction] = rules + provisioners._ec2_sg_permissions([properties])
        rule_id = "sgr-" + responses.new_uuid().replace("-", "")[:17]
        return rule_id, {"Id": rule_id}

    def delete(_rule_id: str, properties: dict[str, Any]) -> None:
        group = ec2._security_groups.get(properties.get("GroupId"))
        if group:
            rules = group.setdefault(direction, [])
            provisioners._ec2_sg_reconcile(rules, provisioners._ec2_sg_permissions([properties]), [])

    def update(rule_id: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        delete(rule_id, old)
        return create(None, new, stack)

    return {"create": create, "update": update, "delete": delete}


def _allows_all(rule: dict[str, Any]) -> bool:
    return rule.get("IpProtocol") == "-1" and rule.get("IpRanges") == _ANYWHERE and not rule.get("UserIdGroupPairs")
