"""Give operators and regulators keys, through the use cases."""

from app.accounts.fresh_proof import FreshProof, request_proof_code
from app.accounts.key_ceremonies import RelyingParty
from app.accounts.security_keys import begin_key_registration, finish_key_registration
from tests.factories import Employer, last_code
from tests.support.authenticator import Authenticator
from tests.support.regulators import Regulator

PARTY = RelyingParty("localhost", "http://localhost")


def by_code(employer: Employer | Regulator) -> FreshProof:
    request_proof_code(actor=employer.actor)
    return FreshProof(code=last_code(employer.phone, "SMS_SECURITY_KEY"))


def add_key(
    employer: Employer | Regulator, name: str = "办公室的 UKey", key: Authenticator | None = None
) -> Authenticator:  # fmt: skip
    made = key or Authenticator()
    begun = begin_key_registration(actor=employer.actor, proof=by_code(employer), party=PARTY)
    finish_key_registration(
        actor=employer.actor, ceremony_id=begun.ceremony_id, credential=made.create(begun.options), name=name,
        party=PARTY,
    )  # fmt: skip
    return made
