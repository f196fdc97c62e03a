"""The live network of a service as a template, so that the same rules read it: AWS's ids are the logical ids.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from roadworthy.operations.diagnose.live import Live, Raw
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.sources import Sources

ELB = "AWS::ElasticLoadBalancingV2"
GROUP = "AWS::EC2::SecurityGroup"
# What a rule of a security group has, as the template writes it: incoming and outgoing.
INGRESS = ("SourceSecurityGroupId", "SourcePrefixListId")
EGRESS = ("DestinationSecurityGroupId", "DestinationPrefixListId")


def network_of(live: Live) -> Sources:
    """Service, target groups, load balancers, security groups and subnets as AWS has them now.

    Raises:
        OperationError: AWS cannot be asked.
    """
    balancers = _balancers(live)
    network = ((live.service.raw.get("networkConfiguration") or {}).get("awsvpcConfiguration")) or {}
    ids = [*network.get("securityGroups", []), *(id for each in balancers for id in each.get("SecurityGroups", []))]
    places = [*network.get("subnets", []), *(id for each in balancers for id in _subnet_ids(each))]
    groups, subnets = live.aws.each(
        lambda ask: ask(), (partial(_security_groups, live, ids), partial(_subnets, live, places))
    )
    resources = {
        **dict(_of_groups(groups)),
        **{each["SubnetId"]: _subnet(each) for each in subnets},
        **dict(_of_balancers(balancers, live.target_groups)),
        "definition": {"Type": "AWS::ECS::TaskDefinition", "Properties": _upper(live.definition)},
    }
    resources["service"] = _service(live.service.raw, network, resources)
    return _sources(live.target.label, resources)


def _sources(name: str, resources: Mapping[str, Any]) -> Sources:
    tree = {"Resources": resources}
    text = json.dumps(tree, default=str)
    document = Document(file=f"{name}/network", text=text, syntax="json", kind=TEMPLATE, tree=json.loads(text))
    return Sources([document], [])


def _balancers(live: Live) -> list[Raw]:
    arns = list(dict.fromkeys(arn for group in live.target_groups for arn in group.get("LoadBalancerArns", [])))
    if not arns:
        return []
    return list(live.aws.call("elbv2", "describe_load_balancers", LoadBalancerArns=arns).get("LoadBalancers", []))


def _security_groups(live: Live, ids: Iterable[str]) -> list[Raw]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    return list(live.aws.call("ec2", "describe_security_groups", GroupIds=wanted).get("SecurityGroups", []))


def _subnets(live: Live, ids: Iterable[str]) -> list[Raw]:
    wanted = list(dict.fromkeys(ids))
    return list(live.aws.call("ec2", "describe_subnets", SubnetIds=wanted).get("Subnets", [])) if wanted else []


def _subnet_ids(balancer: Raw) -> list[str]:
    return [zone["SubnetId"] for zone in balancer.get("AvailabilityZones") or [] if zone.get("SubnetId")]


def _of_groups(groups: Iterable[Raw]) -> Iterator[tuple[str, Raw]]:
    """The security groups; those that their rules name are there too, without rules, so that they are known."""
    for group in groups:
        owner = group.get("OwnerId")
        for permission in [*group.get("IpPermissions", []), *group.get("IpPermissionsEgress", [])]:
            for pair in permission.get("UserIdGroupPairs", []):
                if pair.get("UserId") == owner and pair.get("GroupId"):
                    yield pair["GroupId"], {"Type": GROUP, "Properties": {"GroupDescription": "another"}}
    for group in groups:
        yield group["GroupId"], _security_group(group)


def _security_group(group: Raw) -> Raw:
    owner = str(group.get("OwnerId"))
    ingress = [rule for each in group.get("IpPermissions", []) for rule in _rules(each, owner, *INGRESS)]
    egress = [rule for each in group.get("IpPermissionsEgress", []) for rule in _rules(each, owner, *EGRESS)]
    properties = {"GroupDescription": group.get("GroupName", ""), "SecurityGroupIngress": ingress}
    # A template's group without a rule lets everything out, a live one nothing.
    return {"Type": GROUP, "Properties": {**properties, "SecurityGroupEgress": egress or [_NOTHING]}}


_NOTHING = {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"}


def _rules(permission: Raw, owner: str, group: str, prefix_list: str) -> Iterator[Raw]:
    """A permission of the API has many peers, a rule of a template has one."""
    ports = {name: permission[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in permission}
    for pair in permission.get("UserIdGroupPairs", []):
        id = pair.get("GroupId", "")
        yield {**ports, group: {"Ref": id} if id and pair.get("UserId") == owner else id}
    for each in permission.get("IpRanges", []):
        yield {**ports, "CidrIp": each["CidrIp"]}
    for each in permission.get("Ipv6Ranges", []):
        yield {**ports, "CidrIpv6": each["CidrIpv6"]}
    for each in permission.get("PrefixListIds", []):
        yield {**ports, prefix_list: each["PrefixListId"]}


def _subnet(subnet: Raw) -> Raw:
    names = ("CidrBlock", "AvailabilityZone")
    return {"Type": "AWS::EC2::Subnet", "Properties": {name: subnet[name] for name in names if name in subnet}}


def _of_balancers(balancers: Iterable[Raw], groups: Iterable[Raw]) -> Iterator[tuple[str, Raw]]:
    names = {each["LoadBalancerArn"]: each["LoadBalancerName"] for each in balancers}
    for each in balancers:
        properties: dict[str, Any] = {"Type": each.get("Type", "application")}
        if each.get("SecurityGroups"):
            properties["SecurityGroups"] = [{"Ref": id} for id in each["SecurityGroups"]]
        if _subnet_ids(each):
            properties["Subnets"] = [{"Ref": id} for id in _subnet_ids(each)]
        yield each["LoadBalancerName"], {"Type": f"{ELB}::LoadBalancer", "Properties": properties}
    for group in groups:
        arn = group["TargetGroupArn"]
        kept = ("Protocol", "Port", "TargetType", "HealthCheckPort", "HealthCheckProtocol")
        yield arn, {"Type": f"{ELB}::TargetGroup", "Properties": {name: group[name] for name in kept if name in group}}
        for balancer in group.get("LoadBalancerArns", []):
            if balancer in names:
                action = {"Type": "forward", "TargetGroupArn": {"Ref": arn}}
                properties = {"LoadBalancerArn": {"Ref": names[balancer]}, "DefaultActions": [action]}
                yield f"{names[balancer]} -> {arn}", {"Type": f"{ELB}::Listener", "Properties": properties}


def _service(service: Raw, network: Raw, resources: Mapping[str, Any]) -> Raw:
    balanced = [
        {**_upper(each), "TargetGroupArn": {"Ref": each["targetGroupArn"]}}
        for each in service.get("loadBalancers") or []
        if each.get("targetGroupArn") in resources
    ]
    configuration = {
        "Subnets": [{"Ref": id} for id in network.get("subnets", [])],
        "SecurityGroups": [{"Ref": id} for id in network.get("securityGroups", [])],
    }
    properties = {
        "ServiceName": service.get("serviceName"),
        "TaskDefinition": {"Ref": "definition"},
        "LoadBalancers": balanced,
        "NetworkConfiguration": {"AwsvpcConfiguration": configuration},
    }
    return {"Type": "AWS::ECS::Service", "Properties": properties}


def _upper(raw: Any) -> Any:
    """The API's camelCase as a template's PascalCase; the keys of free maps too, which no rule of the network reads."""
    if isinstance(raw, Mapping):
        return {key[:1].upper() + key[1:]: _upper(value) for key, value in raw.items()}
    return [_upper(each) for each in raw] if isinstance(raw, list) else raw
