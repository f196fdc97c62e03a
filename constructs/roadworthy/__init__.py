"""Roadworthy: correct services on Amazon ECS Fargate, built, checked and operated."""

__version__ = "0.1.0"
