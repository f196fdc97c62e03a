"""The container's health check and its target group's ask the same path.

## Why is this bad?

Two health checks watch a task behind a load balancer: the container's command and the target group's
requests. When the target group asks a path that the application does not serve, every task passes its own
check, gets a 404 from the load balancer, is killed and replaced, until the deployment times out or rolls
back. Its default path is `/`.

The target group's path is compared with the path that the container's command asks on the very port that
the target group asks (the registered one, or its `HealthCheckPort`), on the container itself; so is that of
the alternate target group of a blue/green deployment. curl, wget, Python and Node commands are understood. The
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

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.health_command import probes
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.command import Command
from roadworthy.template.model.properties import Known, assumed, number, texts
from roadworthy.template.model.service import LoadBalancedPort
from roadworthy.template.model.target_group import TargetGroup

HTTP = {"HTTP", "HTTPS"}
DEFAULT_PATH = "/"
NOT_FOUND = 404
TRAFFIC_PORT = "traffic-port"


@rule(
    "health-check-path-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
)
def check(target: LoadBalancedPort) -> Iterator[Finding]:
    """Report commands that ask the registered port only for paths that the target group does not ask."""
    for group, when in _groups(target) if target.container.health_commands else ():
        wanted, port = _path(group), _port(group, target.port)
        if wanted is None or port is None or not _asks_over_http(group):
            continue
        for command in target.container.health_commands:
            asked = _asked(command.words, port)
            agrees = not asked or any(_is_same(own, wanted.value) for own in asked)
            if not agrees and possible(target.when, when, wanted.when, command.when):
                yield _finding(target, group, wanted, command, asked)


def _finding(
    target: LoadBalancedPort, group: TargetGroup, wanted: Known[str], command: Command, asked: Sequence[str]
) -> Finding:
    default = "" if wanted.written else " (the default)"
    return Finding(
        at=command.node,
        message=f"container `{target.container.label}` checks `{' and '.join(asked)}` on port "
        f"{_port(group, target.port)}, its target group `{group.label}` checks `{wanted.value}`{default}",
        fix=f"Set the target group's health check path to `{asked[0]}`, or let the container check `{wanted.value}`",
        severity=ERROR if command.node.document.synthesized or wanted.value == DEFAULT_PATH else WARNING,
        assumed=assumed(target, wanted, command),
    )


def _path(group: TargetGroup) -> Known[str] | None:
    """The path that the target group asks; None where it is not known, or depends on conditions."""
    path = _only(texts(group.node, "HealthCheckPath", DEFAULT_PATH), group)
    return path if path and path.value.startswith("/") else None


def _only(choices: Sequence[Known[str]], group: TargetGroup) -> Known[str] | None:
    """The value that a property of the group always has."""
    return choices[0] if len(choices) == 1 and choices[0].when == group.when else None


def _groups(target: LoadBalancedPort) -> Iterator[tuple[TargetGroup, When]]:
    """The target group, and the one that a blue/green deployment puts in its place."""
    yield target.target_group, target.when
    for place in target.entry.get("AdvancedConfiguration"):
        for known in target.service.referred(TargetGroup, "AlternateTargetGroupArn", place):
            yield known.value, known.when


def _asks_over_http(group: TargetGroup) -> bool:
    """Whether the target group asks over HTTP, and takes a 404 for a failure."""
    written = any(True for _ in group.node.get("HealthCheckProtocol"))
    protocol = _only(texts(group.node, "HealthCheckProtocol") if written else group.protocols, group)
    version = _only(texts(group.node, "ProtocolVersion", "HTTP1"), group)
    over_http = protocol is not None and protocol.value in HTTP
    return over_http and version is not None and version.value != "GRPC" and not _takes_not_found(group)


def _port(group: TargetGroup, registered: int) -> int | None:
    """The port that the target group asks: the registered one, unless it names another."""
    own = _only(texts(group.node, "HealthCheckPort", TRAFFIC_PORT), group)
    if own is None or own.value == TRAFFIC_PORT:
        return registered if own else None
    return number(own.value)


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
