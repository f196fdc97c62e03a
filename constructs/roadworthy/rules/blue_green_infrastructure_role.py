"""The role with which ECS moves traffic, or makes volumes, trusts `ecs.amazonaws.com` and may do so.

## Why is this bad?

For blue/green deployments ECS changes the listener with the role of `AdvancedConfiguration`, for EBS volumes
it uses that of `ManagedEBSVolume`. It assumes them as `ecs.amazonaws.com`, not as `ecs-tasks.amazonaws.com`, and
they need what `AmazonECSInfrastructureRolePolicyForLoadBalancers` or `...ForVolumes` allows. Otherwise the
service is refused, or the deployment cannot move its traffic.

A role is judged only when all its policies are known; conditions of statements are taken to hold.

## Example

```yaml fails
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: api
      LoadBalancers:
        - ContainerName: api
          ContainerPort: 8000
          TargetGroupArn: !Ref Blue
          AdvancedConfiguration:
            AlternateTargetGroupArn: !Ref Green
            ProductionListenerRule: !Ref Rule
            RoleArn: !GetAtt Role.Arn
```

```yaml passes
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: api
      LoadBalancers:
        - ContainerName: api
          ContainerPort: 8000
          TargetGroupArn: !Ref Blue
          AdvancedConfiguration:
            AlternateTargetGroupArn: !Ref Green
            ProductionListenerRule: !Ref Rule
            RoleArn: !GetAtt Role.Arn
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.iam_policy import lacks, trusted, trusts
from roadworthy.template.model.properties import Known
from roadworthy.template.model.role import Role
from roadworthy.template.model.service import Service

ECS = "ecs.amazonaws.com"
# Of each line one action is enough to go on: listeners of Network Load Balancers have no rules.
LOAD_BALANCERS = (
    ("elasticloadbalancing:DescribeTargetGroups",),
    ("elasticloadbalancing:RegisterTargets",),
    ("elasticloadbalancing:DeregisterTargets",),
    ("elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyListener"),
)
VOLUMES = (("ec2:CreateVolume",), ("ec2:AttachVolume",))
POLICY = "AmazonECSInfrastructureRolePolicyFor"


@rule(
    "blue-green-infrastructure-role",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report infrastructure roles that ECS cannot assume, or that allow too little."""
    for role in _roles(service, "LoadBalancers", "AdvancedConfiguration"):
        yield from _judged(service, role, LOAD_BALANCERS, "LoadBalancers")
    for role in _roles(service, "VolumeConfigurations", "ManagedEBSVolume"):
        yield from _judged(service, role, VOLUMES, "Volumes")


def _roles(service: Service, entries: str, inner: str) -> Iterator[Known[Role]]:
    for entry in service.node.all_items(entries):
        for place in entry.get(inner):
            yield from service.referred(Role, "RoleArn", place)


def _judged(service: Service, role: Known[Role], actions: tuple[tuple[str, ...], ...], kind: str) -> Iterator[Finding]:
    what = f"role `{role.value.label}`, which service `{service.name}` gives ECS for its {_WORDS[kind]},"
    if not trusts(role.value.trust, ECS):
        message = f"{what} lets {trusted(role.value.trust)} assume it, not `{ECS}`"
        yield Finding(role.at, message, f"Let `{ECS}` assume the role", assumed=role.assumed)
    missing = [some[0] for some in actions if all(lacks(role.value, action) for action in some)]
    if missing:
        message = f"{what} has no permission {' and '.join(f'`{action}`' for action in missing)}"
        yield Finding(role.at, message, f"Attach `{POLICY}{kind}` to the role", assumed=role.assumed)


_WORDS = {"LoadBalancers": "load balancer", "Volumes": "volumes"}
