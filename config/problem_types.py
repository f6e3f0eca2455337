"""Every kind of problem that the API may answer with. A kind that is not here fails a test.

The code is the last part of a problem's `type`; programs decide by it, so it never changes its meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProblemType:
    """The status that it comes with, when it comes, and what a program does about it."""

    status: int
    when: Any
    mend: Any


TYPES: Mapping[str, ProblemType] = {
    # How a request is made
    "parse-error": ProblemType(
        400, _("The body is no JSON, or not in UTF-8."), _("Send one JSON document in UTF-8.")
    ),
    "invalid": ProblemType(
        400,
        _("Fields or parameters are missing, unknown or not of their kind."),
        _("Mend what each entry of `errors` points at."),
    ),
    "bad-request": ProblemType(400, _("The request cannot be read."), _("Look at the host and the headers.")),
    "idempotency-key-invalid": ProblemType(
        400, _("The Idempotency-Key is too long or not printable."), _("Send a UUID.")
    ),
    "not-authenticated": ProblemType(401, _("There is no token."), _("Get a token, and send it as Bearer.")),
    "authentication-failed": ProblemType(
        401, _("The token has run out or was taken back."), _("Get a new token, and send the request again.")
    ),
    "scope-missing": ProblemType(
        403,
        _("The token lacks a scope."),
        _("Ask for the scope with the token, or have the client given it."),
    ),
    "permission-denied": ProblemType(
        403, _("Whoever asks may not do this."), _("Ask as somebody who may: a program, or a person.")
    ),
    "not-found": ProblemType(
        404,
        _("There is no such thing, or none that you may see."),
        _("Look at the address, and at the organisation of your client."),
    ),
    "method-not-allowed": ProblemType(
        405, _("This address does not take this method."), _("Use one that the Allow header names.")
    ),
    "not-acceptable": ProblemType(
        406, _("The Accept header leaves out JSON."), _("Accept application/json.")
    ),
    "too-large": ProblemType(413, _("The body is too long."), _("Send it in parts.")),
    "unsupported-media-type": ProblemType(
        415,
        _("The body is of another media type."),
        _("Send one that the operation names, mostly application/json, and say so in Content-Type."),
    ),
    "throttled": ProblemType(
        429, _("Too many requests."), _("Wait for as many seconds as Retry-After says, then go on.")
    ),
    "server-error": ProblemType(
        500,
        _("A fault of ours."),
        _("Send it again later, with the same Idempotency-Key; tell us its X-Request-Id."),
    ),
    # Two that write
    "idempotency-key-in-use": ProblemType(
        409,
        _("The first request with this key is still at work."),
        _("Wait for Retry-After, and send it again."),
    ),
    "idempotency-answer-lost": ProblemType(
        409,
        _("The first request with this key was done, but its answer cannot be read any more."),
        _("Read how things stand, and go on from there."),
    ),
    "idempotency-key-reused": ProblemType(
        422,
        _("The key was used for another address or body, or with other scopes."),
        _("A fresh key for each piece of work."),
    ),
    "changed-meanwhile": ProblemType(
        412,
        _("It was changed since you read it."),
        _("Read it again, and send your change with the new ETag."),
    ),
    "if-match-required": ProblemType(
        428, _("If-Match is missing where it must be."), _("Read it first, and send its ETag in If-Match.")
    ),
    # Attempts
    "attempt-error": ProblemType(409, _("The attempt does not allow it."), _("See `detail`.")),
    "quiz-unavailable": ProblemType(
        409, _("The quiz cannot be taken: it is not published, or is archived."), _("Choose another quiz.")
    ),
    "not-open-yet": ProblemType(409, _("The assignment opens later."), _("Wait until its `opens_at`.")),
    "assignment-closed": ProblemType(
        409,
        _("The assignment takes no new attempt."),
        _("Change its `closes_at`, or give the learner more time."),
    ),
    "not-assigned": ProblemType(
        409, _("The quiz is assigned, and not to this learner."), _("Assign it to them first.")
    ),
    "no-attempts-left": ProblemType(
        409, _("All attempts are used."), _("Give the learner more attempts by an accommodation.")
    ),
    "given-already": ProblemType(
        409, _("More time was given meanwhile."), _("Read the attempt again before you give more.")
    ),
    "attempt-closed": ProblemType(
        409, _("The attempt is handed in; nothing is accepted any more."), _("Do not send it again.")
    ),
    "stale-response": ProblemType(
        409,
        _("A newer response is saved already; `sequence` is its number."),
        _("Keep what is saved, or send yours with a higher number."),
    ),
    "sequence-refused": ProblemType(
        409,
        _("The number of the response cannot be used."),
        _("Send any number that is higher than the newest one, up to 2147483647; gaps are fine."),
    ),
    "response-refused": ProblemType(
        422,
        _("The data do not fit the type of the question."),
        _("Mend what each entry of `errors` points at: the question's type has the shape."),
    ),
    "not-answered": ProblemType(409, _("There is no response to check."), _("Save one first.")),
    "feedback-not-due": ProblemType(409, _("Feedback is told later."), _("Ask again when it is due.")),
    "unfit": ProblemType(
        422,
        _("A field names what is not there, or does not go with the others."),
        _("Mend what each entry of `errors` points at."),
    ),
    # People and classes
    "required": ProblemType(
        422, _("Something that is needed is not there."), _("Give what each entry of `errors` points at.")
    ),
    "one-of-two": ProblemType(
        422, _("A person or a class is named twice, or not at all."), _("Give its UUID, or its external id.")
    ),
    "unknown-person": ProblemType(422, _("Nobody in the organisation is named so."), _("Make them first.")),
    "unknown-class": ProblemType(
        422,
        _("No class of the organisation is named so."),
        _("Make it first; or send `make_cohorts: true` with a roster."),
    ),
    "external-id-taken": ProblemType(
        409, _("Somebody, or a class, has this external id."), _("Change that one, or choose another id.")
    ),
    "already-enrolled": ProblemType(409, _("They are in the class."), _("Change their membership instead.")),
    "place-ended": ProblemType(409, _("The membership has ended."), _("Enrol them again.")),
    "class-archived": ProblemType(409, _("The class is archived."), _("Take it out of the archive first.")),
    "class-refused": ProblemType(409, _("The class does not allow it."), _("See `detail`.")),
    "may-not-teach": ProblemType(
        409, _("This account may not teach."), _("Have a site admin give it the role.")
    ),
    "not-yours-to-change": ProblemType(
        409,
        _("The account is not the organisation's alone."),
        _("Leave it as it is: the person may change it."),
    ),
    "person-erased": ProblemType(409, _("The person was erased."), _("Make them anew, if they are back.")),
    "rows-refused": ProblemType(
        422,
        _("Rows of a roster are refused, and nothing is written."),
        _("Mend the rows that `errors` points at, or send `all_or_nothing: false`."),
    ),
    "oneroster-refused": ProblemType(
        422,
        _("Files of the package are refused, and nothing is written."),
        _("Mend the lines that `errors` names."),
    ),
    "busy": ProblemType(409, _("Another import is changing the same people."), _("Send it again.")),
    # Launches
    "one-target": ProblemType(
        422,
        _("More than one thing, or none, is to be opened."),
        _("Give one of lesson, quiz, assignment and course."),
    ),
    "unknown-lesson": ProblemType(
        422, _("There is no such lesson that is published."), _("Look at its UUID.")
    ),
    "unknown-quiz": ProblemType(422, _("There is no such quiz that is published."), _("Look at its UUID.")),
    "unknown-assignment": ProblemType(422, _("There is no such assignment."), _("Look at its UUID.")),
    "unknown-module": ProblemType(
        422, _("There is no such module of a course that you may see."), _("Look at its UUID.")
    ),
    "unknown-course": ProblemType(
        422, _("There is no such course that is published."), _("Look at its UUID.")
    ),
    "not-launched": ProblemType(
        409,
        _("The account may not be signed in by a launch."),
        _("Launch learners only; staff sign in themselves."),
    ),
    "not-given": ProblemType(
        409,
        _("The learner does not meet this."),
        _("Enrol them, and give their class the course or the quiz."),
    ),
    # Content
    "content-of-others": ProblemType(
        403,
        _("The content is the site's, or another organisation's."),
        _("Make a copy in the administration, and change that."),
    ),
    "archived": ProblemType(
        409, _("It is archived."), _("Take it out of the archive in the administration.")
    ),
    "not-published": ProblemType(409, _("It cannot be published now."), _("See `detail`.")),
    "already-published": ProblemType(409, _("The revision is published already."), _("Read it again.")),
    "draft-open": ProblemType(
        409, _("Somebody has a draft of it."), _("Publish or discard that draft in the administration.")
    ),
    "incomplete": ProblemType(409, _("Something that learners need is missing."), _("See `detail`.")),
    "faulty": ProblemType(
        409, _("Something that learners would meet is wrong."), _("Mend what `errors` lists.")
    ),
    "annotations-lose-their-place": ProblemType(
        409,
        _("The new text leaves annotations without a place."),
        _("Change the text in the administration, and place them there."),
    ),
    "bundle-refused": ProblemType(
        422,
        _("The bundle has faults, and nothing was imported."),
        _("Mend what `errors` lists: each names its file and line."),
    ),
    "export-refused": ProblemType(409, _("The course cannot be written as a bundle."), _("See `detail`.")),
    # Assignments and marks
    "assigned-already": ProblemType(
        409, _("The class has this quiz already; `assignment` is its UUID."), _("Change that assignment.")
    ),
    "assignment-invalid": ProblemType(
        422, _("What is asked of the assignment does not fit together."), _("Mend what `errors` points at.")
    ),
    "assignment-refused": ProblemType(409, _("The assignment does not allow it."), _("See `detail`.")),
    "accommodation-invalid": ProblemType(
        422, _("What is granted does not fit together."), _("Mend what `errors` points at.")
    ),
    "accommodation-refused": ProblemType(409, _("It cannot be granted now."), _("See `detail`.")),
    "grade-entry-invalid": ProblemType(
        422, _("The entry does not fit together."), _("Mend what `errors` points at.")
    ),
    "grade-entry-refused": ProblemType(409, _("The mark cannot be set now."), _("See `detail`.")),
    "open-elsewhere": ProblemType(
        409,
        _("The learner has this quiz open under a class that is not looked at here."),
        _("Have them hand it in where they began it."),
    ),
    "not-yourself": ProblemType(
        422, _("A signed-in person named somebody else as the learner."), _("Leave `learner` out.")
    ),
    "no-time-to-give": ProblemType(
        409, _("No attempt is running that ends."), _("Start one, or grant an accommodation.")
    ),
    "step-is-a-quiz": ProblemType(
        409, _("The step is done when its quiz is handed in."), _("Start an attempt at the quiz.")
    ),
    "not-enrolled": ProblemType(
        409,
        _("The person looks at the course and does not take it."),
        _("Enrol them in a class that takes it."),
    ),
}
