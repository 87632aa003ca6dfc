"""What organisations need from the outside world."""

from typing import Protocol

from app.core.checks import CheckResult


class Picture(Protocol):
    """A picture that was made plain (app.templates.pictures); nothing else may be stored and shown."""

    @property
    def data(self) -> bytes: ...
    @property
    def media_type(self) -> str:
        """image/png or image/jpeg."""


class OrganisationRegistry(Protocol):
    """Business registry check of an organisation (C1, C2)."""

    def check_organisation(
        self, *, name: str, uscc: str, legal_representative: str, legal_representative_id: str, reference: str
    ) -> CheckResult:
        """Four factors: organisation name, unified social credit code, representative's name and ID number."""
