"""HTTP only: read the request, call one service, answer. One file per person who looks."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every blueprint, in the order of the navigation."""
    from matching.web import account

    return [account.bp]
