import pytest

from accounts.texts import fault_of_text

pytestmark = pytest.mark.pure

REFUSED = "There is a character in this text that cannot be kept. Type the text again."


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ""),
        ("Über\r\n\tdas 🦊", ""),
        ("\x01\ufffe", ""),
        ("a\x00b", REFUSED),
        ("before \ud83e", REFUSED),
        ("\udfff", REFUSED),
    ],
)
def test_text_is_kept_unless_a_database_could_not(text: str, fault: str) -> None:
    assert fault_of_text(text) == fault
