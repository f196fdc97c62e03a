"""Why a deployment does not go on, or was given up.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
https://github.com/aws/containers-roadmap/issues/2836 (five active deployments)
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

DEPLOYMENTS = Family(
    ANYTHING,
    (
        Wording(
            "deployment-pile-up",
            r"(?P<count>\d+) active deployments exist",
            "{count} deployments of the service are unfinished, and ECS starts no further one",
            "Wait until the older ones have stopped their tasks, or end the tasks' scale-in protection",
        ),
        Wording(
            "rounding-deadlock",
            r"because of the service deployment configuration",
            "minimumHealthyPercent and maximumPercent leave no room to start or stop a task",
            "Set minimumHealthyPercent to 100 and maximumPercent to 200",
        ),
        Wording(
            "protected-tasks",
            r"protected tasks",
            "tasks with scale-in protection keep the deployment from ending",
            "Wait until the protection is over, or end it: UpdateTaskProtection",
        ),
        Wording(
            "deployment-alarm",
            r"active alarms|alarm detected|alarms? (?:was|were) triggered",
            "{alarms} went off during the deployment",
            "See why the alarm went off before you deploy again",
        ),
        Wording(
            "hook-failed",
            r"lifecycle hook.*returned FAILED",
            "a lifecycle hook ({function}) rejected the deployment at {stage}",
            "Read the log of {function}",
        ),
        Wording(
            "hook-failed",
            r"lifecycle hook.*unable to parse",
            "a lifecycle hook ({function}) gave no proper answer at {stage}",
            "Return `hookStatus` from {function}, and see that its time-out is long enough",
        ),
        Wording(
            "hook-failed",
            r"lifecycle hook|HOOK_(?:FAILED|TIMED_OUT)",
            "a lifecycle hook failed at {stage}",
            "Read the log of the hook's function",
        ),
        Wording(
            "listener-misconfigured",
            r"exactly one target group serving traffic",
            "more than one target group of the production listener rule has traffic",
            "Set the weight of the other target group to 0",
        ),
        Wording(
            "listener-misconfigured",
            r"invalid networking configuration",
            "the service's listener rules and target groups do not fit together",
            "Attach both target groups to the production or the test listener rule, and no other",
        ),
        Wording(
            "rollback-failed",
            r"no rollback candidate",
            "there is no earlier successful deployment to roll back to",
            "Repair the cause and deploy again",
        ),
        Wording(
            "rollback-failed",
            r"rollback failed|unable to roll ?back",
            "ECS could not roll the deployment back",
            "Look at why its tasks stopped, and deploy a revision that runs",
        ),
        Wording(
            "replaced",
            r"replaced by a new service deployment",
            "another deployment of the service took its place",
            "Follow the newer deployment",
        ),
        Wording(
            "stage-timed-out",
            r"lifecycle stage timed out",
            "a stage of the deployment took longer than ECS allows",
            "Look at why its tasks do not become healthy",
        ),
        Wording(
            "circuit-breaker",
            r"circuit breaker|deployment failed: tasks? failed to start",
            "ECS gave the deployment up because its tasks failed",
            "Look at why its tasks stopped",
        ),
        Wording(
            "tasks-fail-repeatedly",
            r"unable to consistently start tasks",
            "the service's tasks fail again and again, so ECS starts them at ever longer intervals",
            "Look at why its tasks stopped",
        ),
        Wording(
            "rollback-requested",
            r"rollback was requested|stop was requested",
            "somebody asked for that",
            "Ask who did, before you deploy again",
        ),
    ),
)
