"""The target group, the load balancer, the tasks' subnets and their security groups are in one VPC.

## Why is this bad?

All subnets and security groups of a service must be in one VPC, which is also that of its target groups; else ECS
refuses the service, or its tasks can never be targets. It shows when the service is made, at the end of the stack.

Compared are the VPCs that the service's subnets, its security groups, its target groups and their load balancers'
subnets name: two resources of the documents differ, and so do a resource and an id. A security group without `VpcId`
is in the account's default VPC, which no template makes. Parameters and imports are not compared.

## Example

```yaml fails
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  OldVpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref OldVpc, GroupDescription: tasks}}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group]}}
```

```yaml passes
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: tasks}}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.vpc_membership import Membership, are_apart, members_of
from roadworthy.template.conditions import possible
from roadworthy.template.model.service import Service


@rule(
    "vpc-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report what is in another VPC than the first subnet of the service, or than one of its other parts."""
    members = members_of(service) if service.task_networks else []
    for index, one in enumerate(members):
        other = next((each for each in members[:index] if _differ(each, one)), None)
        if other:
            yield Finding(
                at=one.at,
                message=f"{one.what} is in {one.vpc_label}, {other.what} of the same service in {other.vpc_label}",
                fix="Put both into one VPC",
                assumed=one.assumed | other.assumed,
            )
            return


def _differ(one: Membership, other: Membership) -> bool:
    return are_apart(one.vpc, other.vpc) and possible(one.when, other.when)
