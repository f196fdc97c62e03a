"""ECS's operations: each a function (deployer, parameters) -> answer, in the shapes of the API.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""
