"""The BOLA grid: every route with an id × everybody who may not see that object (T-01, Z-02).

Routes come from the application itself. A new route without a row in `CALLS` fails.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts.bindings import bind
from app.accounts.login_models import BindingKind
from app.accounts.qr_login import request_qr_login, scan_qr
from app.accounts.security_keys import list_security_keys
from app.core.db import transaction
from app.http.public import is_public
from app.identity.face_checks import FaceWay, start_face_check
from app.identity.reviews import get_review
from app.people.service.departments import add_department
from tests.authorisations.letters import asked
from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import HOME, World, world
from tests.factories import Employer, Worker, consent, employer_with_seal, new_ip, new_worker, some_ink, verified_worker
from tests.people.onboarding_world import FORM, submitted
from tests.support.regulators import DeskWindow, ask_for_review, new_regulator
from tests.support.security_keys import add_key
from tests.support.web import ConsoleClient, WorkerClient, make_app

__all__ = ["one_page_pdf", "parse_in_this_process", "world"]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PAGES = ("/console", "/regulator")
SHA = "{sha}"
CODE, NOTHING = {"code": "000000"}, None
PERSON = {"method": "phone", "name": "张伟", "id_number": "220100199003071013"}

# What makes each request right in everything but the asker.
CALLS: dict[tuple[str, str], Any] = {
    ("GET", "/api/v1/worker/contracts/<uuid:contract_id>"): NOTHING,
    ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/file"): NOTHING,
    ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/pages/<int:page>"): NOTHING,
    ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/progress"): NOTHING,
    ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/text"): NOTHING,
    ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/timeline"): NOTHING,
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/confirmation"): {
        "content_sha256": SHA, "habitual_residence": HOME, "registered_residence": HOME,
    },
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/intents"): {"method": "sms", "content_sha256": SHA},
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/page-views"): {"pages": [1]},
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/signature"): {
        "content_sha256": SHA, "challenge_id": "{intent_id}", "ink": some_ink().to_json(),
    },
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/termination"): {"reason": "不想签了"},
    ("GET", "/api/v1/worker/authorisations/<uuid:authorisation_id>"): NOTHING,
    ("GET", "/api/v1/worker/authorisations/<uuid:authorisation_id>/file"): NOTHING,
    ("GET", "/api/v1/worker/authorisations/<uuid:authorisation_id>/pages/<int:page>"): NOTHING,
    ("GET", "/api/v1/worker/authorisations/<uuid:authorisation_id>/progress"): NOTHING,
    ("GET", "/api/v1/worker/authorisations/<uuid:authorisation_id>/text"): NOTHING,
    ("POST", "/api/v1/worker/authorisations/<uuid:authorisation_id>/intents"): {"method": "sms", "content_sha256": SHA},
    ("POST", "/api/v1/worker/authorisations/<uuid:authorisation_id>/refusal"): {"reason": "不认识"},
    ("POST", "/api/v1/worker/authorisations/<uuid:authorisation_id>/signature"): {
        "content_sha256": SHA, "challenge_id": "{intent_id}", "ink": some_ink().to_json(),
    },
    ("GET", "/api/v1/console/authorisations/<uuid:authorisation_id>"): NOTHING,
    ("GET", "/api/v1/console/authorisations/<uuid:authorisation_id>/file"): NOTHING,
    ("GET", "/api/v1/console/authorisations/<uuid:authorisation_id>/picture"): NOTHING,
    ("POST", "/api/v1/console/authorisations/<uuid:authorisation_id>/copied-link"): NOTHING,
    ("POST", "/api/v1/console/authorisations/<uuid:authorisation_id>/link"): NOTHING,
    ("POST", "/api/v1/console/authorisations/<uuid:authorisation_id>/withdrawal"): NOTHING,
    ("GET", "/console/authorisations/<uuid:authorisation_id>"): NOTHING,
    ("GET", "/console/authorisations/<uuid:authorisation_id>/state"): NOTHING,
    ("POST", "/console/authorisations/<uuid:authorisation_id>/copied-link"): {},
    ("POST", "/console/authorisations/<uuid:authorisation_id>/link"): {},
    ("POST", "/console/authorisations/<uuid:authorisation_id>/withdrawal"): {},
    ("GET", "/api/v1/worker/intents/<uuid:intent_id>"): NOTHING,
    ("POST", "/api/v1/worker/intents/<uuid:intent_id>/code"): CODE,
    ("POST", "/api/v1/worker/intents/<uuid:intent_id>/pin"): {"pin": "804917"},
    ("POST", "/api/v1/worker/intents/<uuid:intent_id>/resend"): NOTHING,
    ("DELETE", "/api/v1/worker/sessions/<uuid:session_id>"): NOTHING,
    ("DELETE", "/api/v1/worker/bindings/<uuid:binding_id>"): NOTHING,
    ("POST", "/api/v1/worker/scans/<uuid:scan_id>/confirmation"): NOTHING,
    ("DELETE", "/api/v1/worker/scans/<uuid:scan_id>"): NOTHING,
    ("GET", "/api/v1/worker/verifications/<uuid:verification_id>"): NOTHING,
    ("POST", "/api/v1/worker/verifications/<uuid:verification_id>/code"): CODE,
    ("POST", "/api/v1/worker/verifications/<uuid:verification_id>/resend"): NOTHING,
    ("POST", "/api/v1/worker/verifications/<uuid:verification_id>/claim"): {},
    ("GET", "/api/v1/worker/face-checks/<uuid:face_check_id>"): NOTHING,
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/download-checks"): {},
    ("GET", "/api/v1/worker/onboardings/<uuid:onboarding_id>"): NOTHING,
    ("POST", "/api/v1/worker/onboardings/<uuid:onboarding_id>/agreement"): {"notice_sha256": SHA},
    ("PUT", "/api/v1/worker/onboardings/<uuid:onboarding_id>/draft"): {"school": "吉林大学"},
    ("POST", "/api/v1/worker/onboardings/<uuid:onboarding_id>/submission"): FORM | {"graduated_in": "2012"},
    ("POST", "/api/v1/worker/onboardings/<uuid:onboarding_id>/declination"): NOTHING,
    ("GET", "/api/v1/console/onboardings/<uuid:onboarding_id>"): NOTHING,
    ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/id-number"): NOTHING,
    ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/link"): NOTHING,
    ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/withdrawal"): NOTHING,
    ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/corrections"): {
        "form_version": 1, "changes": {"school": "吉林大学"},
    },
    ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/acceptance"): {"form_version": 1},
    ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/rejection"): {"form_version": 1, "reason": "请核对"},
    ("GET", "/console/onboardings/<uuid:onboarding_id>"): NOTHING,
    ("POST", "/console/onboardings/<uuid:onboarding_id>/id-number"): {},
    ("POST", "/console/onboardings/<uuid:onboarding_id>/link"): {},
    ("POST", "/console/onboardings/<uuid:onboarding_id>/withdrawal"): {},
    ("POST", "/console/onboardings/<uuid:onboarding_id>/corrections"): {
        "form_version": "1", "education": "master", "school": "吉林大学", "graduated_in": "2012",
        "registered_residence": "吉林省 长春市", "registered_residence_detail": "人民大街 8 号",
    },
    ("POST", "/console/onboardings/<uuid:onboarding_id>/acceptance"): {"form_version": "1"},
    ("POST", "/console/onboardings/<uuid:onboarding_id>/rejection"): {"form_version": "1", "reason": "请核对"},
    ("PUT", "/api/v1/console/employees/<uuid:onboarding_id>/department"): {"department_id": None},
    ("POST", "/api/v1/console/employees/<uuid:onboarding_id>/contact"): NOTHING,
    ("POST", "/console/employees/<uuid:onboarding_id>/department"): {"department_id": ""},
    ("PUT", "/api/v1/console/departments/<uuid:department_id>/name"): {"name": "改了"},
    ("PUT", "/api/v1/console/departments/<uuid:department_id>/parent"): {"parent_id": None},
    ("POST", "/api/v1/console/departments/<uuid:department_id>/shift"): {"direction": "up"},
    ("DELETE", "/api/v1/console/departments/<uuid:department_id>"): NOTHING,
    ("GET", "/console/departments/<uuid:department_id>"): NOTHING,
    ("POST", "/console/departments/<uuid:department_id>/name"): {"name": "改了"},
    ("POST", "/console/departments/<uuid:department_id>/parent"): {"parent_id": ""},
    ("POST", "/console/departments/<uuid:department_id>/shift"): {"direction": "up"},
    ("POST", "/console/departments/<uuid:department_id>/deletion"): {},
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/opening-checks"): {"method": "sms"},
    ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/opening"): {},
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>"): NOTHING,
    ("PATCH", "/api/v1/console/contracts/<uuid:contract_id>"): {"title": "改了"},
    ("DELETE", "/api/v1/console/contracts/<uuid:contract_id>"): NOTHING,
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/copies"): NOTHING,
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/file"): NOTHING,
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/intents"): {"method": "sms", "content_sha256": SHA},
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/pages/<int:page>"): NOTHING,
    ("PUT", "/api/v1/console/contracts/<uuid:contract_id>/places"): {"places": []},
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/problems"): NOTHING,
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/progress"): NOTHING,
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/seal"): {
        "content_sha256": SHA, "challenge_id": "{intent_id}", "seal_id": "{seal_id}",
    },
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/sending"): NOTHING,
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/text"): NOTHING,
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/timeline"): NOTHING,
    ("GET", "/api/v1/console/contracts/<uuid:contract_id>/reminders"): NOTHING,
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/link"): NOTHING,
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/urging"): NOTHING,
    ("POST", "/api/v1/console/contracts/<uuid:contract_id>/withdrawal"): {"reason": "写错了"},
    ("GET", "/api/v1/console/intents/<uuid:intent_id>"): NOTHING,
    ("POST", "/api/v1/console/intents/<uuid:intent_id>/code"): CODE,
    ("POST", "/api/v1/console/intents/<uuid:intent_id>/pin"): {"pin": "804917"},
    ("POST", "/api/v1/console/intents/<uuid:intent_id>/resend"): NOTHING,
    ("GET", "/api/v1/console/certificate/face-checks/<uuid:face_check_id>"): NOTHING,
    ("POST", "/api/v1/console/organisations/<uuid:organisation_id>/entrance"): NOTHING,
    ("POST", "/api/v1/console/seals/<uuid:seal_id>/default"): NOTHING,
    ("GET", "/api/v1/console/seals/<uuid:seal_id>/image"): NOTHING,
    ("POST", "/api/v1/console/seals/<uuid:seal_id>/revocation"): NOTHING,
    ("GET", "/api/v1/console/verifications/<uuid:verification_id>"): NOTHING,
    ("POST", "/api/v1/console/verifications/<uuid:verification_id>/code"): CODE,
    ("POST", "/api/v1/console/verifications/<uuid:verification_id>/resend"): NOTHING,
    # Pages: what a browser sends is a form.
    ("POST", "/console/account/sessions/<uuid:session_id>/end"): {},
    ("GET", "/console/contracts/<uuid:contract_id>"): NOTHING,
    ("POST", "/console/contracts/<uuid:contract_id>/copies"): {},
    ("GET", "/console/contracts/<uuid:contract_id>/details"): NOTHING,
    ("POST", "/console/contracts/<uuid:contract_id>/details"): {"title": "改了", "version": "1"},
    ("POST", "/console/contracts/<uuid:contract_id>/discarding"): {},
    ("GET", "/console/contracts/<uuid:contract_id>/file"): NOTHING,
    ("POST", "/console/contracts/<uuid:contract_id>/intents"): {"method": "sms", "content_sha256": SHA},
    ("POST", "/console/contracts/<uuid:contract_id>/intents/<uuid:intent_id>/resend"): {},
    ("GET", "/console/contracts/<uuid:contract_id>/intents/<uuid:intent_id>/state"): NOTHING,
    ("GET", "/console/contracts/<uuid:contract_id>/places"): NOTHING,
    ("GET", "/console/contracts/<uuid:contract_id>/preview"): NOTHING,
    ("GET", "/console/contracts/<uuid:contract_id>/print"): NOTHING,
    ("GET", "/console/contracts/<uuid:contract_id>/progress"): NOTHING,
    ("GET", "/console/contracts/<uuid:contract_id>/seal"): NOTHING,
    ("POST", "/console/contracts/<uuid:contract_id>/seal"): {
        "content_sha256": SHA, "challenge_id": "{intent_id}", "intent_id": "{intent_id}", "seal_id": "{seal_id}",
        "code": "000000",
    },
    ("POST", "/console/contracts/<uuid:contract_id>/sending"): {},
    ("GET", "/console/account/certificate/face/<uuid:face_check_id>/state"): NOTHING,
    ("POST", "/console/contracts/<uuid:contract_id>/link"): {},
    ("POST", "/console/contracts/<uuid:contract_id>/urging"): {},
    ("POST", "/console/contracts/<uuid:contract_id>/withdrawal"): {"reason": "写错了"},
    ("PUT", "/api/v1/console/security-keys/<uuid:key_id>"): {"name": "我的"},
    ("POST", "/api/v1/console/security-keys/<uuid:key_id>/removal"): CODE,
    ("POST", "/console/account/security-keys/<uuid:key_id>/name"): {"name": "我的"},
    ("GET", "/console/account/security-keys/<uuid:key_id>/removal"): NOTHING,
    ("POST", "/console/account/security-keys/<uuid:key_id>/removal"): {"proof": "code", "code": "000000"},
    ("POST", "/api/v1/console/scans/<uuid:scan_id>/confirmation"): NOTHING,
    ("DELETE", "/api/v1/console/scans/<uuid:scan_id>"): NOTHING,
    ("POST", "/console/scans/<uuid:scan_id>/confirmation"): {},
    ("POST", "/console/scans/<uuid:scan_id>/refusal"): {},
    ("POST", "/regulator/account/sessions/<uuid:session_id>/end"): {},
    ("GET", "/regulator/account/security-keys/<uuid:key_id>/removal"): NOTHING,
    ("POST", "/regulator/account/security-keys/<uuid:key_id>/removal"): {"proof": "code", "code": "000000"},
    ("POST", "/console/seals/<uuid:seal_id>/default"): {},
    ("POST", "/console/seals/<uuid:seal_id>/revocation"): {},
    ("POST", "/console/verification/<uuid:verification_id>/code"): CODE,
    ("POST", "/console/verification/<uuid:verification_id>/resend"): {},
    ("GET", "/console/verification/<uuid:verification_id>/state"): NOTHING,
}  # fmt: skip

# What everybody at the regulator's desk may see and decide on; nobody else.
DESK: dict[tuple[str, str], Any] = {
    ("GET", "/regulator/pictures/<uuid:document_id>"): NOTHING,
    ("GET", "/regulator/reviews/<uuid:review_id>"): NOTHING,
    ("POST", "/regulator/reviews/<uuid:review_id>/approval"): {},
    ("POST", "/regulator/reviews/<uuid:review_id>/rejection"): {"reason": "照片模糊"},
}


@dataclass(frozen=True)
class Scene:
    """One organisation's contract with its worker, and the ids of all that belongs to them."""

    employer: Employer
    worker: Worker
    ids: dict[str, str]
    private: tuple[str, ...]


@pytest.fixture
def web(world: World, tmp_path: Path) -> Flask:
    return make_app(tmp_path, world.providers)


@pytest.fixture
def scene(world: World, web: Flask) -> Scene:
    employer, worker, contract = world.confirmed()
    intent = world.prove_will(worker, contract)
    newcomer = new_worker()
    add_key(employer)
    consent(newcomer.actor, "verification_consent")
    started = WorkerClient(web, newcomer.token).post("/api/v1/worker/verifications", PERSON)
    _, review = ask_for_review(world.providers.blobs)
    ids = {
        "review_id": str(review), "document_id": str(_document_of(review)),
        "contract_id": str(contract.id), "intent_id": str(intent), "verification_id": started.get_json()["id"],
        "seal_id": str(employer.seal_id), "organisation_id": str(employer.organisation_id), "page": "1",
        "face_check_id": str(_face_check(world, worker)), "session_id": str(worker.actor.session_id),
        "scan_id": str(_scan(worker)),
        "key_id": str(list_security_keys(actor=employer.actor)[0].id),
        "binding_id": str(_binding(worker)),
        "onboarding_id": str(submitted(world, employer, worker).id),
        "authorisation_id": str(asked(world)[2].id),
        "department_id": str(add_department(actor=employer.actor, name="销售部").id),
        "sha": contract.content_sha256 or "",
    }  # fmt: skip
    private = (contract.number, worker.name, worker.phone, employer.phone, employer.organisation)
    return Scene(employer, worker, ids, private)


def _face_check(world: World, worker: Worker) -> uuid.UUID:
    """A face check that waits for this worker."""
    return start_face_check(
        actor=worker.actor, purpose="download", subject=f"contract:{uuid.uuid4()}", subject_sha256="ab" * 32,
        way=FaceWay(""), faces=world.providers.faces,
    ).id  # fmt: skip


def _document_of(review: uuid.UUID) -> uuid.UUID:
    return get_review(actor=new_regulator().actor, review_id=review).documents[0].id


def _scan(worker: Worker) -> uuid.UUID:
    """A PC's login that this worker has scanned."""
    asked = request_qr_login(account_kind="worker", ip=new_ip(), device="PC")
    return scan_qr(actor=worker.actor, token=asked.scan_token).id


def _binding(worker: Worker) -> uuid.UUID:
    with transaction() as session:
        return bind(session, worker.actor, kind=BindingKind.WEIXIN, app_id="wx1", subject="openid of the scene").id


def test_every_route_with_an_id_has_a_row(web: Flask) -> None:
    served = {(method, rule.rule) for rule in _guarded(web) for method in _methods(rule)}
    assert served == set(CALLS) | set(DESK)


def test_nobody_else_sees_or_changes_anything(web: Flask, scene: Scene) -> None:
    colleague = new_regulator()
    stranger, rival = verified_worker("王小丽"), employer_with_seal("长春市旁观有限公司", name="王芳")
    wrong = []
    for method, rule in CALLS:
        answer = _ask(web, method, rule, scene, worker=stranger.token, operator=rival.token, regulator=colleague.token)
        text = answer.get_data(as_text=True)
        if answer.status_code != 404 or any(word in text for word in scene.private):
            wrong.append((method, rule, answer.status_code, text[:200]))
    assert wrong == []


def test_without_a_session_nothing_is_told(web: Flask, scene: Scene) -> None:
    assert _not_sent_to_login(web, scene, worker="", operator="") == []


def test_a_session_of_the_other_channel_opens_nothing(web: Flask, scene: Scene) -> None:
    assert _not_sent_to_login(web, scene, worker=scene.employer.token, operator=scene.worker.token) == []


def _not_sent_to_login(web: Flask, scene: Scene, *, worker: str, operator: str) -> list[tuple[str, str, int]]:
    """Calls that were answered otherwise than "log in first": 401 from the API, the login page from pages."""
    found = []
    for method, rule in CALLS | DESK:
        answer = _ask(web, method, rule, scene, worker=worker, operator=operator, regulator=operator)
        door = next((f"{pages}/login" for pages in PAGES if rule.startswith(f"{pages}/")), "")
        wanted = 303 if door else 401
        if answer.status_code != wanted or (door and door not in answer.headers["Location"]):
            found.append((method, rule, answer.status_code))
    return found


def _ask(
    web: Flask, method: str, rule: str, scene: Scene, *, worker: str, operator: str, regulator: str
) -> TestResponse:
    """One call as the client of that channel makes it, with this session."""
    body, address = _fill(method, rule, scene)
    if rule.startswith("/regulator/"):
        desk = DeskWindow(web, regulator)
        return desk.submit(address, body) if method == "POST" else desk.get(address)
    if "/console/" not in rule:
        return WorkerClient(web, worker).send(method, address, body)
    console = ConsoleClient(web, operator)
    is_form = rule.startswith("/console/") and method == "POST"
    return console.submit(address, body) if is_form else console.send(method, address, body)


def test_the_grid_asks_rightly(web: Flask, scene: Scene) -> None:
    """The owner is told something else than "not found": otherwise the grid would prove nothing."""
    for method, rule in (
        ("GET", "/api/v1/worker/contracts/<uuid:contract_id>"),
        ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/pages/<int:page>"),
        ("GET", "/api/v1/worker/contracts/<uuid:contract_id>/timeline"),
        ("GET", "/api/v1/worker/intents/<uuid:intent_id>"),
        ("GET", "/api/v1/worker/onboardings/<uuid:onboarding_id>"),
        ("POST", "/api/v1/worker/contracts/<uuid:contract_id>/signature"),
    ):
        body, address = _fill(method, rule, scene)
        answer = WorkerClient(web, scene.worker.token).send(method, address, body)
        assert answer.status_code == 200, (rule, answer.get_data(as_text=True))
    for method, rule in (
        ("GET", "/api/v1/console/contracts/<uuid:contract_id>"),
        ("GET", "/api/v1/console/seals/<uuid:seal_id>/image"),
        ("POST", "/api/v1/console/onboardings/<uuid:onboarding_id>/id-number"),
    ):
        body, address = _fill(method, rule, scene)
        answer = ConsoleClient(web, scene.employer.token).send(method, address, body)
        assert answer.status_code == 200, (rule, answer.get_data(as_text=True))


def _guarded(web: Flask) -> Iterator[Rule]:
    """Routes that name an object."""
    return (rule for rule in web.url_map.iter_rules() if "<uuid:" in rule.rule and not is_public(rule.endpoint))


def _methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def _fill(method: str, rule: str, scene: Scene) -> tuple[Any, str]:
    """Body and address with the scene's ids in them."""
    address = rule
    for name, value in scene.ids.items():
        address = address.replace(f"<uuid:{name}>", value).replace(f"<int:{name}>", value)
    body = (CALLS | DESK)[method, rule]
    if isinstance(body, dict):
        body = {key: scene.ids.get(str(value).strip("{}"), value) for key, value in body.items()}
    return body, address
