"""DNS: AWS host names in the variables of Lambdas and tasks become local URLs.

Lack: `*.elb.amazonaws.com` and `*.execute-api.*.amazonaws.com` do not resolve.
Effect: the query Lambda cannot reach the load balancer, the task cannot reach the private API.
Shim: when a Lambda's worker or a task's process starts, host names in its environment's values are replaced. In a VPC
    with an execute-api endpoint whose private DNS is on, every REST API's name leads to that endpoint; elsewhere to the
    public door. The name of an internal load balancer is replaced only in its own VPC: that of an application load
    balancer by its URL here, or with another port than 80 by its own address, that of a network load balancer by its
    address. The template is not touched.
Faithful: to Route 53's split view for these two services; a name that is put together at run time is not seen.
"""

from typing import Any

from roadworthy.local.names import base_url, localise_apis
from roadworthy.local.shims import Settings
from roadworthy.local.shims.application_listeners import own_places
from roadworthy.local.shims.internals import alb, ec2
from roadworthy.local.shims.network_load_balancers import address_of

_port = 4566


def install(settings: Settings) -> None:
    """Learn the emulator's port."""
    global _port  # noqa: PLW0603 - one emulator to a process
    _port = settings.port


def localise(value: str, *, vpc: str | None) -> str:
    """Replace the AWS host names in `value`, as seen from the VPC of that id (None: from outside any VPC)."""
    value = value.replace("host.docker.internal", "127.0.0.1")
    if "amazonaws.com" not in value:
        return value
    return _localise_load_balancers(localise_apis(value, port=_port, endpoint=_endpoint(vpc)), vpc)


def vpc_of(subnet: str | None) -> str | None:
    """The id of the VPC that a subnet is in; None: there is no such subnet."""
    record = ec2._subnets.get(subnet)
    return record["VpcId"] if record else None


def _endpoint(vpc: str | None) -> str | None:
    """The execute-api endpoint of the VPC whose private DNS is on."""
    for endpoint in ec2._vpc_endpoints.values() if vpc else ():
        named = str(endpoint.get("ServiceName", "")).endswith(".execute-api")
        private_dns = str(endpoint.get("PrivateDnsEnabled", False)).lower() == "true"
        if named and private_dns and endpoint.get("VpcId") == vpc:
            return str(endpoint["VpcEndpointId"])
    return None


def _localise_load_balancers(value: str, vpc: str | None) -> str:
    for balancer in alb._lbs.values():
        if balancer["Scheme"] == "internet-facing" or _same_network(balancer, vpc):
            own = address_of(balancer["LoadBalancerArn"])
            if own is not None:
                value = value.replace(balancer["DNSName"], own)
                continue
            for port, place in own_places(balancer["LoadBalancerArn"]).items():
                value = value.replace(f"{balancer['DNSName']}:{port}", place)
            url = f"{base_url(_port)}/_alb/{balancer['LoadBalancerName']}"
            for address in (f"http://{balancer['DNSName']}:80", f"http://{balancer['DNSName']}"):
                value = value.replace(address, url)
    return value


def _same_network(balancer: dict[str, Any], vpc: str | None) -> bool:
    return vpc is not None and vpc in [vpc_of(subnet) for subnet in balancer.get("Subnets", [])]
