"""The container's health check and its target group's ask the same path.

## Why is this bad?

Two health checks watch a task behind a load balancer: the container's command and the target group's
requests. When the target group asks a path that the application does not serve, every task passes its own
check, gets a 404 from the load balancer, is killed and replaced, until the deployment times out or rolls
back. Its default path is `/`.

The target group's path is compared with the path that the container's command asks on the very port that
the service registers, on the container itself. curl, wget, Python and Node commands are understood. The
query and a slash at the end make no difference; upper and lower case do. A command that asks several paths
is right if one is the target group's. What is not known (a variable, a script) is not compared, and a target
group whose matcher takes a 404 is left alone.

In templates that CDK wrote it is an error. In others it is a warning, because a deep path for one and a
shallow path for the other can be meant, unless the target group still has the default path.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/health || exit 1"]}
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
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/health || exit 1"]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip, HealthCheckPath: /health}
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
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.health_command import probes
from roadworthy.template.conditions import possible
from roadworthy.template.model.service import LoadBalancedPort
from roadworthy.template.model.target_group import TargetGroup

HTTP = {"HTTP", "HTTPS"}
DEFAULT_PATH = "/"
NOT_FOUND = 404


@rule(
    "health-check-path-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report commands that ask the registered port only for paths that the target group does not ask."""
    group = target.target_group
    wanted = group.one("HealthCheckPath", DEFAULT_PATH)
    path = group.text("HealthCheckPath", DEFAULT_PATH)
    if wanted is None or not path or not path.startswith("/") or not _asks_over_http(group, target.port):
        return
    for command in target.container.health_commands:
        asked = _asked(command.words, target.port)
        if asked and not any(_is_same(own, path) for own in asked) and possible(target.when, wanted.when, command.when):
            default = " (the default)" if "HealthCheckPath" not in group.node.raw else ""
            yield Finding(
                at=command.node,
                message=f"container `{target.container.label}` checks `{' and '.join(asked)}` on port {target.port}, "
                f"its target group `{group.label}` checks `{path}`{default}",
                fix=f"Set the target group's health check path to `{asked[0]}`, or let the container check `{path}`",
                severity=ERROR if command.node.document.synthesized or path == DEFAULT_PATH else WARNING,
                assumed=target.assumed | wanted.assumed | command.assumed,
            )


def _asks_over_http(group: TargetGroup, port: int) -> bool:
    """Whether the target group asks the registered port itself, over HTTP."""
    if _takes_not_found(group):
        return False
    protocol = group.text("HealthCheckProtocol", group.text("Protocol", None))
    own_port = group.text("HealthCheckPort", "traffic-port")
    grpc = group.text("ProtocolVersion", "HTTP1") == "GRPC"
    return protocol in HTTP and own_port in {"traffic-port", str(port)} and not grpc


def _takes_not_found(group: TargetGroup) -> bool:
    """Whether a 404 counts as healthy, or may: then a path that is not served kills no task."""
    matcher = group.node.raw.get("Matcher") if isinstance(group.node.raw, dict) else None
    if matcher is None:
        return False
    codes = matcher.get("HttpCode") if isinstance(matcher, dict) else None
    if not isinstance(codes, str | int):
        return True  # not known
    return any(low <= NOT_FOUND <= high for low, high in _ranges(str(codes)))


def _ranges(codes: str) -> Iterator[tuple[int, int]]:
    for part in codes.split(","):
        low, _, high = part.strip().partition("-")
        if low.isdecimal() and (high or low).isdecimal():
            yield int(low), int(high or low)


def _asked(words: tuple[str, ...], port: int) -> list[str]:
    """The paths that the command asks the container's port; none if one of them is not known."""
    local = [probe for probe in probes(words) if probe.is_local or probe.host is None]
    paths = [probe.path for probe in local if probe.port == port]
    if any(probe.port is None or probe.host is None for probe in local):
        return []
    return [] if None in paths else [path for path in dict.fromkeys(paths) if path is not None]


def _is_same(one: str, other: str) -> bool:
    return one.partition("?")[0].rstrip("/") == other.partition("?")[0].rstrip("/")
