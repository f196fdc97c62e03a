"""The tasks' security group lets them out, over HTTPS, to what they need to start.

## Why is this bad?

Images, secrets and log streams are fetched by HTTPS through the task's own network interface. A security group with
outbound rules lets out only what they name (CDK: `allow_all_outbound=False`), and the task waits for a timeout:
`ResourceInitializationError: unable to pull secrets or registry auth: ... There is a connection issue between the task
and Amazon ECR`.

All outbound rules of all the tasks' groups are read. They must lead to the VPC endpoint where there is one for the
service, else to its public addresses; S3's gateway endpoint is reached at public addresses, too. Where a group, a rule
or a prefix list is not known, nothing is said.

## Example

```yaml fails
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: tasks
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !ImportValue ExecutionRole
      ContainerDefinitions: [{Name: api, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet], SecurityGroups: [!Ref Group]}}
```

```yaml passes
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: tasks
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !ImportValue ExecutionRole
      ContainerDefinitions: [{Name: api, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet], SecurityGroups: [!Ref Group]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.connection import groups_of
from roadworthy.rules.facts.task_needs import EXEC, Need, needs
from roadworthy.rules.facts.way_out import destination, listed
from roadworthy.template.conditions import possible
from roadworthy.template.model.network.security_group import HTTPS, sends
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.service import Service


@rule(
    "task-egress-blocks-443",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report security groups that keep in tasks which must reach something to start."""
    for network in service.task_networks:
        lacking = _out_of_reach(network)
        if lacking:
            yield Finding(
                at=network.security_groups.resources[0].node,
                message=f"security group {groups_of(network.party)} does not let tasks of service `{service.name}` out "
                f"on port {HTTPS} to {listed(need.of for need in lacking)}",
                fix=f"Allow TCP {HTTPS} out of it, to 0.0.0.0/0 or to the VPC endpoints and S3's prefix list",
                severity=ERROR if any(need.service != EXEC for need in lacking) else WARNING,
                assumed=frozenset().union(*(need.assumed for need in lacking)),
            )


def _out_of_reach(network: TaskNetwork) -> list[Need]:
    groups = network.security_groups
    if not groups.known or not groups.whole or any(known.value.sends_https_everywhere for known in groups.known):
        return []
    needed = [need for need in needs(network.service) if possible(need.when, network.node.when)]
    return [need for need in needed if sends(network.party, destination(need.service, network), HTTPS) is False]
