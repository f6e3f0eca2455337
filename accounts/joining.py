"""Coming into a class with the code on the board: the only writer of places that are made that way."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import consents, nicknames
from accounts.models import Cohort, CohortMember, JoinCode, User
from accounts.names import name_key
from accounts.signals import cohort_member_changed

#: What codes are made of: of each group of look-alikes one character, so that what was misread is
#: known, and no vowel, so that no code is a word. Six of the 24 give 191 million codes, of which
#: one address may try 1,000 a day (`wrong_code` in ACCOUNT_RATE_LIMITS).
LETTERS = "34679BCDFHJKLMNPRSTVWXYZ"
LETTERS_IN_CODE = 6
#: The longest password, in code points: far more than anybody types, and quick to hash.
LONGEST_PASSWORD = 1_000
#: More than any code with all the blanks and hyphens that somebody may put into it.
_LONGEST_TYPED = 64
#: Who typed a character that no code has, saw the one under it. The Cyrillic ones sit on the same keys.
_LOOK_ALIKES = str.maketrans(
    "0OQ1I528GUВСНКМОРТХУ",
    "DDDLLSZB6VBCHKMDPTXY",
)


class JoinRefused(Exception):
    """Nobody was let in; each message says why, and how to mend it.

    `field` is what has to be mended: code, nickname or password. `reason` is for programs: unknown,
    revoked, archived, expired, used-up, nickname, nickname-taken or password.
    """

    def __init__(self, field: str, reason: str, *messages: str) -> None:
        self.field = field
        self.reason = reason
        self.messages = messages
        super().__init__(" ".join(messages))


@dataclass(frozen=True)
class Joined:
    """Who is in which class now, and with which code; `username` is what they sign in as from now on."""

    user: User
    cohort: Cohort
    username: str
    code: str


def join(*, code: str, nickname: str, password: str, language: str = "") -> Joined:
    """Make an account for somebody with a class code, and a learner's place in that class.

    They agree to `consents.joining_words`, which stand above the button that brought them here.

    The code is as typed: see `readings`. `language` is one of the site's; any other, and '', means
    the browser's. Raises JoinRefused; then nothing was written.
    """
    # All that can be refused is refused first: the hash takes 65 ms. It is made before the
    # transaction, because on SQLite everybody else's writing would wait for it.
    cohort = open_code(code).cohort
    nickname = _fit_nickname(nickname, cohort)
    hashed = _hashed(password, nickname)
    with transaction.atomic():
        locked = open_code(code, lock=True)
        _refuse_taken(nickname, locked.cohort)
        user = create_person(nickname, hashed, language if language in dict(settings.LANGUAGES) else "")
        consents.agree(user=user)
        _admit(user, locked)
    return Joined(user=user, cohort=locked.cohort, username=user.username, code=locked.code)


def join_as(*, user: User, code: str) -> Joined:
    """Give somebody who has an account a learner's place in one more class. Raises JoinRefused.

    Who has a place there already keeps it as it is, and uses up nothing. Their nickname is not
    looked at: they cannot choose another one here, and a class tells two of one name by user name.
    """
    with transaction.atomic():
        found = _found(code, lock=True)
        if not CohortMember.objects.filter(cohort=found.cohort, user=user, left_at=None).exists():
            _refuse_closed(found)
            if not consents.has_agreed(user):
                consents.agree(user=user)
            _admit(user, found, _known_as(user, found.cohort))
    return Joined(user=user, cohort=found.cohort, username=user.username, code=found.code)


def open_code(typed: str, *, lock: bool = False) -> JoinCode:
    """The code that is meant, if it still lets somebody in; raises JoinRefused if not.

    `lock` holds the code and its class until the transaction ends, which must be open then.
    """
    found = _found(typed, lock=lock)
    _refuse_closed(found)
    return found


def new_code(*, cohort: Cohort, expires_at: datetime | None = None, max_uses: int | None = None) -> JoinCode:
    """Make a code unlike every other; `max_uses` is at least 1, or None for as many as come."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _letter in range(LETTERS_IN_CODE))
        if not JoinCode.objects.filter(code=code).exists():
            return JoinCode.objects.create(cohort=cohort, code=code, expires_at=expires_at, max_uses=max_uses)


def readings(typed: str) -> list[str]:
    """What somebody may have meant, the likeliest first: their letters in capitals, then with
    look-alikes replaced. Blanks, hyphens and whatever else no code can have is left out.
    """
    plain = "".join(filter(str.isalnum, name_key(typed[:_LONGEST_TYPED]).upper()))
    return list(dict.fromkeys([plain, plain.translate(_LOOK_ALIKES)]))


def _found(typed: str, *, lock: bool) -> JoinCode:
    meant = [reading for reading in readings(typed) if reading.isascii()]
    codes = JoinCode.objects.select_related("cohort__organisation").filter(code__in=meant)
    if lock:
        codes = codes.select_for_update(of=("self", "cohort"), no_key=True)
    found = {code.code: code for code in codes}
    for reading in meant:
        if reading in found:
            return found[reading]
    raise JoinRefused(
        "code", "unknown", _("No class has this code. Look at the board or your card, and type it again.")
    )


def _refuse_closed(code: JoinCode) -> None:
    """Raise JoinRefused if the code lets nobody in any more."""
    if code.revoked_at is not None:
        raise JoinRefused("code", "revoked", _("This code was withdrawn. Ask your teacher for the new one."))
    if code.cohort.archived_at is not None:
        raise JoinRefused("code", "archived", _("This class is over. Ask your teacher for a newer code."))
    if code.expires_at is not None and code.expires_at <= timezone.now():
        raise JoinRefused("code", "expired", _("This code is too old. Ask your teacher for a new one."))
    if code.max_uses is not None and code.uses >= code.max_uses:
        raise JoinRefused(
            "code", "used-up", _("This code was used as often as it may be. Ask your teacher for a new one.")
        )


def _fit_nickname(typed: str, cohort: Cohort) -> str:
    """The nickname tidied up; raises JoinRefused if the class cannot have it."""
    nickname = nicknames.tidied(typed)
    if message := nicknames.fault(nickname):
        raise JoinRefused("nickname", "nickname", message)
    _refuse_taken(nickname, cohort)
    return nickname


def _refuse_taken(nickname: str, cohort: Cohort) -> None:
    key = nicknames.nickname_key(nickname)
    classmates = User.objects.filter(cohort_memberships__cohort=cohort, cohort_memberships__left_at=None)
    if any(nicknames.nickname_key(str(classmate)) == key for classmate in classmates):
        raise JoinRefused(
            "nickname",
            "nickname-taken",
            _("Somebody in this class is %(nickname)s already. Try another.") % {"nickname": nickname},
        )


def _hashed(password: str, nickname: str) -> str:
    """The password as it is stored; raises JoinRefused with all that Django's validators find."""
    if len(password) > LONGEST_PASSWORD:
        raise JoinRefused("password", "password", _("This password is too long. Three words are enough."))
    if "\0" in password or any("\ud800" <= letter <= "\udfff" for letter in password):
        raise JoinRefused(
            "password", "password", _("This password has a character that cannot be seen. Choose another.")
        )
    owner = User(username=next(nicknames.usernames(nickname)), display_name=nickname)
    try:
        validate_password(password, owner)
    except ValidationError as error:
        raise JoinRefused("password", "password", *error.messages) from error
    return make_password(password)


def create_person(nickname: str, hashed: str, language: str = "") -> User:
    """A person with the first free user name; raises JoinRefused if there is none.

    `hashed` is the password as stored. Somebody in another class may take the name meanwhile, so this
    belongs into a transaction.
    """
    for username in nicknames.usernames(nickname):
        if User.objects.filter(username_key=name_key(username)).exists():
            continue
        try:
            with transaction.atomic():
                user: User = User.objects.create(
                    username=username, display_name=nickname, password=hashed, language=language
                )
            return user
        except IntegrityError:
            continue
    raise JoinRefused("nickname", "nickname-taken", _("This nickname is taken too often. Try another."))


def _known_as(user: User, cohort: Cohort) -> str:
    """The real name that a teacher typed for them when they were in the class before; or ''."""
    places = CohortMember.objects.filter(cohort=cohort, user=user).exclude(real_name="")
    before = places.order_by("-joined_at", "-pk").first()
    return before.real_name if before else ""


def _admit(user: User, code: JoinCode, real_name: str = "") -> None:
    """A learner's place, counted as one use of the (locked) code, and told to the rooms above."""
    member = CohortMember.objects.create(cohort=code.cohort, user=user, real_name=real_name)
    code.uses += 1
    code.save(update_fields=["uses", "updated_at"])
    cohort_member_changed.send(sender=CohortMember, member=member)
