"""Reading: CloudFormation, cloud assemblies and raw ECS JSON become one typed, read-only model.

`sources` finds and parses files, `document` holds one, `node` is a cursor in it that knows the conditions it stands
under, `resolve` says what is known of a value, and `model` joins services, task definitions and target groups.
"""
