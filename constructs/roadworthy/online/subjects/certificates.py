"""The certificates of ACM that listeners name by ARN.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listener.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.online.arn import Arn, regional_arn
from roadworthy.online.deployment import Deployment
from roadworthy.template.document import TEMPLATE
from roadworthy.template.node import Node

LISTENERS = ("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerCertificate")


class CertificateUse(NamedTuple):
    """A certificate that a listener presents."""

    place: Node
    assumed: frozenset[str]
    arn: Arn


def certificate_uses(deployment: Deployment) -> list[CertificateUse]:
    """The certificates of all listeners that exist before the deployment."""
    found = []
    for listener in _listeners(deployment):
        for certificate in listener.all_items("Certificates"):
            for known in deployment.texts(certificate, "CertificateArn"):
                arn = regional_arn(known.value, "acm")
                if arn and arn.resource.startswith("certificate/"):
                    found.append(CertificateUse(known.at, known.assumed, arn))
    return found


def _listeners(deployment: Deployment) -> Iterator[Node]:
    for document in deployment.documents:
        if document.kind == TEMPLATE:
            for kind in LISTENERS:
                yield from document.of_type(kind)
