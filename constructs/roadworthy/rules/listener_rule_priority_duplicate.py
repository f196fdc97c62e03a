"""Each rule of a listener has a priority of its own.

## Why is this bad?

Elastic Load Balancing refuses the second rule: `Priority 'N' is currently in use`.

Rules are compared that belong to the same listener, also one that a parameter or another stack names, and
that conditions allow together.

## Example

```yaml fails
Resources:
  Api:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !ImportValue Listener
      Priority: 10
      Conditions: [{Field: path-pattern, Values: [/api/*]}]
      Actions: [{Type: forward, TargetGroupArn: !ImportValue ApiTargets}]
  Website:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !ImportValue Listener
      Priority: 10
      Conditions: [{Field: path-pattern, Values: [/*]}]
      Actions: [{Type: forward, TargetGroupArn: !ImportValue WebsiteTargets}]
```

```yaml passes
Resources:
  Api:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !ImportValue Listener
      Priority: 10
      Conditions: [{Field: path-pattern, Values: [/api/*]}]
      Actions: [{Type: forward, TargetGroupArn: !ImportValue ApiTargets}]
  Website:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !ImportValue Listener
      Priority: 20
      Conditions: [{Field: path-pattern, Values: [/*]}]
      Actions: [{Type: forward, TargetGroupArn: !ImportValue WebsiteTargets}]
```
"""

import json
from collections.abc import Iterator
from itertools import combinations

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.listener import ListenerRule
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import Known, contents, jointly
from roadworthy.template.values import Value, identity

Place = tuple[object, int]  # a listener, and a priority


@rule(
    "listener-rule-priority-duplicate",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html",
)
def check(model: Model) -> Iterator[Finding]:
    """Report rules of one listener with one priority."""
    for (_, priority), rules in model.index(_by_place).items() if len(model.all(ListenerRule)) > 1 else ():
        for one, other in combinations(rules, 2):
            if one.value is not other.value and possible(one.when, other.when):
                both = f"`{one.value.label}` and `{other.value.label}`"
                yield Finding(
                    at=other.at,
                    message=f"listener rules {both} both have priority {priority}",
                    fix="Give each rule of the listener another priority",
                    assumed=one.assumed | other.assumed,
                )


def _by_place(model: Model) -> dict[Place, list[Known[ListenerRule]]]:
    found: dict[Place, list[Known[ListenerRule]]] = {}
    for each in model.all(ListenerRule):
        for listener, priority in jointly(contents(each.node, "ListenerArn"), each.priorities):
            key = _identity(listener)
            if key is not None:
                known = Known(each, priority.at, listener.when | priority.when, listener.assumed | priority.assumed)
                found.setdefault((key, priority.value), []).append(known)
    return found


def _identity(listener: Known[Value]) -> object:
    """What the same listener is known by; of an import the expression itself."""
    known = identity(listener.value)
    raw = listener.at.raw
    if known is None and isinstance(raw, dict) and "Fn::ImportValue" in raw:
        return (listener.at.document, json.dumps(raw, sort_keys=True, default=str))
    return known
