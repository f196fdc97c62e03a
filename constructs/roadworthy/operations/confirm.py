"""Asking before a guarded environment is changed."""

from collections.abc import Sequence

from roadworthy.operations.context import Context
from roadworthy.operations.errors import DeclinedError
from roadworthy.operations.place import Target


def confirm(action: str, targets: Sequence[Target], context: Context, *, yes: bool) -> None:
    """Ask where the environment is guarded: who says yes types the service's name, of several the environment's.

    Args:
        action: what is to be done, as in "restart".
        targets: to which services.
        context: whom to ask.
        yes: whether the answer was given on the command line.

    Raises:
        DeclinedError: the answer was another one, or there is nobody to answer.
    """
    guarded = [target for target in targets if target.guarded]
    if not guarded or yes:
        return
    first = guarded[0]
    word = first.label if len(guarded) == 1 else first.environment or first.cluster.name
    what = first.words if len(guarded) == 1 else f"{len(guarded)} services of {word}"
    if not context.terminal.present:
        raise DeclinedError(f"{action} {what}: it is guarded, and there is no terminal to ask on: pass --yes")
    if context.terminal.ask(f"{action} {what} in {first.cluster.aws.region}? Type {word} to go on: ").strip() != word:
        raise DeclinedError(f"{action} {what}: declined, nothing was changed")
