"""The rules: what breaks deployments on ECS. One rule, one file; a file that lies in this folder is a rule.

`engine` holds what a rule is made with and what runs it; `facts` reads image references and health-check commands.
"""
