"""The files of OneRoster 1.2 CSV, and their columns in the order of the specification. Data only."""

_EVERY = ("sourcedId", "status", "dateLastModified")

#: What we read or write, by the name of the file without ".csv".
COLUMNS: dict[str, tuple[str, ...]] = {
    name: (*_EVERY, *columns.split())
    for name, columns in {
        "academicSessions": "title type startDate endDate parentSourcedId schoolYear",
        "categories": "title weight",
        "classes": "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds "
        "subjects subjectCodes periods",
        "courses": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
        "enrollments": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
        "lineItems": "title description assignDate dueDate classSourcedId categorySourcedId "
        "academicSessionSourcedId resultValueMin resultValueMax schoolSourcedId",
        "orgs": "name type identifier parentSourcedId",
        "results": "lineItemSourcedId studentSourcedId scoreStatus score scoreDate comment textScore "
        "classSourcedId inProgress incomplete late missing",
        "roles": "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
        "users": "enabledUser username userIds givenName familyName middleName identifier email sms phone "
        "agentSourcedIds grades password userMasterIdentifier resourceSourcedIds preferredGivenName "
        "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns",
    }.items()
}
#: Every file that a manifest tells of.
FILES = [
    "academicSessions",
    "categories",
    "classes",
    "classResources",
    "courses",
    "courseResources",
    "demographics",
    "enrollments",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "orgs",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "roles",
    "scoreScales",
    "userProfiles",
    "userResources",
    "users",
]
#: What a file that we read must have; columns that are empty may be left out, as old systems do.
REQUIRED: dict[str, tuple[str, ...]] = {
    "academicSessions": ("sourcedId", "type", "startDate", "endDate"),
    "classes": ("sourcedId", "title"),
    "courses": ("sourcedId",),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
    "orgs": ("sourcedId", "name"),
    "users": ("sourcedId", "givenName", "familyName"),
}
#: Roles of people in classes, as they are called there and here.
ROLES = {"student": "learner", "teacher": "teacher", "proctor": "assistant"}
#: Stands for a family name that nobody has typed: the file must have one.
NO_NAME = "."
#: The issuer of a user's `sourcedId`.
ISSUER = "oneroster"
#: What our own packages call the system that they come from.
SYSTEM = "read-it-twice"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def meant(cell: str) -> str:
    """What a cell says, without what `harmless` put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
