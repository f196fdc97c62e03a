"""Whether a role may do something: the answer is "certainly not", or it may.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from roadworthy.rules.facts.arn import may_cover
from roadworthy.rules.facts.managed_policies import ACTIONS
from roadworthy.template.model.policy import Statement
from roadworthy.template.model.role import Role
from roadworthy.template.values import HOLE, Value, readable, skeleton


def lacks(role: Role, action: str, target: Value | None = None) -> bool:
    """Whether a role certainly may not do something.

    Args:
        role: the role; one of whose policies any is not known is not judged.
        action: such as `ecr:BatchGetImage`.
        target: the ARN on which; None for an action that knows only `*`, or when it is not known.
    """
    action = action.lower()
    if role.denials and any(_denies(each, action) and each.node.when <= role.when for each in role.denials):
        return True
    return not _managed_allow(role, action) and next(granting(role, action, target), None) is None


def granting(role: Role, action: str, target: Value | None = None) -> Iterator[Statement]:
    """The statements of a role's policies (other than AWS's managed ones) that may allow something."""
    for statement in role.statements:
        if statement.allows and may_apply(statement, action.lower(), target):
            yield statement


def needed(role: Role, action: str, target: Value | None = None) -> list[Statement]:
    """The statements that may allow something, unless one of AWS's managed policies allows it as well."""
    return [] if _managed_allow(role, action.lower()) else list(granting(role, action, target))


def may_apply(statement: Statement, action: str, target: Value | None = None) -> bool:
    """Whether a statement can be about an action (in lower case) on a target."""
    if statement.actions is not None and not _any_covers(statement.actions, action):
        return False
    return target is None or statement.resources is None or any(may_cover(each, target) for each in statement.resources)


def trusts(statements: Iterable[Statement], service: str) -> bool:
    """Whether a trust policy may let a service such as `ecs-tasks.amazonaws.com` assume the role."""
    for statement in statements:
        if statement.allows and may_apply(statement, "sts:assumerole"):
            principals = statement.principals
            if principals is None or any(_may_be(kind, value, service) for kind, value in principals):
                return True
    return False


def _denies(statement: Statement, action: str) -> bool:
    """Whether a statement certainly denies an action on everything."""
    if statement.conditional or statement.actions is None:
        return False
    return statement.resources == ("*",) and _any_covers(statement.actions, action)


def _managed_allow(role: Role, action: str) -> bool:
    return any(name not in ACTIONS or _any_covers(ACTIONS[name], action) for name in role.managed_policies)


def _any_covers(patterns: tuple[str, ...], action: str) -> bool:
    return action in patterns or any(("*" in each or "?" in each) and _covers(each, action) for each in patterns)


@lru_cache(maxsize=4096)
def _covers(pattern: str, action: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, action) is not None


def _may_be(kind: str, value: Value, service: str) -> bool:
    """Whether a principal may be the service; a text with gaps may, if what is known of it fits."""
    text = skeleton(value)
    if kind != "Service":
        return text == "*"
    name = service.partition(".")[0]
    return text.startswith((name + ".", name + HOLE, HOLE))


def lets_roles(statements: Iterable[Statement], action: str) -> bool:
    """Whether a resource's own policy may let a role do something, beyond leaving it to the account's policies."""
    return any(
        statement.allows and may_apply(statement, action.lower()) and _names_another(statement)
        for statement in statements
    )


def _names_another(statement: Statement) -> bool:
    """Whether a principal may be a role: anything but a service, or the account as a whole."""
    if statement.principals is None:
        return True
    return any(kind != "Service" and not skeleton(value).endswith(":root") for kind, value in statement.principals)


def trusted(statements: Iterable[Statement]) -> str:
    """Whom a trust policy lets assume the role, for messages."""
    names = [readable(skeleton(value)) for each in statements if each.allows for _, value in each.principals or ()]
    return " and ".join(f"`{name}`" for name in dict.fromkeys(names)) or "nobody"
