"""The app as stock CDK would have it: the same stacks and rules, CDK's own engine, whatever Node.js the PATH has."""

import sys

import aws_cdk as cdk

import app as query_service_app
from roadworthy.plugin import synth

if __name__ == "__main__":
    stock = cdk.App()
    query_service_app.build(stock)
    sys.exit(synth(stock))
