"""Which function does which kind of job. A test compares this with everything that is enqueued."""

from collections.abc import Callable, Mapping
from typing import Any

from app.accounts.login_cleanup import forget_logins
from app.accounts.platform_events import handle_event
from app.authorisations.jobs import expire as expire_authorisation
from app.authorisations.jobs import seal as seal_authorisation
from app.contracts.integrity import sweep_completed
from app.contracts.jobs import expire, seal
from app.core.idempotency import forget_old_answers
from app.identity.face_login import forget_face_logins
from app.identity.manual_verification import forget_review_documents
from app.identity.verification_cleanup import forget_stale_claims
from app.jobs.service import Handler, forget_done_jobs
from app.notifications.mini import deliver_mini_message
from app.notifications.service import deliver_sms
from app.people.jobs import expire_onboarding, forget_onboardings
from app.providers import Providers
from app.runner.daily import plan_daily
from app.signing.certificate_jobs import destroy_key, issue_certificate
from app.storage.service import remove_orphans
from app.wiring import sealing_ports


def build_handlers(providers: Providers) -> dict[str, Handler]:
    """Kind → handler. Handlers run outside any transaction and may run twice."""
    ports, blobs = sealing_ports(providers), providers.blobs
    return {
        "notifications.send_sms": lambda payload: deliver_sms(sms_id=payload["sms_id"], sms=providers.sms),
        "notifications.send_mini_message": lambda payload: deliver_mini_message(
            message_id=payload["message_id"], messengers=providers.messengers
        ),
        "accounts.handle_platform_event": lambda payload: handle_event(
            event_id=payload["event_id"], messengers=providers.messengers
        ),
        "contracts.seal": lambda payload: seal(
            contract_id=payload["contract_id"], ports=ports, link_url=providers.link_url
        ),
        "contracts.expire": lambda payload: expire(contract_id=payload["contract_id"]),
        "authorisations.seal": lambda payload: seal_authorisation(
            authorisation_id=payload["authorisation_id"], ports=ports
        ),
        "authorisations.expire": lambda payload: expire_authorisation(authorisation_id=payload["authorisation_id"]),
        "contracts.sweep_completed": _daily("contracts.sweep_completed", lambda: sweep_completed(blobs=blobs)),
        "signing.issue_certificate": lambda payload: issue_certificate(
            **payload, algorithm=providers.key_algorithm, authority=providers.authority, key_store=providers.key_store
        ),
        "signing.destroy_key": lambda payload: destroy_key(**payload, key_store=providers.key_store),
        "storage.remove_orphans": _daily("storage.remove_orphans", lambda: remove_orphans(blobs)),
        "identity.forget_stale_claims": _daily("identity.forget_stale_claims", forget_stale_claims),
        "accounts.forget_logins": _daily("accounts.forget_logins", forget_logins),
        "identity.forget_face_logins": _daily("identity.forget_face_logins", forget_face_logins),
        "identity.forget_review_documents": _daily("identity.forget_review_documents", forget_review_documents),
        "people.expire_onboarding": lambda payload: expire_onboarding(onboarding_id=payload["onboarding_id"]),
        "people.forget_onboardings": _daily("people.forget_onboardings", forget_onboardings),
        "jobs.forget_done": _daily("jobs.forget_done", forget_done_jobs),
        "idempotency.forget_answers": _daily("idempotency.forget_answers", forget_old_answers),
    }


def _daily(kind: str, work: Callable[[], object]) -> Handler:
    """Do it, then promise it for tomorrow. Done first: what fails is tried again today."""

    def handle(_payload: Mapping[str, Any]) -> None:
        work()
        plan_daily(kind)

    return handle
