"""A container behind a load balancer is told the port that it maps.

## Why is this bad?

An application that listens on another port than the one that is registered answers no health check: `(port
80) is unhealthy in (target-group ...) due to (reason Health checks failed)`. Classic is
`ApplicationLoadBalancedFargateService`, whose container port is 80 where none is given.

What the container's environment says (`PORT`, `SERVER_PORT`, `HTTP_PORT`, `ASPNETCORE_HTTP_PORTS`,
`ASPNETCORE_URLS`, `NGINX_PORT`, `UVICORN_PORT`) and what its command says (`--port 3000`, `-b :3000`) is
compared with the ports that it maps. One that agrees is enough to be silent, and so is one that is not known.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 80}],
           Environment: [{Name: PORT, Value: "3000"}]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 80, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 3000}],
           Environment: [{Name: PORT, Value: "3000"}]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
      LoadBalancers: [{ContainerName: api, ContainerPort: 3000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known
from roadworthy.template.model.service import LoadBalancedPort
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, skeleton

VARIABLES = {
    "PORT",
    "SERVER_PORT",
    "HTTP_PORT",
    "ASPNETCORE_HTTP_PORTS",
    "ASPNETCORE_URLS",
    "NGINX_PORT",
    "UVICORN_PORT",
}
# `3000`, `http://+:3000`, `http://0.0.0.0:3000;https://...`
IN_VARIABLE = Pattern(r"(?:^|:|;)([0-9]{1,5})(?![0-9.])")
OPTION = r"(?:^|\s)(?:--(?:http-|server[.-])?port[= ]|-p ?|(?:-b|--bind|--listen)[= ]?[^\s:]*:)"
IN_COMMAND = Pattern(OPTION + r"([0-9]{4,5}|80|443)(?![0-9.])")
OPEN = Pattern(OPTION + rf"[$%{{<{HOLE}]")


@rule(
    "port-env-mismatch",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report containers that are told only ports that they do not map."""
    container = target.container
    told = list(_told(container)) if container.port_mappings else []
    ports = {known.value for known in told}
    if not ports or None in ports or not container.ports_are_known:
        return
    if any(first <= port <= last for first, last in (span.value for span in container.spans) for port in ports if port):
        return
    shown = " and ".join(dict.fromkeys(str(known.value) for known in told))
    yield Finding(
        at=told[0].at,
        message=f"container `{container.label}` is told to listen on port {shown}, "
        f"target group `{target.target_group.label}` is given its port {target.port}",
        fix=f"Map and register port {shown}, or let the application listen on {target.port}",
        assumed=told[0].assumed | target.assumed,
    )


def _told(container: Container) -> Iterator[Known[int | None]]:
    """The ports in the container's environment and command; None for one that is not known."""
    for variable, known in container.variables:
        if variable.name in VARIABLES:
            text = skeleton(known.value)
            numbers = [None] if HOLE in text or "$" in text else list(map(int, IN_VARIABLE.findall(text)))
            yield from (Known(number, known.at, known.when, known.assumed) for number in numbers)
    for command in (*container.commands, *container.entry_points):
        line = " ".join(command.words)
        numbers = [None] if OPEN.search(line) else list(map(int, IN_COMMAND.findall(line)))
        yield from (Known(number, command.node, command.when, command.assumed) for number in numbers)
