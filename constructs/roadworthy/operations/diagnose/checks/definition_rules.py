"""Do the task definition and the service keep all other rules?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.by_rules import by_rules
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.checks import env_secret_names, health_checks_agree
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step

# It reads the deregistration delay, of which DescribeTargetGroups does not tell: the default would be assumed.
UNKNOWABLE = {"stop-timeout-below-deregistration"}
ELSEWHERE = env_secret_names.RULES | health_checks_agree.RULES | UNKNOWABLE


@check(
    "definition-rules",
    step=Step.DEFINITION,
    stage=Stage.CONFIGURATION,
    fact="the task definition and the service keep the rules",
)
def find(live: Live) -> Iterable[Problem]:
    """Report what the rules find."""
    return by_rules(live, lambda rule: rule not in ELSEWHERE)
