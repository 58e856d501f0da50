"""Statuses and the table of transitions of each: what may follow what (DESIGN §3)."""

from enum import StrEnum


class ApprovalStatus(StrEnum):
    """Of a school or a company: nobody meets a minor before a coordinator has approved."""

    REGISTERED = "registered"
    APPROVED = "approved"
    REFUSED = "refused"
    BLOCKED = "blocked"


class OfferStatus(StrEnum):
    """Of an offer."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"


class ApplicationStatus(StrEnum):
    """Of a pupil's ranked wish."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    READ_BY_SCHOOL = "read_by_school"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class PlacementStatus(StrEnum):
    """Of a placement, the only object that holds a seat."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SIGNED = "signed"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    ABSENT = "absent"
    DECLARED = "declared"


class RunStatus(StrEnum):
    """Of one execution of the matcher."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


HOLDING = (
    PlacementStatus.PROPOSED,
    PlacementStatus.CONFIRMED,
    PlacementStatus.SIGNED,
    PlacementStatus.DONE,
)
LIVE_APPLICATIONS = (
    ApplicationStatus.DRAFT,
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.READ_BY_SCHOOL,
)

_A, _O, _W, _P, _R = ApprovalStatus, OfferStatus, ApplicationStatus, PlacementStatus, RunStatus

# One table per kind: members of two kinds with the same word ("submitted") are equal as keys.
TRANSITIONS: dict[type[StrEnum], dict[StrEnum, frozenset[StrEnum]]] = {
    _A: {
        _A.REGISTERED: frozenset({_A.APPROVED, _A.REFUSED, _A.BLOCKED}),
        _A.APPROVED: frozenset({_A.BLOCKED}),
        _A.REFUSED: frozenset({_A.REGISTERED, _A.BLOCKED}),
        # Back to registered: a company that nobody had vetted before it was blocked.
        _A.BLOCKED: frozenset({_A.APPROVED, _A.REGISTERED}),
    },
    _O: {
        _O.DRAFT: frozenset({_O.SUBMITTED, _O.CLOSED}),
        _O.SUBMITTED: frozenset({_O.PUBLISHED, _O.RETURNED, _O.CLOSED}),
        _O.RETURNED: frozenset({_O.SUBMITTED, _O.CLOSED}),
        # Back to submitted: what a minor will meet has changed and must be approved again.
        _O.PUBLISHED: frozenset({_O.PAUSED, _O.SUBMITTED, _O.CLOSED}),
        _O.PAUSED: frozenset({_O.PUBLISHED, _O.SUBMITTED, _O.CLOSED}),
        _O.CLOSED: frozenset(),
    },
    _W: {
        _W.DRAFT: frozenset({_W.SUBMITTED, _W.WITHDRAWN, _W.DECLINED, _W.SUPERSEDED}),
        _W.SUBMITTED: frozenset({_W.READ_BY_SCHOOL, _W.DECLINED, _W.WITHDRAWN, _W.SUPERSEDED}),
        _W.READ_BY_SCHOOL: frozenset({_W.DECLINED, _W.WITHDRAWN, _W.SUPERSEDED}),
        _W.DECLINED: frozenset(),
        _W.WITHDRAWN: frozenset({_W.DRAFT}),
        _W.SUPERSEDED: frozenset({_W.SUBMITTED}),
    },
    _P: {
        _P.PROPOSED: frozenset({_P.CONFIRMED, _P.DECLINED, _P.EXPIRED, _P.CANCELLED}),
        _P.CONFIRMED: frozenset({_P.SIGNED, _P.CANCELLED}),
        _P.SIGNED: frozenset({_P.DONE, _P.ABSENT, _P.CANCELLED}),
        _P.DONE: frozenset(),
        _P.DECLINED: frozenset(),
        _P.EXPIRED: frozenset(),
        _P.CANCELLED: frozenset(),
        _P.ABSENT: frozenset(),
        _P.DECLARED: frozenset({_P.CONFIRMED, _P.CANCELLED}),
    },
    _R: {
        _R.QUEUED: frozenset({_R.RUNNING, _R.FAILED, _R.DISCARDED}),
        # A worker that dies leaves its run running; the sweep queues it again.
        _R.RUNNING: frozenset({_R.DONE, _R.FAILED, _R.QUEUED, _R.DISCARDED}),
        _R.DONE: frozenset({_R.DISCARDED}),
        _R.FAILED: frozenset(),
        _R.DISCARDED: frozenset(),
    },
}
