"""A target group checks the health of its targets on a port that they listen on.

## Why is this bad?

When nothing answers on the target group's `HealthCheckPort`, no task ever becomes healthy: `(port 8080) is
unhealthy in (target-group ...) due to (reason Health checks failed)`.

A `HealthCheckPort` that is a number is compared with the ports that the task's containers map. It is a
warning, because a port need not be mapped to be listened on. Nothing is said where a mapping is not known,
or where the container's environment or command names the port.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip, HealthCheckPort: "8080"}
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip}
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.ports import is_unmapped, may_listen
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import numbers
from roadworthy.template.model.service import LoadBalancedPort


@rule(
    "health-check-port-mismatch",
    severity=WARNING,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report numbers in `HealthCheckPort` that no container of the task maps or mentions."""
    for known in numbers(target.target_group.node, "HealthCheckPort"):
        definition, port = target.container.definition, known.value
        if (
            port != target.port
            and possible(known.when, target.when)
            and definition.in_awsvpc
            and is_unmapped(definition, port)
            and not any(may_listen(container, port) for container in definition.containers)
        ):
            yield Finding(
                at=known.at,
                message=f"target group `{target.target_group.label}` checks port {port}, which no container of the "
                f"task maps; container `{target.container.label}` is registered with port {target.port}",
                fix="Leave `HealthCheckPort` out, so that the registered port is checked",
                assumed=known.assumed | target.assumed,
            )
