"""The key of an encrypted log group lets CloudWatch Logs use it.

## Why is this bad?

CloudWatch Logs uses the key as the service `logs.REGION.amazonaws.com`, which no policy of a role can allow,
only the key's own. CloudFormation cannot make the log group: `The specified KMS key does not exist or is not
allowed to be used`. Conditions of statements are taken to hold.

## Example

```yaml fails
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Action: "kms:*"
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {KmsKeyId: !GetAtt Key.Arn}
```

```yaml passes
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Action: "kms:*"
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
          - Effect: Allow
            Action: "kms:*"
            Resource: "*"
            Principal: {Service: !Sub "logs.${AWS::Region}.amazonaws.com"}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {KmsKeyId: !GetAtt Key.Arn}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.iam_policy import may_apply
from roadworthy.template.conditions import possible
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.policy import Statement
from roadworthy.template.values import HOLE, Value, skeleton

ACTION = "kms:decrypt"
SERVICE = "logs."


@rule(
    "log-kms-policy",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
)
def check(group: LogGroup) -> Iterator[Finding]:
    """Report keys whose policy certainly does not name CloudWatch Logs."""
    for key in group.keys:
        if possible(key.when, key.value.when) and not any(_may_let(each) for each in key.value.statements):
            yield Finding(
                at=key.at,
                message=f"log group `{group.label}` is encrypted with key `{key.value.label}`, whose policy does not "
                "let CloudWatch Logs use it",
                fix="Allow `kms:Encrypt*`, `kms:Decrypt*`, `kms:ReEncrypt*`, `kms:GenerateDataKey*` and "
                "`kms:Describe*` to the service `logs.REGION.amazonaws.com` in the key's policy",
                assumed=key.assumed,
            )


def _may_let(statement: Statement) -> bool:
    """Whether a statement may be about CloudWatch Logs."""
    if not statement.allows or not may_apply(statement, ACTION):
        return False
    return statement.principals is None or any(_may_be_logs(*principal) for principal in statement.principals)


def _may_be_logs(kind: str, value: Value) -> bool:
    text = skeleton(value)
    return text == "*" or (kind == "Service" and text.startswith((SERVICE, HOLE)))
