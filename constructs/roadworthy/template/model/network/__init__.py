"""The network of a service: subnets and their routes, VPC endpoints, security groups, load balancers.

Questions about it have three answers: True, False, and None where the documents do not tell. Conditions are weighed
so that False is certain: a route, endpoint or rule that exists under some condition only counts as one that may exist.
"""
