"""Language and size of text are kept with the account (M5)."""

import pytest

from app.accounts.preferences import update_preferences
from app.accounts.sessions import authenticate_worker
from app.core.errors import InvalidInput
from app.identity.persons import get_profile
from tests.factories import new_employer, new_worker

pytestmark = pytest.mark.usefixtures("database")


def test_preferences_stay_with_the_account() -> None:
    worker, other = new_worker(), new_worker()
    update_preferences(actor=worker.actor, language="en")
    update_preferences(actor=worker.actor, font_scale="1.5")
    profile = get_profile(actor=worker.actor)
    assert (profile.language, profile.font_scale) == ("en", "1.5")
    assert authenticate_worker(token=worker.token).language == "en"
    assert get_profile(actor=other.actor).language == "zh-CN"


def test_an_operator_has_a_language_too() -> None:
    employer = new_employer()
    update_preferences(actor=employer.actor, language="en", font_scale="1.25")
    assert get_profile(actor=employer.actor).language == "en"


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"font_scale": "9"}, {"language": ""}])
def test_other_values_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        update_preferences(actor=new_worker().actor, **wrong)
    assert set(refused.value.fields) == set(wrong)
