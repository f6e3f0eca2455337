from typing import Any

from tests.contracts.stage import Stage

#                                        anon lear stra assi teac else auth supe
ROWS = {
    "GET courses:classes": "             in   200  200  200  200  200  200  200",
    "POST courses:classes": "            in   405  405  405  405  405  405  405",
    "GET courses:class": "               in   404  404  200  200  404  404  404",
    "POST courses:class": "              in   405  405  405  405  405  405  405",
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    return {} if name == "courses:classes" else {"uuid": stage.cohort.uuid}
