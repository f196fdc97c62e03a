"""A target group's matcher names codes of the protocol that it speaks, which the load balancer takes.

## Why is this bad?

Elastic Load Balancing refuses the target group: a matcher has `GrpcCode` exactly where ProtocolVersion is
GRPC, else `HttpCode`.

HTTP codes are 200 to 499 behind an Application Load Balancer and 200 to 599 behind others, gRPC codes 0 to
99; single codes, lists and ranges are read.

## Example

```yaml fails
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip, Matcher: {HttpCode: 200-599}}
```

```yaml passes
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: HTTP, Port: 80, TargetType: ip, Matcher: {HttpCode: 200-399}}
```
"""

import re
from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import Known, assumed, jointly, texts
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.pattern import Pattern

CODES = Pattern(r"\d{1,3}(-\d{1,3})?(,\d{1,3}(-\d{1,3})?)*")
OF_APPLICATION_LOAD_BALANCER = {"HTTP", "HTTPS"}


@rule(
    "health-check-matcher",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html",
)
def check(group: TargetGroup) -> Iterator[Finding]:
    """Report matchers of the other protocol and codes that are out of range."""
    for matcher in group.node.get("Matcher"):
        versions = texts(group.node, "ProtocolVersion", "HTTP1")
        for name in ("HttpCode", "GrpcCode"):
            for codes, version, protocol in jointly(texts(matcher, name), versions, group.protocols):
                wrong = _wrong(name, codes.value, protocol.value, version)
                if wrong:
                    yield Finding(
                        at=codes.at,
                        message=f"target group `{group.label}` has {name} `{codes.value}`, {wrong}",
                        fix="Give the matcher the codes of the target group's protocol",
                        assumed=assumed(codes, version, protocol),
                    )


def _wrong(name: str, codes: str, protocol: str, version: Known[str]) -> str | None:
    """What is wrong with a matcher, or None."""
    if protocol in OF_APPLICATION_LOAD_BALANCER and (name == "GrpcCode") != (version.value == "GRPC"):
        return f"but its protocol version is {version.value}{'' if version.written else ' (the default)'}"
    low, high = (0, 99) if name == "GrpcCode" else (200, 499 if protocol in OF_APPLICATION_LOAD_BALANCER else 599)
    text = codes.replace(" ", "")
    numbers = [int(number) for number in re.split("[,-]", text)] if CODES.fullmatch(text) else []
    allowed = bool(numbers) and all(low <= number <= high for number in numbers)
    return None if allowed else f"allowed are codes from {low} to {high}"
