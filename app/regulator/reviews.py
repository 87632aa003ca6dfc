"""Applications of people whom no register knows: look, compare, approve or send back (B4)."""

import uuid

from flask import Response, request, url_for

from app.http.context import current_actor, providers
from app.http.kit.countries import country_name
from app.http.kit.web import find_id, go, typed
from app.http.verification_methods import document_name
from app.identity.reviews import approve_review, get_review, list_reviews, read_review_document, reject_review
from app.regulator.web import blueprint, show

PAGE = 20


@blueprint.get("/")
def show_waiting() -> Response:
    return _list(waiting=True)


@blueprint.get("/reviews")
def show_decided() -> Response:
    return _list(waiting=False)


@blueprint.get("/reviews/<uuid:review_id>")
def show_review(review_id: uuid.UUID) -> Response:
    """The pictures beside what was typed; that somebody looked is in the log."""
    review = get_review(actor=current_actor(), review_id=review_id)
    return show("regulator/review.html", "reviews", review=review, **_NAMED)


@blueprint.get("/pictures/<uuid:document_id>")
def show_picture(document_id: uuid.UUID) -> Response:
    picture = read_review_document(actor=current_actor(), document_id=document_id, blobs=providers().blobs)
    return Response(picture.data, content_type=picture.media_type, headers={"Cache-Control": "private, no-store"})


@blueprint.post("/reviews/<uuid:review_id>/approval")
def approve(review_id: uuid.UUID) -> Response:
    view = approve_review(actor=current_actor(), review_id=review_id)
    done = "approved" if view.card.status == "verified" else "not_possible"
    return go(url_for("regulator.show_waiting", done=done))


@blueprint.post("/reviews/<uuid:review_id>/rejection")
def reject(review_id: uuid.UUID) -> Response:
    reject_review(actor=current_actor(), review_id=review_id, reason=typed("reason"))
    return go(url_for("regulator.show_waiting", done="rejected"))


_NAMED = {"document_name": document_name, "country_name": country_name}


def _list(*, waiting: bool) -> Response:
    before = find_id(request.args.get("before", ""))
    found = list_reviews(actor=current_actor(), before=before, limit=PAGE + 1, waiting=waiting)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return show(
        "regulator/reviews.html", "reviews", waiting=waiting, reviews=found[:PAGE], more=more, is_first=before is None,
        **_NAMED,
    )  # fmt: skip
