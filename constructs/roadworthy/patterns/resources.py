"""Options that take a resource of CDK, where its name or its ARN is easily written instead."""

from jsii.errors import JSIIError

from roadworthy.errors import RoadworthyError

# Option -> what every resource of its kind has, and how one that exists is named to CDK.
_KINDS = {
    "cluster": ("cluster_name", "ecs.Cluster.from_cluster_attributes"),
    "log_group": ("log_group_arn", "logs.LogGroup.from_log_group_name"),
    "encryption_key": ("key_arn", "kms.Key.from_key_arn"),
    "task_role": ("role_arn", "iam.Role.from_role_arn"),
    "execution_role": ("role_arn", "iam.Role.from_role_arn"),
    "namespace": ("namespace_arn", "servicediscovery.HttpNamespace.from_http_namespace_attributes"),
    "certificate": ("certificate_arn", "acm.Certificate.from_certificate_arn"),
    "listener": ("listener_arn", "elbv2.ApplicationListener.from_application_listener_attributes"),
    "load_balancer": (
        "load_balancer_arn",
        "elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes",
    ),
    "access_logs": ("bucket_arn", "s3.Bucket.from_bucket_name"),
}


class InvalidResourceError(RoadworthyError, ValueError):
    """An option that takes a resource, and was given something else: a name, an ARN, a resource of another kind."""


def refuse_other_kinds(what: str, options: object) -> None:
    """Refuse what is no resource of the kind that an option takes; None is left out.

    Args:
        what: whose options, for the message: "service `api`:".
        options: an object with some of the options as attributes.

    Raises:
        InvalidResourceError: one is something else; the message says how CDK is told of an existing one.
    """
    for option, (attribute, importing) in _KINDS.items():
        value = getattr(options, option, None)
        if value is not None and not _has(value, attribute):
            raise InvalidResourceError(f"{what} {option} = {value!r} is no such resource: for a live one, {importing}")


def _has(value: object, attribute: str) -> bool:
    try:
        return hasattr(value, attribute)
    except (JSIIError, RuntimeError):  # an imported one that has it, and does not know it
        return True
