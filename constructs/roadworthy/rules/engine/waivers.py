"""Waivers: findings that someone has accepted, with a reason.

In CDK: `Validations.of(scope).acknowledge(Acknowledgment(id="roadworthy::RULE", reason="..."))`, which the assembly's
metadata carries and which holds for everything below `scope`. In a template, on the resource:

    Metadata:
      Roadworthy:
        acknowledge:
          RULE: the reason
"""

from roadworthy.template.node import Node

NAMESPACE = "roadworthy"  # of rule ids among those of other CDK validation plugins


def waiver_id(rule_id: str) -> str:
    """The id by which CDK acknowledges a rule."""
    return f"{NAMESPACE}::{rule_id}"


def template_waiver(rule_id: str, at: Node) -> str | None:
    """The reason that the resource's own `Metadata` gives for accepting the rule; an empty reason accepts nothing."""
    metadata = at.document.metadata(at.resource).get("Roadworthy") if at.resource else None
    accepted = metadata.get("acknowledge") if isinstance(metadata, dict) else None
    both = (rule_id, waiver_id(rule_id))  # as in a template, and as in CDK
    given = [accepted[name] for name in both if name in accepted] if isinstance(accepted, dict) else []
    reason = given[0] if given else None
    return reason.strip() or None if isinstance(reason, str) else None


def assembly_waiver(rule_id: str, at: Node) -> str | None:
    """The reason that CDK recorded for accepting the rule at the construct or at one around it."""
    path = at.document.construct_path(at.resource) if at.resource else None
    return at.document.acknowledgement(path, waiver_id(rule_id))
