from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.contracts.stage import Stage
from tests.factories.accounts import JoinCodeFactory

# A person of these pages is the class's learner, unless a word says otherwise.
#                                          anon lear stra assi teac else auth supe
ROWS = {
    "GET accounts:people": "               in   404  404  200  200  404  404  404",
    "POST accounts:people": "              in   405  405  405  405  405  405  405",
    "GET accounts:person": "               in   404  404  404  200  404  404  404",
    "POST accounts:person names": "        in   404  404  404  on   404  404  404",
    "POST accounts:person remove": "       in   404  404  404  on   404  404  404",
    "GET accounts:person stranger": "      in   404  404  404  404  404  404  404",
    "POST accounts:person stranger": "     in   404  404  404  404  404  404  404",
    "GET accounts:add-staff": "            in   405  405  405  405  405  405  405",
    "POST accounts:add-staff": "           in   404  404  404  on   404  404  404",
    "POST accounts:add-staff nobody": "    in   404  404  404  422  404  404  404",
    "GET accounts:codes": "                in   404  404  200  200  404  404  404",
    "POST accounts:codes make": "          in   404  404  404  on   404  404  404",
    "POST accounts:codes revoke": "        in   404  404  404  on   404  404  404",
    "GET accounts:cards": "                in   404  404  404  200  404  404  404",
    "POST accounts:cards none": "          in   404  404  404  422  404  404  404",
    "POST accounts:cards": "               in   404  404  404  200  404  404  404",
    "GET accounts:import": "               in   404  404  404  200  404  404  404",
    "POST accounts:import": "              in   404  404  404  200  404  404  404",
    "POST accounts:import broken": "       in   404  404  404  422  404  404  404",
    "GET accounts:archive": "              in   405  405  405  405  405  405  405",
    "POST accounts:archive": "             in   404  404  404  on   404  404  404",
    "GET accounts:archived": "             in   200  200  200  200  200  200  200",
    "POST accounts:archived": "            in   405  405  405  405  405  405  405",
    "GET accounts:start-class": "          in   404  404  404  404  404  404  404",
    "POST accounts:start-class": "         in   404  404  404  404  404  404  404",
}
FORMS: dict[str, dict[str, Any]] = {
    "accounts:person names": {"do": "names", "real_name": "Sam Lindqvist", "nickname": "Sam"},
    "accounts:person remove": {"do": "remove"},
    "accounts:person stranger": {"do": "remove"},
    "accounts:add-staff nobody": {"login": "nobody", "role": "teacher"},
    "accounts:codes make": {"lasts": "week"},
    "accounts:codes revoke": {"revoke": "KPT4M7"},
    "accounts:import": {"pasted": "Sam Lindqvist\nKim Berg"},
    "accounts:archive": {},
    "accounts:start-class": {"name": "7b"},
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    if name in {"accounts:archived", "accounts:start-class"}:
        return {}
    person = {"person": stage.people["stranger" if words == "stranger" else "learner"].uuid}
    return {"uuid": stage.cohort.uuid, **(person if name == "accounts:person" else {})}


def form(stage: Stage, name: str, words: str) -> dict[str, Any]:
    if words == "revoke" and not stage.cohort.join_codes.filter(code="KPT4M7").exists():
        JoinCodeFactory(cohort=stage.cohort, code="KPT4M7")
    if words == "broken":
        return {"file": SimpleUploadedFile("list.xls", b"\xd0\xcf\x11\xe0 old Excel")}
    if name == "accounts:add-staff" and not words:
        return {"login": stage.people["teacher"].username, "role": "teacher"}
    if name == "accounts:cards" and not words:
        return {"pupil": [str(stage.people["classmate"].uuid)]}
    return FORMS.get(f"{name} {words}".strip(), {})
