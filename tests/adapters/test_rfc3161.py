"""Time-stamps: only an authority's own, for this digest and this request, is taken."""

import hashlib
import random
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.adapters.breaker import CircuitBreaker
from app.adapters.chains import load_roots
from app.adapters.rfc3161 import HttpTimestamper
from app.adapters.timestamp_token import request
from app.adapters.transport import Transport
from app.core.clock import clock_at, now
from app.core.errors import ProviderError
from tests.adapters import pki
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, Received, drops, says
from tests.adapters.tsa import TIME_STAMPING, Tsa
from tests.support.sandbox_server import SandboxServer

DIGEST = hashlib.sha256("劳动合同".encode()).digest()
REPLY = "application/timestamp-reply"


def refusal(timestamper: HttpTimestamper) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        timestamper.stamp(DIGEST)
    assert not caught.value.permanent
    return caught.value


class TestThroughTheSandbox:
    @pytest.fixture
    def timestamper(self, sandbox: SandboxServer, control: Control, patience: float) -> HttpTimestamper:
        credentials, transport = sandbox.credentials["tsa"], Transport("timestamper", read_timeout=patience)
        return HttpTimestamper(credentials["url"], credentials["root_pem"], transport=transport)

    def test_a_token_over_our_digest(self, timestamper: HttpTimestamper) -> None:
        token = cms.ContentInfo.load(timestamper.stamp(DIGEST), strict=True)
        info = token["content"]["encap_content_info"]["content"].parsed
        assert info["message_imprint"]["hashed_message"].native == DIGEST
        assert abs(info["gen_time"].native - now()) < timedelta(seconds=5)

    def test_the_root_is_the_configured_one(self, timestamper: HttpTimestamper, sandbox: SandboxServer) -> None:
        [root] = load_roots(sandbox.credentials["tsa"]["root_pem"])
        assert timestamper.roots() == (pki.der(root),)

    def test_every_request_has_its_own_nonce(self, timestamper: HttpTimestamper, control: Control) -> None:
        tokens = {timestamper.stamp(DIGEST) for _ in range(3)}
        nonces = {
            cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed["nonce"].native
            for token in tokens
        }
        assert len(nonces) == 3

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("bad_signature", "token_refused"),
            ("rate_limit", "throttled"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("wrong_content_type", "malformed_answer"),
            ("refuse", "connection_lost"),
            ("timeout", "timeout"),
        ],
    )
    def test_faults(self, timestamper: HttpTimestamper, control: Control, fault: str, code: str) -> None:
        control.arm("tsa", fault, times=2, seconds=4)
        assert refusal(timestamper).code == code
        control.clear()
        assert timestamper.stamp(DIGEST)

    @pytest.mark.parametrize("seconds", [-360, 360])
    def test_an_authority_whose_clock_is_wrong(
        self, timestamper: HttpTimestamper, control: Control, seconds: float
    ) -> None:
        control.shift_clock(seconds)
        assert "time differs" in str(refusal(timestamper))

    def test_four_minutes_are_tolerated(self, timestamper: HttpTimestamper, control: Control) -> None:
        control.shift_clock(240)
        assert timestamper.stamp(DIGEST)

    def test_a_root_of_somebody_else(self, sandbox: SandboxServer, control: Control) -> None:
        stranger = HttpTimestamper(sandbox.credentials["tsa"]["url"], pki.pem(Tsa().root))
        assert "no chain to a trusted root" in str(refusal(stranger))

    def test_the_fallback_is_asked_when_the_first_fails(self, sandbox: SandboxServer, control: Control) -> None:
        credentials = sandbox.credentials["tsa"]
        timestamper = HttpTimestamper("http://127.0.0.1:1/", credentials["root_pem"], credentials["url"])
        assert timestamper.stamp(DIGEST)
        assert len(control.log("tsa")) == 1


def at_peer(peer: Peer, tsa: Tsa, **options: Any) -> HttpTimestamper:
    peer.will(tsa.answer())
    return HttpTimestamper(peer.url, pki.pem(tsa.root), **options)


@pytest.mark.parametrize("kind", ["p256", "rsa"])
def test_honest_authorities_of_both_algorithms(peer: Peer, kind: str) -> None:
    key = generate_private_key(65537, 2048) if kind == "rsa" else pki.new_key()
    assert at_peer(peer, Tsa(key=key)).stamp(DIGEST)
    assert peer.received[0].headers["content-type"] == "application/timestamp-query"
    sent = tsp.TimeStampReq.load(peer.received[0].body, strict=True)
    assert sent["cert_req"].native is True
    assert sent["message_imprint"]["hashed_message"].native == DIGEST


OTHER_DIGEST = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\x00" * 32}
SHA1_IMPRINT = {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": DIGEST[:20]}
BOTH = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING])


@pytest.mark.parametrize(
    ("tsa", "reason"),
    [
        (Tsa(tst={"message_imprint": OTHER_DIGEST}), "time-stamp of other data"),
        (Tsa(tst={"message_imprint": SHA1_IMPRINT}), "time-stamp of other data"),
        (Tsa(tst={"nonce": 1}), "answer to another request"),
        (Tsa(tst={"nonce": None}), "answer to another request"),
        (Tsa(tst={"gen_time": now() - timedelta(days=1)}), "time differs"),
        (Tsa(signing_key=pki.new_key()), "signature wrong"),
        (Tsa(attributes={"message_digest": b"\x00" * 32}), "content changed"),
        (Tsa(attributes={"message_digest": None}), "content changed"),
        (Tsa(attributes={"content_type": "data"}), "signature over something else"),
        (Tsa(attributes={"signing_certificate_v2": None}), "names no certificate"),
        (Tsa(attributes={"signing_certificate_v2": {"certs": [{"cert_hash": b"x" * 32}]}}), "certificate is missing"),
        (Tsa(with_certificate=False), "certificate is missing"),
        (Tsa(extensions=()), "no time-stamping authority"),
        (Tsa(extensions=((TIME_STAMPING[0], False),)), "no time-stamping authority"),
        (Tsa(extensions=((BOTH, True),)), "no time-stamping authority"),
        (Tsa(days=0), "no chain to a trusted root"),
        (Tsa(signers=0), "not a time-stamp by one signer"),
        (Tsa(signers=2), "not a time-stamp by one signer"),
        (Tsa(status="rejection", with_token=False), "refused: rejection"),
        (Tsa(status="waiting"), "refused: waiting"),
    ],
)
def test_dishonest_tokens_are_refused_with_the_reason(peer: Peer, tsa: Tsa, reason: str) -> None:
    error = refusal(at_peer(peer, tsa))
    assert (error.code, reason in str(error)) == ("token_refused", True), str(error)


def test_a_root_that_only_shares_the_name(peer: Peer) -> None:
    peer.will(Tsa().answer())
    assert "no chain" in str(refusal(HttpTimestamper(peer.url, pki.pem(Tsa().root))))


def test_an_old_answer_is_not_taken_again(peer: Peer) -> None:
    tsa = Tsa()
    old = tsa.respond(request(DIGEST, nonce=5))
    peer.will(says(old, content_type=REPLY))
    assert "answer to another request" in str(refusal(HttpTimestamper(peer.url, pki.pem(tsa.root))))


def test_a_certificate_that_runs_out_later_is_noticed(peer: Peer) -> None:
    timestamper = at_peer(peer, Tsa())
    assert timestamper.stamp(DIGEST)
    with clock_at(now() + timedelta(days=60)):
        assert "no chain" in str(refusal(timestamper))


GRANTED_WITHOUT_A_TOKEN = b"\x30\x05\x30\x03\x02\x01\x00"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\x30\x00", b"\x30\x80", b"\x02\x01\x00", GRANTED_WITHOUT_A_TOKEN])
def test_garbage(peer: Peer, body: bytes) -> None:
    peer.will(says(body, content_type=REPLY))
    assert refusal(HttpTimestamper(peer.url, pki.pem(Tsa().root))).code == "malformed_answer"


def test_whatever_byte_changes_it_is_a_refusal_or_still_a_token_for_this_request(peer: Peer) -> None:
    """Fuzz: what comes out is never another exception, another digest or another nonce."""
    tsa, dice = Tsa(), random.Random(3161)

    def forge(handler: BaseHTTPRequestHandler, received: Received) -> None:
        forged = bytearray(tsa.respond(received.body))
        for _ in range(dice.choice((1, 1, 1, 4))):
            forged[dice.randrange(len(forged))] = dice.randrange(256)
        says(bytes(forged), content_type=REPLY)(handler, received)

    peer.will(forge)
    transport = Transport("timestamper", breaker=CircuitBreaker("timestamper", threshold=10_000))
    timestamper = HttpTimestamper(peer.url, pki.pem(tsa.root), transport=transport)
    refused = 0
    for _ in range(100):
        try:
            token = cms.ContentInfo.load(timestamper.stamp(DIGEST))
        except ProviderError:
            refused += 1
            continue
        info = token["content"]["encap_content_info"]["content"].parsed
        assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert refused > 50


def test_the_fallback_is_checked_just_as_strictly(peer: Peer) -> None:
    tsa = Tsa(signing_key=pki.new_key())
    peer.will(drops, drops, tsa.answer())
    timestamper = HttpTimestamper(f"{peer.url}/a", pki.pem(tsa.root), f"{peer.url}/b")
    assert "timestamper_fallback: token_refused" in str(refusal(timestamper))


def test_only_sha256_digests_are_stamped(peer: Peer) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        at_peer(peer, Tsa()).stamp(b"short")
