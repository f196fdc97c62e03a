"""Why a service deployment failed.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.families import FAMILIES
from roadworthy.operations.causes.own_words import own_words
from roadworthy.operations.causes.values import values_of
from roadworthy.operations.causes.wording import cause_of_text, one_line
from roadworthy.operations.ecs.service_deployment import FORWARD, ServiceDeployment

SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html"
SUCCESSFUL = "SUCCESSFUL"
ALARMS = "Alarms were triggered."


def cause_of_deployment(deployment: ServiceDeployment) -> Cause | None:
    """Why ECS gave the deployment up, or rolls it back; None while it goes forward and when it succeeded."""
    if deployment.status in (*FORWARD, SUCCESSFUL, ""):
        return None
    words = [*dict.fromkeys(text for text in (deployment.rollback_reason, deployment.reason) if text)]
    text = one_line(" ".join([*words, ALARMS] if deployment.alarms else words)) or deployment.status
    known = {"alarms": "`, `".join(deployment.alarms)} if deployment.alarms else {}
    return cause_of_text(text, FAMILIES, values_of(text, known)) or own_words(text, SOURCE)
