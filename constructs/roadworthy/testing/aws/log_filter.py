"""Filter patterns of CloudWatch Logs: the words of unstructured lines.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from collections.abc import Callable

from roadworthy.testing.wire.errors import NotPlayedError

Matches = Callable[[str], bool]
TERM = re.compile(r'([?-]?)(?:"([^"]*)"|(\S+))')


def matcher(pattern: str) -> Matches:
    """Which lines a pattern matches: all of `a "b c"`, any of `?a ?b`, none of `-a`. An empty pattern matches all.

    Raises:
        NotPlayedError: a pattern for JSON, for columns, or a regular expression.
    """
    if pattern.lstrip()[:1] in ("{", "[", "%"):
        raise NotPlayedError(f"filter pattern `{pattern}` is not played: only words and quoted phrases are")
    terms = [(sign, phrase or word) for sign, phrase, word in TERM.findall(pattern)]
    wanted = [word for sign, word in terms if not sign]
    any_of = [word for sign, word in terms if sign == "?"]
    unwanted = [word for sign, word in terms if sign == "-"]
    return lambda line: (
        all(word in line for word in wanted)
        and (not any_of or any(word in line for word in any_of))
        and not any(word in line for word in unwanted)
    )
