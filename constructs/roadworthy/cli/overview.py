"""`roadworthy --help`: all verbs, by what they are for. Plain text: argparse would cost as much as Python's start."""

from roadworthy.cli.verbs import GROUPS, VERBS

TOP = """\
usage: roadworthy VERB [options]

Correct services on Amazon ECS Fargate: check them before they are deployed, and run them."""
BOTTOM = """\
`roadworthy help VERB` shows a verb's options and an example, `roadworthy --version` the version."""


def overview() -> str:
    """The text."""
    width = max(len(name) for name in VERBS) + 2
    groups = [
        "\n".join([f"{heading}:", *(f"  {name:{width}}{line}" for name, (_, line) in verbs.items())])
        for heading, verbs in GROUPS.items()
    ]
    return "\n\n".join([TOP, *groups, BOTTOM])
