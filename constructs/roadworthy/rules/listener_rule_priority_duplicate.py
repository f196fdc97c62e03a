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
from roadworthy.template.values import Reference, Value, identity


@rule(
    "listener-rule-priority-duplicate",
    severity=ERROR,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html",
)
def check(model: Model) -> Iterator[Finding]:
    """Report rules of one listener with one priority."""
    by_priority: dict[int, list[Known[ListenerRule]]] = {}
    for each in model.all(ListenerRule):
        for priority in each.priorities:
            known = Known(each, priority.at, priority.when, priority.assumed)
            by_priority.setdefault(priority.value, []).append(known)
    for number, rules in by_priority.items():
        for one, other in _of_one_listener(rules) if len(rules) > 1 else ():
            yield Finding(
                at=other.at,
                message=f"listener rules `{one.value.label}` and `{other.value.label}` both have priority {number}",
                fix="Give each rule of the listener another priority",
                assumed=one.assumed | other.assumed,
            )


def _of_one_listener(rules: list[Known[ListenerRule]]) -> Iterator[tuple[Known[ListenerRule], Known[ListenerRule]]]:
    """The pairs of different rules that one listener can have together."""
    by_listener: dict[object, list[Known[ListenerRule]]] = {}
    for each in rules:
        for listener, _ in jointly(contents(each.value.node, "ListenerArn"), (each,)):
            key = _identity(listener)
            if key is not None:
                known = each._replace(when=each.when | listener.when, assumed=each.assumed | listener.assumed)
                by_listener.setdefault(key, []).append(known)
    for one, other in (pair for same in by_listener.values() for pair in combinations(same, 2)):
        if one.value is not other.value and possible(one.when, other.when):
            yield one, other


def _identity(listener: Known[Value]) -> object:
    """What the same listener is known by; of an import the expression itself."""
    if isinstance(listener.value, Reference) and listener.value.document.type_of(listener.value.name):
        return (listener.value.document, listener.value.name)  # its Ref is its ListenerArn
    known = identity(listener.value)
    raw = listener.at.raw
    if known is None and isinstance(raw, dict) and "Fn::ImportValue" in raw:
        return (listener.at.document, json.dumps(raw, sort_keys=True, default=str))
    return known
