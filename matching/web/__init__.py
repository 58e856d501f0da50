"""HTTP only: read the request, call one service, answer. One file per person who looks."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every blueprint, in the order of the navigation."""
    from matching.web import (
        account,
        approvals,
        company,
        offers,
        proposals,
        public,
        pupil,
        territory,
    )

    return [
        public.bp,
        account.bp,
        pupil.bp,
        company.bp,
        offers.bp,
        proposals.bp,
        approvals.bp,
        territory.bp,
    ]
