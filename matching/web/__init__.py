"""HTTP only: read the request, call one service, answer. One file per person who looks."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every blueprint, in the order of the navigation."""
    from matching.web import (
        account,
        approvals,
        changes,
        company,
        enrolment,
        forgotten,
        foundation,
        foundation_acts,
        foundation_settings,
        language,
        late_acceptance,
        legal,
        login_cards,
        offers,
        outbox,
        own_account,
        proposals,
        public,
        pupil,
        pupil_files,
        school,
        school_placements,
        school_settings,
        team,
        territory,
        two_factor,
    )

    return [
        public.bp,
        account.bp,
        pupil.bp,
        school.bp,
        school_settings.bp,
        school_placements.bp,
        enrolment.bp,
        pupil_files.bp,
        login_cards.bp,
        company.bp,
        offers.bp,
        proposals.bp,
        late_acceptance.bp,
        approvals.bp,
        territory.bp,
        foundation.bp,
        foundation_settings.bp,
        changes.bp,
        foundation_acts.bp,
        legal.bp,
        language.bp,
        outbox.bp,
        forgotten.bp,
        own_account.bp,
        team.bp,
        two_factor.bp,
    ]
