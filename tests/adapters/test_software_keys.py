"""Software keys: they sign, they ask for certificates, and a reference opens nowhere else."""

import base64

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from app.adapters.software_keys import SoftwareKeyStore
from app.core import crypto
from app.core.errors import ProviderError
from app.signing.ports import KeyAlgorithm, Subject

WORKER = Subject(common_name="𠮷野·䶮明", serial_number="4c7f2a")


def public_key(keys: SoftwareKeyStore, reference: str) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    key = x509.load_der_x509_csr(keys.certificate_request(reference, WORKER)).public_key()
    assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    return key


def verify(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, PKCS1v15(), SHA256())
    else:
        key.verify(signature, data, ec.ECDSA(SHA256()))


@pytest.fixture
def keys() -> SoftwareKeyStore:
    return SoftwareKeyStore()


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_signs_with_the_key_of_the_reference(keys: SoftwareKeyStore, algorithm: KeyAlgorithm) -> None:
    reference, other = keys.generate(algorithm), keys.generate(algorithm)
    signature = keys.sign(reference, b"contract")
    verify(public_key(keys, reference), signature, b"contract")
    with pytest.raises(InvalidSignature):
        verify(public_key(keys, reference), signature, b"contract2")
    with pytest.raises(InvalidSignature):
        verify(public_key(keys, other), signature, b"contract")


def test_sizes_are_those_promised(keys: SoftwareKeyStore) -> None:
    strong = public_key(keys, keys.generate(KeyAlgorithm.RSA2048))
    curve = public_key(keys, keys.generate(KeyAlgorithm.P256))
    assert isinstance(strong, rsa.RSAPublicKey)
    assert (strong.key_size, strong.public_numbers().e) == (2048, 65537)
    assert isinstance(curve, ec.EllipticCurvePublicKey)
    assert curve.curve.name == "secp256r1"


def test_the_request_names_its_holder_in_utf8_and_proves_possession(keys: SoftwareKeyStore) -> None:
    subject = Subject("𠮷祥公司", "77aa", "𠮷祥公司", "USCC-91220100MA0000031P")
    reference = keys.generate(KeyAlgorithm.P256)
    request = x509.load_der_x509_csr(keys.certificate_request(reference, subject))
    assert request.is_signature_valid
    assert {attribute.oid: attribute.value for attribute in request.subject} == {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.ORGANIZATION_NAME: "𠮷祥公司",
        NameOID.ORGANIZATION_IDENTIFIER: "USCC-91220100MA0000031P",
        NameOID.COMMON_NAME: "𠮷祥公司",
        NameOID.SERIAL_NUMBER: "77aa",
    }
    types = {attribute.oid: attribute._type for attribute in request.subject}
    assert types[NameOID.COMMON_NAME] is _ASN1Type.UTF8String
    assert types[NameOID.SERIAL_NUMBER] is _ASN1Type.PrintableString


def test_a_person_has_no_organisation(keys: SoftwareKeyStore) -> None:
    request = x509.load_der_x509_csr(keys.certificate_request(keys.generate(KeyAlgorithm.P256), WORKER))
    assert {attribute.oid for attribute in request.subject} == {
        NameOID.COUNTRY_NAME,
        NameOID.COMMON_NAME,
        NameOID.SERIAL_NUMBER,
    }


def test_the_reference_shows_nothing_of_the_key(keys: SoftwareKeyStore) -> None:
    reference = keys.generate(KeyAlgorithm.P256)
    raw = base64.urlsafe_b64decode(reference)
    plain = crypto.decrypt(raw, aad="signing-key", scope="signing-keys")
    assert plain[-20:] not in raw
    assert plain[:20] not in raw


def test_a_reference_is_of_no_use_for_another_purpose(keys: SoftwareKeyStore) -> None:
    raw = base64.urlsafe_b64decode(keys.generate(KeyAlgorithm.P256))
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(raw, aad="signing-key")
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(raw, aad="other", scope="signing-keys")


@pytest.mark.parametrize("reference", ["", "x", "不是", base64.urlsafe_b64encode(b"\x01" * 80).decode()])
def test_an_unknown_reference(keys: SoftwareKeyStore, reference: str) -> None:
    with pytest.raises(ProviderError) as caught:
        keys.sign(reference, b"x")
    assert (caught.value.code, caught.value.permanent) == ("unknown_key", True)


def test_a_changed_reference(keys: SoftwareKeyStore) -> None:
    raw = bytearray(base64.urlsafe_b64decode(keys.generate(KeyAlgorithm.RSA2048)))
    raw[-1] ^= 1
    with pytest.raises(ProviderError, match="unknown_key"):
        keys.sign(base64.urlsafe_b64encode(raw).decode(), b"x")


def test_destroying_is_always_fine(keys: SoftwareKeyStore) -> None:
    keys.destroy(keys.generate(KeyAlgorithm.P256))
    keys.destroy("never made")
