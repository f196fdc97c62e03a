"""A policy that counts requests per target says of which target group, and others do not.

## Why is this bad?

Application Auto Scaling refuses the policy: ALBRequestCountPerTarget needs a ResourceLabel of the form
`app/LOAD-BALANCER/ID/targetgroup/TARGET-GROUP/ID` (the load balancer's LoadBalancerFullName, a slash, the
target group's TargetGroupFullName), and no other predefined metric takes one.

## Example

```yaml fails
Resources:
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyName: requests
      PolicyType: TargetTrackingScaling
      ScalingTargetId: !ImportValue ScalableTarget
      TargetTrackingScalingPolicyConfiguration:
        TargetValue: 1000
        PredefinedMetricSpecification: {PredefinedMetricType: ALBRequestCountPerTarget}
```

```yaml passes
Resources:
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyName: requests
      PolicyType: TargetTrackingScaling
      ScalingTargetId: !ImportValue ScalableTarget
      TargetTrackingScalingPolicyConfiguration:
        TargetValue: 1000
        PredefinedMetricSpecification:
          PredefinedMetricType: ALBRequestCountPerTarget
          ResourceLabel: app/main/50dc6c495c0c9188/targetgroup/api/943f017f100becff
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import absent, assumed, contents, jointly, texts
from roadworthy.template.model.scaling import ScalingPolicy
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, Reference, Value, expression, identity

PER_TARGET = "ALBRequestCountPerTarget"
LABEL = Pattern(r"app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+")
FULL_NAMES = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "LoadBalancerFullName",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "TargetGroupFullName",
}
EXAMPLES = {"LoadBalancerFullName": "app/NAME/ID", "TargetGroupFullName": "targetgroup/NAME/ID"}
FIX = "Set ResourceLabel to the LoadBalancerFullName, a slash, and the TargetGroupFullName"


@rule(
    "scaling-policy-resource-label",
    severity=ERROR,
    source="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html",
)
def check(policy: ScalingPolicy) -> Iterator[Finding]:
    """Report labels that are missing, malformed or too many."""
    for metric in policy.predefined_metrics:
        for kind in texts(metric, "PredefinedMetricType"):
            counts_requests = kind.value == PER_TARGET
            if counts_requests and any(possible(kind.when, when) for when in absent(metric, "ResourceLabel")):
                message = f"scaling policy `{policy.label}` counts requests per target and has no ResourceLabel"
                yield Finding(kind.at, message, FIX, assumed=kind.assumed)
            for label, _ in jointly(contents(metric, "ResourceLabel"), (kind,)):
                if not counts_requests:
                    message = f"scaling policy `{policy.label}` has a ResourceLabel, which {kind.value} does not take"
                    yield Finding(label.at, message, "Remove ResourceLabel", assumed=assumed(label, kind))
                elif wrong := _wrong(label.value):
                    message = f"scaling policy `{policy.label}` has a ResourceLabel {wrong}"
                    yield Finding(label.at, message, FIX, assumed=assumed(label, kind))


def _wrong(label: Value) -> str | None:
    """What is wrong with a label, or None."""
    if isinstance(label, str):
        return None if LABEL.fullmatch(label) else f"`{label}`, not app/NAME/ID/targetgroup/NAME/ID"
    for part in identity(label) or ():
        if isinstance(part, Reference):
            right = FULL_NAMES.get(part.document.type_of(part.name) or "")
            if right and part.attribute != right:
                return f"with `{part.name}{'.' * bool(part.attribute)}{part.attribute}`, not its {right}"
    written = _with_full_names(label)
    return (
        None
        if HOLE in written or LABEL.fullmatch(written)
        else f"`{expression(label)}`, not app/NAME/ID/targetgroup/NAME/ID"
    )


def _with_full_names(label: Value) -> str:
    """The label with a full name for each that it refers to, and HOLE for what else is not known."""
    parts = identity(label) or (HOLE,)
    return "".join(EXAMPLES.get(part.attribute, HOLE) if isinstance(part, Reference) else str(part) for part in parts)
