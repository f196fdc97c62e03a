"""Whether a listener can forward to a target group: also one that the documents do not show."""

from typing import Any

from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.model.listener import Forwarder, Listener, ListenerRule
from roadworthy.template.model.model import Model
from roadworthy.template.model.target_group import TargetGroup

# What may mention a target group and never makes a listener forward to it. All else (nested stacks, custom resources,
# outputs that other stacks import) may.
HARMLESS = (
    "AWS::ECS::",
    "AWS::CloudWatch::",
    "AWS::ApplicationAutoScaling::",
    "AWS::AutoScaling::",
    "AWS::CodeDeploy::",
    "AWS::IAM::",
    "AWS::EC2::",
    "AWS::Logs::",
    "AWS::WAFv2::",
    "AWS::Route53::",
    "AWS::SSM::",
    "AWS::ElasticLoadBalancingV2::",
)


def may_be_forwarded_elsewhere(group: TargetGroup) -> bool:
    """Whether something besides the documents' known listeners may forward to the target group."""
    if group.document.kind != TEMPLATE or group.document in group.model.index(_open_documents):
        return True
    passed_on = group.model.index(_passed_on).get(group.document, set())
    return group.logical_id in passed_on or group.document in group.model.index(_fragments)


def _passed_on(model: Model) -> dict[Document, set[str]]:
    """The target groups that each template hands to what may make a listener forward to them."""
    templates = [document for document in model.documents if document.logical_ids(TargetGroup.TYPE)]
    return {document: _passed_on_by(document) for document in templates}


def _passed_on_by(document: Document) -> set[str]:
    found = mentioned({"": document.outputs})
    for logical_id in document.resources:
        if not (document.type_of(logical_id) or "").startswith(HARMLESS):
            found.update(document.dependencies.direct(logical_id))
    return found & set(document.logical_ids(TargetGroup.TYPE))


def _open_documents(model: Model) -> set[Document]:
    """The templates of whose listeners not all is known: what they forward to, or whether there are more."""
    forwarders: list[Forwarder] = [*model.all(Listener), *model.all(ListenerRule)]
    found = {each.document for each in forwarders if not each.target_groups_are_known}
    return found | {each for each in model.documents if any(key.startswith("Fn::") for key in each.resources)}


def _fragments(model: Model) -> set[Document]:
    """The templates that are a part of one: they refer to resources that they do not have."""
    return {each for each in model.documents if each.logical_ids(TargetGroup.TYPE) and _is_fragment(each)}


def _is_fragment(document: Document) -> bool:
    declared = {*document.resources, *document.parameters}
    pending: list[Any] = [document.resources]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            name = value.get("Ref") if len(value) == 1 else None
            if isinstance(name, str) and "::" not in name and name not in declared:
                return True
        pending.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
    return False


def mentioned(tree: Any) -> set[str]:
    """All texts in a tree that can name a resource: arguments of `Ref` and `Fn::GetAtt`, and names in an `Fn::Sub`."""
    found: set[str] = set()
    pending = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            found.update(piece.partition("}")[0].partition(".")[0] for piece in f"{{{value}".split("{"))
        elif isinstance(value, dict | list):
            pending.extend(value.values() if isinstance(value, dict) else value)
    return found
