"""An image comes from the stack's own region and account.

## Why is this bad?

Pulling from another region is slow and costs money, and is impossible where tasks reach ECR through VPC
endpoints, which are regional. Pulling from another account needs a policy on that account's repository:
`403 Forbidden` otherwise.

Compared are ECR images with the region and the account that CDK recorded for the stack, or with the region of
an Availability Zone that the template names; where there is none, nothing is known.

## Example

```yaml fails
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/api:82f44fb
```

```yaml passes
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:82f44fb
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.ecr_image import ecr_image
from roadworthy.rules.facts.stack_region import region_of
from roadworthy.template.model.container import Container


@rule(
    "image-cross-region-or-account",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report images in ECR that are elsewhere than the stack."""
    document = container.node.document
    for place, image in container.images:
        found = ecr_image(image.value)
        if found is None or not (found.region or found.account):
            continue
        pairs = (("region", region_of(document), found.region), ("account", document.account, found.account))
        for what, own, other in pairs:
            if own and other and own != other:
                yield Finding(
                    at=place,
                    message=f"container `{container.label}` pulls its image from {what} `{other}`; "
                    f"the stack is in `{own}`",
                    fix=f"Replicate the image to the stack's {what}",
                    assumed=image.assumed,
                )
