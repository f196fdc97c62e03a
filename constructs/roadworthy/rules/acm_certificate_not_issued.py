"""A certificate that a listener needs can be issued without anyone doing it by hand.

## Why is this bad?

CloudFormation waits until the certificate is issued. With validation by mail somebody has to follow a link;
with validation by DNS somebody has to create the record, unless `DomainValidationOptions` names the hosted
zone. Meanwhile the stack stands still, and the listener and the service are not made.

Certificates of listeners are looked at, as far as they are made in the documents. `roadworthy check --online`
asks whether existing ones are issued.

## Example

```yaml fails
Resources:
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: api.example.com, ValidationMethod: DNS}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 443
      Protocol: HTTPS
      Certificates: [{CertificateArn: !Ref Certificate}]
      DefaultActions: [{Type: forward, TargetGroupArn: !ImportValue Targets}]
```

```yaml passes
Resources:
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties:
      DomainName: api.example.com
      ValidationMethod: DNS
      DomainValidationOptions: [{DomainName: api.example.com, HostedZoneId: !ImportValue Zone}]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 443
      Protocol: HTTPS
      Certificates: [{CertificateArn: !Ref Certificate}]
      DefaultActions: [{Type: forward, TargetGroupArn: !ImportValue Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.listener import Listener
from roadworthy.template.model.properties import absent, assumed, references, texts

CERTIFICATE = "AWS::CertificateManager::Certificate"
HOW = {"EMAIL": "mail", "DNS": "DNS and names no hosted zone"}


@rule(
    "acm-certificate-not-issued",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html",
)
def check(listener: Listener) -> Iterator[Finding]:
    """Report certificates of the listener that wait for somebody."""
    for entry in listener.certificates:
        for known in references(entry, "CertificateArn", CERTIFICATE):
            certificate = known.value.document.properties(known.value.name)
            for method in texts(certificate, "ValidationMethod", "EMAIL"):
                unzoned = any(possible(when, method.when) for when in absent(certificate, "DomainValidationOptions"))
                how = HOW.get(method.value)
                if how and (method.value == "EMAIL" or unzoned):
                    yield Finding(
                        at=method.at,
                        message=f"certificate `{known.value.name}` is validated by {how}: the stack waits for somebody",
                        fix="Validate it by DNS and name the HostedZoneId in DomainValidationOptions",
                        assumed=assumed(known, method),
                    )
