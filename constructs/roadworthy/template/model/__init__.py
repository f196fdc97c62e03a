"""The model that rules read: services, task definitions, containers, target groups, and how they are joined.

Everything is read lazily from the documents and says only what they tell. A property that an `Fn::If` or an intrinsic
leaves open has several possible values, or an unknown one; each carries the conditions under which it holds.
"""
