"""A certificate that a listener needs can be issued without anyone doing it by hand.

## Why is this bad?

CloudFormation waits until the certificate is issued. With validation by mail somebody has to follow a link;
with validation by DNS somebody has to create the record, unless `DomainValidationOptions` names the hosted
zone. Meanwhile the stack stands still, and the listener and the service are not made.

Certificates of listeners are looked at, as far as they are made in the documents; those of a private
certificate authority need no validation. `roadworthy check --online`
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
from roadworthy.template.model.properties import Known, absent, assumed, references, texts
from roadworthy.template.node import Node

CERTIFICATE = "AWS::CertificateManager::Certificate"


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
                how = _by_hand(certificate, method)
                if how and any(possible(method.when, when) for when in absent(certificate, "CertificateAuthorityArn")):
                    yield Finding(
                        at=method.at,
                        message=f"certificate `{known.value.name}` is validated by {how}: the stack waits for somebody",
                        fix="Validate it by DNS and name the HostedZoneId in DomainValidationOptions",
                        assumed=assumed(known, method),
                    )


def _by_hand(certificate: Node, method: Known[str]) -> str | None:
    """How the certificate is validated, where that takes somebody's hand."""
    if method.value == "EMAIL":
        return "mail"
    options = certificate.all_items("DomainValidationOptions")
    unzoned = absent(certificate, "DomainValidationOptions")
    unzoned += [when for option in options for when in absent(option, "HostedZoneId")]
    by_dns = method.value == "DNS" and any(possible(when, method.when) for when in unzoned)
    return "DNS and names no hosted zone" if by_dns else None
