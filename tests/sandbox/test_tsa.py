"""Time-stamps: judged by OpenSSL and by asn1crypto's model, not by the code that made them."""

import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from asn1crypto import core, tsp

from tests.sandbox.clients import arm, shift_clock
from tests.support.sandbox_server import SandboxServer

CONTENT = "劳动合同".encode()


def query(algorithm: str = "sha256", digest: bytes | None = None, **fields: Any) -> bytes:
    imprint = {
        "hash_algorithm": {"algorithm": algorithm},
        "hashed_message": hashlib.new(algorithm, CONTENT).digest() if digest is None else digest,
    }
    whole: bytes = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **fields}).dump()
    return whole


def ask(sandbox: SandboxServer, der: bytes, content_type: str = "application/timestamp-query") -> requests.Response:
    url = sandbox.credentials["tsa"]["url"]
    return requests.post(url, data=der, headers={"Content-Type": content_type}, timeout=5)


def stamped(sandbox: SandboxServer, der: bytes) -> Any:
    answer = ask(sandbox, der)
    assert answer.headers["Content-Type"] == "application/timestamp-reply"
    reply = tsp.TimeStampResp.load(answer.content, strict=True)
    assert reply["status"]["status"].native == "granted"
    return reply["time_stamp_token"]["content"]


def info(signed: Any) -> Any:
    return signed["encap_content_info"]["content"].parsed


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_openssl_verifies_a_token(calm: SandboxServer, tmp_path: Path, algorithm: str) -> None:
    content, root, question, reply = (tmp_path / name for name in ("content", "root.pem", "query.tsq", "reply.tsr"))
    content.write_bytes(CONTENT)
    root.write_text(calm.credentials["tsa"]["root_pem"])
    openssl("ts", "-query", "-data", str(content), f"-{algorithm}", "-cert", "-out", str(question))
    reply.write_bytes(ask(calm, question.read_bytes()).content)
    verify = ["ts", "-verify", "-in", str(reply), "-CAfile", str(root)]
    assert "Verification: OK" in openssl(*verify, "-queryfile", str(question))
    content.write_bytes(CONTENT + b"!")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*verify, "-data", str(content))


def openssl(*arguments: str) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


def test_a_token_says_what_was_asked(calm: SandboxServer) -> None:
    signed = stamped(calm, query(nonce=2**63 + 5, cert_req=True))
    found = info(signed)
    assert found["nonce"].native == 2**63 + 5
    assert found["message_imprint"]["hashed_message"].native == hashlib.sha256(CONTENT).digest()
    assert abs(found["gen_time"].native - datetime.now(UTC)) < timedelta(seconds=5)
    assert found["accuracy"]["seconds"].native == 1
    assert found["policy"].native == "2.999.2.1"
    assert len(signed["certificates"]) == 2
    certificate = signed["certificates"][0].chosen
    others = [entry.chosen for entry in signed["certificates"]]
    [tsa] = [entry for entry in others if entry.extended_key_usage_value is not None]
    assert tsa.extended_key_usage_value.native == ["time_stamping"]
    assert "extended_key_usage" in tsa.critical_extensions
    assert certificate in others


def test_certificates_and_nonce_only_on_request(calm: SandboxServer) -> None:
    signed = stamped(calm, query())
    assert signed["certificates"].native is None
    assert info(signed)["nonce"].native is None


def test_every_token_has_its_own_serial(calm: SandboxServer) -> None:
    assert info(stamped(calm, query()))["serial_number"] != info(stamped(calm, query()))["serial_number"]


def test_time_follows_the_clock(calm: SandboxServer) -> None:
    shift_clock(calm, -86400)
    assert info(stamped(calm, query()))["gen_time"].native < datetime.now(UTC) - timedelta(hours=23)


@pytest.mark.parametrize(
    ("der", "failure"),
    [
        (b"hello", "bad_data_format"),
        (query()[:-3], "bad_data_format"),
        (query(digest=b"short"), "bad_data_format"),
        (query("sha1"), "bad_alg"),
        (query(version="v2"), "bad_request"),
        (query(req_policy="1.2.3"), "unaccepted_policy"),
        (query(extensions=[{"extn_id": "1.2.3", "extn_value": b"\x05\x00"}]), "unaccepted_extensions"),
    ],
)
def test_rejections(calm: SandboxServer, der: bytes, failure: str) -> None:
    reply = core.SequenceOf.load(ask(calm, der).content, strict=True, spec=tsp.PKIStatusInfo)
    [status] = reply  # asn1crypto's own model of a reply insists on a token
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {failure}


def test_another_content_type_is_refused(calm: SandboxServer) -> None:
    assert ask(calm, query(), "application/octet-stream").status_code == 415


def test_a_bad_signature_can_be_ordered(calm: SandboxServer, tmp_path: Path) -> None:
    arm(calm, "tsa", "bad_signature")
    root, question, reply = tmp_path / "root.pem", tmp_path / "query.tsq", tmp_path / "reply.tsr"
    root.write_text(calm.credentials["tsa"]["root_pem"])
    question.write_bytes(query(cert_req=True))
    reply.write_bytes(ask(calm, question.read_bytes()).content)
    with pytest.raises(subprocess.CalledProcessError):
        openssl("ts", "-verify", "-in", str(reply), "-CAfile", str(root), "-queryfile", str(question))
