"""ECS cannot take on a role.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
"""

from roadworthy.operations.causes.wording import Family, Wording

KIND = "role-not-assumable"

ROLES = Family(
    r"\brole\b|\bIAM\b",
    (
        Wording(
            KIND,
            r"service[- ]linked role",
            "the service-linked role of ECS does not exist",
            "Create it: `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`",
        ),
        Wording(
            KIND,
            r"missing permissions on ECS Infrastructure Role",
            "ECS cannot manage the load balancer with its infrastructure {role}",
            "Let `ecs.amazonaws.com` assume {role}, and attach AmazonECSInfrastructureRolePolicyForLoadBalancers",
        ),
        Wording(
            KIND,
            r"lifecycle hook.*unable to assume",
            "ECS cannot assume {role} of a lifecycle hook",
            "Let `ecs.amazonaws.com` assume {role}: correct its trust policy",
        ),
        Wording(
            KIND,
            r"unable to assume|trust relationship has been misconfigured",
            "ECS cannot assume {role} for the task",
            "Let `ecs-tasks.amazonaws.com` assume {role}: correct its trust policy, or name a role that exists",
        ),
        Wording(
            "permission-missing",
            r"IAM permissions policies have been misconfigured",
            "a role of the service has lost a permission that ECS needs",
            "Compare the policies of the service's roles with what they were",
        ),
    ),
)
