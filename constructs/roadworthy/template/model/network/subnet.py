"""A subnet: its VPC, its zone, its addresses and its routes."""

import json
from functools import cached_property
from typing import Any

from roadworthy.template.model.network.cidr import Cidr, parse_cidr
from roadworthy.template.model.network.links import Links, links
from roadworthy.template.model.network.route import RouteTable
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.properties import texts
from roadworthy.template.model.resource import Resource

RESERVED_ADDRESSES = 5  # https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html


class Subnet(Resource):
    """A subnet.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html
    """

    TYPE = "AWS::EC2::Subnet"

    @cached_property
    def vpcs(self) -> Links[Vpc]:
        """The VPC that it is in."""
        return links(self, Vpc, "VpcId")

    @cached_property
    def cidr(self) -> Cidr | None:
        """Its range of addresses, where it is known and no parameter's default."""
        found = texts(self.node, "CidrBlock")
        return parse_cidr(found[0].value) if len(found) == 1 and not found[0].assumed else None

    @property
    def free_addresses(self) -> int | None:
        """How many addresses it has for network interfaces."""
        return self.cidr.size - RESERVED_ADDRESSES if self.cidr else None

    @cached_property
    def zone(self) -> "tuple[str, str] | None":
        """Its availability zone as (kind, which): two of one kind that differ are different zones. None: not known."""
        found = texts(self.node, "AvailabilityZone")
        if found:
            return ("name", found[0].value) if len(found) == 1 and not found[0].assumed else None
        raw = self.node.raw.get("AvailabilityZone") if isinstance(self.node.raw, dict) else None
        return _selected_zone(raw)

    @cached_property
    def route_tables(self) -> list[RouteTable] | None:
        """The route tables that it can use, of every condition; None where one is not known."""
        associations = self.model.network.associations.of(self)
        tables = [association.table for association in associations]
        known = [table for table in tables if table is not None]
        return known if known and len(known) == len(tables) else None

    def reaches_internet(self, public_address: bool) -> bool | None:
        """Whether tasks in it reach the internet, with public addresses of their own or without.

        None where the documents do not tell: the VPC's main route table, a transit gateway, an unknown target.
        """
        if public_address not in self._reaches_internet:
            self._reaches_internet[public_address] = self._leads_to_internet(public_address)
        return self._reaches_internet[public_address]

    @cached_property
    def _reaches_internet(self) -> dict[bool, bool | None]:
        return {}

    def _leads_to_internet(self, public_address: bool) -> bool | None:
        tables = self.route_tables
        if tables is None or not self.model.network.is_closed(self.document):
            return None
        answers = [table.leads_to_internet(public_address) for table in tables]
        if True in answers:
            return True
        return None if None in answers else False


def _selected_zone(raw: Any) -> tuple[str, str] | None:
    """`Fn::Select: [0, Fn::GetAZs: region]` as (the region, the number)."""
    select = raw.get("Fn::Select") if isinstance(raw, dict) and len(raw) == 1 else None
    if not (isinstance(select, list) and len(select) == 2 and str(select[0]).isdecimal()):  # noqa: PLR2004 - it takes two
        return None
    zones = select[1]
    if not (isinstance(zones, dict) and len(zones) == 1 and "Fn::GetAZs" in zones):
        return None
    region = zones["Fn::GetAZs"]
    own = region in ("", {"Ref": "AWS::Region"})
    return "zones of " + ("this region" if own else json.dumps(region, sort_keys=True)), str(int(select[0]))
