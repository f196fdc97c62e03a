"""A target group and its health check speak a protocol that the container's port is for.

## Why is this bad?

A load balancer that speaks HTTPS to a port where the application speaks plain HTTP, or the reverse, gets no
valid answer: clients see 502, health checks fail with `Health checks failed`, and every task is replaced.

By the number of the port it is likely, not certain: HTTPS to 80, 3000, 5000, 8000 or 8080, and HTTP to 443 or
8443. The protocol of the health check is compared where it asks the same port.

Health checks over TLS, UDP or TCP_UDP, and over TCP in a target group for HTTP or HTTPS, are refused by Elastic
Load Balancing: an error.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTPS, Port: 443, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import Known, assumed, jointly, texts
from roadworthy.template.model.target_group import TargetGroup

SUSPECT = {"HTTPS": {80, 3000, 5000, 8000, 8080}, "HTTP": {443, 8443}}
NO_HEALTH_CHECK = {"TLS", "UDP", "TCP_UDP", "GENEVE"}


@rule(
    "target-group-protocol-suspect",
    severity=WARNING,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html",
)
def check(group: TargetGroup) -> Iterator[Finding]:
    """Report protocols that cannot be right, or are hardly right for the registered port."""
    checked = texts(group.node, "HealthCheckProtocol")
    for protocol, own in jointly(checked, group.protocols):
        if protocol.value in NO_HEALTH_CHECK or (protocol.value == "TCP" and own.value in SUSPECT):
            yield Finding(
                at=protocol.at,
                message=f"target group `{group.label}` for {own.value} has health checks over {protocol.value}",
                fix="Set HealthCheckProtocol to HTTP or HTTPS",
                severity=ERROR,
                assumed=assumed(protocol, own),
            )
    for target in group.ports:
        for protocol in group.protocols + _of_same_port(group, checked):
            if target.port in SUSPECT.get(protocol.value, ()) and possible(target.when, protocol.when):
                yield Finding(
                    at=protocol.at,
                    message=f"target group `{group.label}` speaks {protocol.value} to port {target.port} "
                    f"of container `{target.container.label}`",
                    fix="Set the protocol that the application speaks on this port",
                    assumed=target.assumed | protocol.assumed,
                )


def _of_same_port(group: TargetGroup, checked: list[Known[str]]) -> list[Known[str]]:
    """The health check's protocol, where it asks the port that serves."""
    ports = {known.value for known in texts(group.node, "HealthCheckPort", "traffic-port")} if checked else set()
    return checked if ports == {"traffic-port"} else []
