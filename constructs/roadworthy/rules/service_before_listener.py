"""A service is made after the listener that forwards to its target group.

## Why is this bad?

CloudFormation makes side by side what does not depend on each other. A target group belongs to a load
balancer only once a listener forwards to it, and a service that comes earlier is refused: `The target group
with targetGroupArn ... does not have an associated load balancer.` The service's reference to the target
group does not help: the target group knows nothing of its listener.

The service, or anything that it depends on, must depend on one listener or listener rule that forwards to
the target group; one that only redirects does not count. Where the listener waits for a load balancer, which
takes minutes, and the service for nothing that takes long, the first deployment fails: an error. Else it is a
race: a warning. What other stacks make is left alone.

## Example

```yaml fails
Resources:
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
    Properties:
      TaskDefinition: !ImportValue Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```

```yaml passes
Resources:
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
      TaskDefinition: !ImportValue Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !Ref Targets}]
```
"""

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.forwarding import may_be_forwarded_elsewhere
from roadworthy.template.model.listener import LOAD_BALANCER, Forwarder
from roadworthy.template.model.service import Service

# What CloudFormation makes in seconds, while a load balancer takes minutes.
QUICK = {
    "AWS::DynamoDB::Table",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::ECR::Repository",
    "AWS::ECS::Cluster",
    "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
}


@rule(
    "service-before-listener",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the target groups of the service whose listeners may be made after it."""
    for group in service.registered_groups if service.load_balancers and service.logical_id else ():
        forwarders = [known.value for known in group.value.listeners]
        if not forwarders or any(map(service.is_made_after, forwarders)) or may_be_forwarded_elsewhere(group.value):
            continue
        first = forwarders[0]
        late = _awaited(service, forwarders)
        why = f", which waits for load balancer `{late}`" if late else ""
        yield Finding(
            at=group.at,
            message=f"service `{service.name}` is not made after the listener of its target group "
            f"`{group.value.label}`: `{first.label}`{why}",
            fix=f"Add `{first.logical_id}` to the service's DependsOn",
            severity=ERROR if late else WARNING,
            assumed=group.assumed,
        )


def _awaited(service: Service, forwarders: Sequence[Forwarder]) -> str | None:
    """A load balancer that all the listeners wait for, where the service waits for quick things only; else None."""
    if any(service.document.type_of(name) not in QUICK for name in service.dependencies):
        return None
    balancers = set(service.document.logical_ids(LOAD_BALANCER))
    awaited = [balancers & service.document.dependencies.of(each.logical_id) for each in forwarders]
    return min(awaited[0], default=None) if all(awaited) else None
