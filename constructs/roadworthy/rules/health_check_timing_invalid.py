"""A target group's health check times out before the next one, with numbers that Elastic Load Balancing takes.

## Why is this bad?

Elastic Load Balancing refuses the target group: `Health check timeout 'x' must be smaller than the interval
'y'`.

The interval is 5 to 300 seconds (30 where none is written, 35 for a Lambda function), the timeout 2 to 120,
both thresholds 2 to 10. Over TCP a timeout as long as the interval is left alone.

## Example

```yaml fails
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: HTTP
      Port: 80
      TargetType: ip
      HealthCheckIntervalSeconds: 10
      HealthCheckTimeoutSeconds: 10
```

```yaml passes
Resources:
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: HTTP
      Port: 80
      TargetType: ip
      HealthCheckIntervalSeconds: 10
      HealthCheckTimeoutSeconds: 5
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import assumed, jointly, numbers
from roadworthy.template.model.target_group import TargetGroup

RANGES = {
    "HealthCheckIntervalSeconds": (5, 300),
    "HealthCheckTimeoutSeconds": (2, 120),
    "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
}
DEFAULT_INTERVAL = 30
HTTP = {"HTTP", "HTTPS"}


@rule(
    "health-check-timing-invalid",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html",
)
def check(group: TargetGroup) -> Iterator[Finding]:
    """Report numbers out of range, and a timeout that is not shorter than the interval."""
    yield from _out_of_range(group)
    timeouts = numbers(group.node, "HealthCheckTimeoutSeconds")
    if not timeouts or any(known.value == "lambda" for known in group.target_types):
        return
    intervals = numbers(group.node, "HealthCheckIntervalSeconds", DEFAULT_INTERVAL)
    for timeout, interval, protocol in jointly(timeouts, intervals, group.protocols):
        if timeout.value > interval.value or (timeout.value == interval.value and protocol.value in HTTP):
            default = "" if interval.written else " (the default)"
            yield Finding(
                at=timeout.at,
                message=f"target group `{group.label}` has a health check timeout of {timeout.value} s, "
                f"which is not smaller than its interval of {interval.value} s{default}",
                fix="Set HealthCheckTimeoutSeconds below HealthCheckIntervalSeconds",
                assumed=assumed(timeout, interval, protocol),
            )


def _out_of_range(group: TargetGroup) -> Iterator[Finding]:
    for name, (low, high) in RANGES.items():
        for known in numbers(group.node, name):
            if not low <= known.value <= high:
                yield Finding(
                    at=known.at,
                    message=f"target group `{group.label}` has {name} {known.value}, allowed are {low} to {high}",
                    fix=f"Set {name} to {low} to {high}",
                    assumed=known.assumed,
                )
