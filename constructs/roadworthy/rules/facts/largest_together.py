"""The most that several containers can ask for in one deployment."""

from collections.abc import Iterable

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import Known


def largest_together(when: When, choices: Iterable[list[Known[int]]]) -> list[Known[int]]:
    """Of each list the largest value that goes together with `when` and with those chosen before.

    What is chosen certainly can exist in one deployment; where conditions are tangled, another choice may be larger.
    """
    chosen = []
    for options in choices:
        for known in sorted(options, key=lambda known: -known.value) if len(options) > 1 else options:
            if when == known.when or possible(when, known.when):
                chosen.append(known)
                when = when | known.when
                break
    return chosen
