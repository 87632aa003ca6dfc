"""Uploading and showing the picture of the business licence, over JSON and as pages (C1)."""

import hashlib
import io
import uuid
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from app.accounts.sessions import csrf_token_of
from tests.factories import Employer, consent, new_employer, new_id_number, verify_by_phone
from tests.support.database import Database
from tests.support.web import ConsoleClient, make_app, problem
from tests.templates.picture_samples import encoded, photograph, with_exif

API = "/api/v1/console/organisation"
PAGE = "/console/organisation"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def upload(console: ConsoleClient, employer: Employer, path: str, data: bytes | None, **headers: str) -> TestResponse:
    sent = {
        "Origin": "http://localhost", "X-CSRF-Token": csrf_token_of(employer.token),
        "Idempotency-Key": str(uuid.uuid4()), **headers,
    }  # fmt: skip
    form = {"file": (io.BytesIO(data), "licence.jpg")} if data is not None else {"nothing": "here"}
    return console.client.post(path, data=form, headers=sent, content_type="multipart/form-data")


def test_what_is_uploaded_is_cleaned_and_shown(web: Flask) -> None:
    employer = new_employer()
    console = ConsoleClient(web, employer.token)
    problem(console.get(f"{API}/licence/image"), 404, "licence_not_found")
    assert console.get(API).get_json()["licence_sha256"] is None
    saved = upload(console, employer, f"{API}/licence", with_exif(6))
    assert saved.status_code == 201, saved.get_data(as_text=True)
    image = console.get(f"{API}/licence/image")
    assert (image.content_type, image.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert saved.get_json() == {"sha256": hashlib.sha256(image.data).hexdigest()}
    assert b"SECRET" not in image.data
    assert Image.open(io.BytesIO(image.data)).size == (400, 600)
    again = upload(console, employer, f"{API}/licence", encoded(photograph(), "PNG")).get_json()
    assert console.get(API).get_json()["licence_sha256"] == again["sha256"] != saved.get_json()["sha256"]
    assert console.get(f"{API}/licence/image").content_type == "image/png"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "picture_type_not_supported"),
        (encoded(photograph(), "PNG")[:300], "picture_damaged"),
        (encoded(photograph(150, 150), "PNG"), "picture_too_small"),
        (None, "invalid_input"),
    ],
)
def test_what_is_no_usable_picture_is_refused(web: Flask, data: bytes | None, code: str) -> None:
    employer = new_employer()
    console = ConsoleClient(web, employer.token)
    problem(upload(console, employer, f"{API}/licence", data), 422, code)
    problem(console.get(f"{API}/licence/image"), 404, "licence_not_found")


def test_another_organisation_sees_nothing_of_it(web: Flask) -> None:
    employer, rival = new_employer(), new_employer("长春市旁观有限公司")
    upload(ConsoleClient(web, employer.token), employer, f"{API}/licence", encoded(photograph(), "PNG"))
    problem(ConsoleClient(web, rival.token).get(f"{API}/licence/image"), 404, "licence_not_found")
    problem(ConsoleClient(web).get(f"{API}/licence/image"), 401, "session_ended")


def test_the_verification_asks_for_it_and_the_page_shows_it(web: Flask) -> None:
    employer, number = new_employer(), new_id_number("19780115")
    consent(employer.actor, "verification_consent")
    verify_by_phone(employer.actor, employer.phone, "李国强", number)
    console = ConsoleClient(web, employer.token)
    form = {
        "name": employer.organisation, "uscc": employer.uscc, "kind": "enterprise", "address": "长春市朝阳区 1 号",
        "legal_representative": "李国强", "legal_representative_id_number": number,
    }  # fmt: skip
    problem(console.post(f"{API}/verification", form), 422, "licence_required")
    assert "营业执照图片" in console.get(f"{PAGE}/verification").get_data(as_text=True)
    shown = upload(console, employer, f"{PAGE}/licence", encoded(photograph(), "PNG"), **{"HX-Request": "true"})
    assert shown.status_code == 200
    assert f"{API}/licence/image?v=" in shown.get_data(as_text=True)
    assert f"{API}/licence/image?v=" in console.get(f"{PAGE}/verification").get_data(as_text=True)
    assert console.submit(f"{PAGE}/verification", form).status_code == 303
    page = console.get(PAGE).get_data(as_text=True)
    assert f"{API}/licence/image?v=" in page
    refused = upload(console, employer, f"{API}/licence", encoded(photograph(), "PNG"))
    problem(refused, 409, "organisation_already_verified")


def test_without_scripts_the_page_leads_back_and_a_missing_file_is_named(web: Flask) -> None:
    employer = new_employer()
    console = ConsoleClient(web, employer.token)
    saved = upload(console, employer, f"{PAGE}/licence", encoded(photograph(), "PNG"))
    assert (saved.status_code, saved.headers["Location"]) == (303, f"{PAGE}/verification")
    missing = upload(console, employer, f"{PAGE}/licence", None)
    assert missing.status_code == 422
    assert "请选择营业执照图片" in missing.get_data(as_text=True)
