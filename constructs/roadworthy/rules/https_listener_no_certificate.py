"""A listener for HTTPS or TLS has a certificate.

## Why is this bad?

Elastic Load Balancing refuses the listener: `A certificate must be specified for HTTPS listeners`.

`Certificates` must be there and not be empty; an AWS::ElasticLoadBalancingV2::ListenerCertificate only adds
to it. What conditions make of it is followed; a list that is not known is left alone. A listener that exists
under a condition only is a warning: its parameters may never be so.

## Example

```yaml fails
Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{Type: forward, TargetGroupArn: !ImportValue Targets}]
```

```yaml passes
Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !ImportValue LoadBalancer
      Port: 443
      Protocol: HTTPS
      Certificates: [{CertificateArn: !ImportValue Certificate}]
      DefaultActions: [{Type: forward, TargetGroupArn: !ImportValue Targets}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.listener import Listener
from roadworthy.template.model.properties import absent

WITH_CERTIFICATE = {"HTTPS", "TLS"}


@rule(
    "https-listener-no-certificate",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html",
)
def check(listener: Listener) -> Iterator[Finding]:
    """Report listeners for HTTPS or TLS without a certificate."""
    for protocol in listener.protocols:
        if protocol.value in WITH_CERTIFICATE and any(possible(protocol.when, when) for when in _without(listener)):
            yield Finding(
                at=protocol.at,
                message=f"listener `{listener.label}` speaks {protocol.value} and has no certificate",
                fix="Name a certificate in the listener's Certificates",
                severity=WARNING if listener.when else ERROR,
                assumed=protocol.assumed,
            )


def _without(listener: Listener) -> Iterator[When]:
    """The conditions under which it certainly has no certificate."""
    yield from absent(listener.node, "Certificates")
    for place in listener.node.get("Certificates"):
        if place.raw == []:
            yield place.when
