"""A task runs, but is not healthy.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

KIND = "target-unhealthy"
CODES = r"codes?:? \[?{}"

HEALTH = Family(
    r"unhealthy in|not healthy in|failed ELB health checks|failed container health checks|Target\.|Elb\.|"
    r"due to an unhealthy status",
    (
        Wording(
            "container-unhealthy",
            r"failed container health checks",
            "the health check of {container} fails",
            "Run the health check's command in the container, read its log, and give a slow start a longer startPeriod",
        ),
        Wording(
            "target-group-missing",
            r"TARGET GROUP IS NOT FOUND",
            "{target_group} does not exist any more",
            "Make the target group again, or take it out of the service",
        ),
        Wording(
            KIND,
            CODES.format("404"),
            "the health check of {target_group} gets 404: the application has no such path",
            "Set the target group's health-check path to one that the application answers",
        ),
        Wording(
            KIND,
            CODES.format(r"(?P<code>30\d)"),
            "the health check of {target_group} is redirected ({code})",
            "Check a path that answers 200 by itself, without a redirect",
        ),
        Wording(
            KIND,
            CODES.format(r"(?P<code>40[13])"),
            "the health check of {target_group} is refused ({code})",
            "Let the application answer the health-check path without signing in",
        ),
        Wording(
            KIND,
            CODES.format(r"(?P<code>5\d\d)"),
            "the application answers the health check of {target_group} with {code}",
            "Read the container's log: the application or what it needs fails",
        ),
        Wording(
            KIND,
            r"codes?:? \[?(?P<code>\d{3})|ResponseCodeMismatch",
            "the health check of {target_group} gets an answer that it does not expect",
            "Compare the target group's path and matcher with what the application answers",
        ),
        Wording(
            KIND,
            r"timed out|Target\.Timeout",
            "the health check of {target_group} gets no answer in time",
            "Let the load balancer's security group reach the container's port, and see that the application listens "
            "on 0.0.0.0",
        ),
        Wording(
            KIND,
            r"Target\.NotInUse",
            "no listener uses {target_group}, or its load balancer is not in the task's Availability Zone",
            "Add a listener rule that forwards to it, or enable the Availability Zone",
        ),
        Wording(
            KIND,
            r"Target\.NotRegistered|TARGET IS NOT FOUND",
            "the task is not registered in {target_group}",
            "See that nobody but ECS changes the target group",
        ),
        Wording(
            KIND,
            r"Target\.IpUnusable",
            "the task's address is one that a load balancer uses",
            "Stop the task, so that its successor gets another address",
        ),
        Wording(
            KIND,
            r"Elb\.InternalError",
            "the load balancer of {target_group} has an error of its own",
            "Wait; ask AWS Support if it goes on",
        ),
        Wording(
            KIND,
            r"health checks? failed|FailedHealthChecks|UnhealthyThreshold",
            "the health check of {target_group} finds no connection, or no proper answer",
            "See that the application listens on the target group's port and protocol before the grace period is over",
        ),
        Wording(
            KIND,
            r"failed ELB health checks",
            "the health check of {target_group} fails",
            "Ask for its path on the container's port; compare path, port, matcher and grace period",
        ),
        Wording(
            "tasks-replaced",
            r"replaced .* due to an unhealthy status",
            "ECS replaced tasks that were unhealthy",
            "Look at why its stopped tasks were unhealthy",
        ),
        Wording(
            KIND,
            ANYTHING,
            "targets of {target_group} are unhealthy",
            "Compare the target group's health check with what the application answers",
        ),
    ),
)
