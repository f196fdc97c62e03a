"""Dynamic references, which CloudFormation replaces by a secret's value.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from typing import Any

from roadworthy.template.pattern import Pattern

OPENING = "{{resolve:"
# A single brace ends the `${Secret}` of an `Fn::Sub` inside it.
SECRET = Pattern(r"\{\{resolve:(?:secretsmanager|ssm-secure):(?:[^}]|\}(?!\}))*\}\}")


def secret_reference_in(raw: Any) -> str | None:
    """The first dynamic reference to a secret in a value, be it inside `Fn::Sub` or `Fn::Join`; with its parts cut out.

    CDK writes them in pieces: `Fn::Join: ["", ["{{resolve:secretsmanager:", {Ref: Secret}, ":SecretString:key::}}"]]`.
    """
    if isinstance(raw, str):
        found = SECRET.search(raw) if OPENING in raw else None
        return found[0] if found else None
    if isinstance(raw, dict) and len(raw) == 1:
        ((function, argument),) = raw.items()
        if function == "Fn::Sub":
            return secret_reference_in(argument[0] if isinstance(argument, list) and argument else argument)
        if function == "Fn::Join" and isinstance(argument, list) and isinstance(argument[-1:], list):
            pieces = argument[-1] if argument and isinstance(argument[-1], list) else []
            return secret_reference_in("".join(piece if isinstance(piece, str) else "…" for piece in pieces))
    return None
