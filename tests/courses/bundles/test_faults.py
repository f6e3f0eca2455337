"""Every fault of a bundle is one line: file, line, field, what is wrong and how to mend it."""

from pathlib import Path

import pytest

from articles.skills import TITLES
from courses.bundles.bundle import read_bundle
from courses.bundles.faults import BundleRefused, Faults
from tests.courses.bundles.plain_bundle import FILES, edit

SKILLS = frozenset(TITLES)
NOTES = "articles/ferry.annotations.yaml"
FERRY = "articles/ferry.md"
TRY = "quizzes/try.yaml"
EXAM = "quizzes/exam.yaml"
WHO = "lessons/who.yaml"
END = "lessons/end.yaml"
MARK = "the file begins with a byte order mark."
NO_FIELDS = "the file must hold fields, each a name, a colon and a value."
SKILL_LIST = ", ".join(sorted(SKILLS))


def faults_of(folder: Path) -> list[str]:
    faults = Faults()
    read_bundle(folder, SKILLS, faults)
    return str(BundleRefused(faults)).splitlines()[:-1]


def test_plain_bundle_has_no_fault(bundle):
    faults = Faults()
    read = read_bundle(bundle, SKILLS, faults)
    assert faults.found == []
    assert read.counts() == {"articles": 1, "questions": 3, "quizzes": 2, "lessons": 2, "facts": 1}


def param(name: str, old: str, new: str, *expected: str):
    return pytest.param(name, old, new, list(expected), id=f"{expected[0].split(': ', 1)[1]}")


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # Draws, a pinned article, a time limit
        param(
            EXAM,
            "  - ref: note",
            "  - draw: {skill: attribution, count: 0}\n  - ref: note",
            f"{EXAM}:6: questions[0].draw.count: 0 is not at least 1.",
        ),
        param(
            EXAM,
            "  - ref: note",
            "  - draw: {skill: atribution, count: 1}\n  - ref: note",
            f"{EXAM}:6: questions[0].draw.skill: there is no skill “atribution”. Did you mean “attribution”?",
        ),
        param(
            EXAM,
            "  - ref: note",
            "  - draw: {skill: attribution, count: 1}\n    points: 0.005\n  - ref: note",
            f"{EXAM}:7: questions[0].points: use at most two decimals.",
        ),
        param(
            EXAM,
            "  - ref: note",
            "  - draw: {skill: attribution, count: 1}\n    title: X\n  - ref: note",
            f"{EXAM}:7: questions[0].title: there is no such field. There is: draw, points.",
        ),
        param(
            EXAM,
            "attempts_allowed: 2",
            "pinned: fery",
            f"{EXAM}:4: pinned: there is no article “fery”. Did you mean “ferry”?",
        ),
        param(
            EXAM,
            "attempts_allowed: 2",
            "time_limit_minutes: 0",
            f"{EXAM}:4: time_limit_minutes: 0 is not at least 1.",
        ),
        # YAML
        param(
            "course.yaml",
            "format: 1",
            "format: 1\nformat: 1",
            "course.yaml:2: format: this field stands here twice. Take one out.",
        ),
        param(
            TRY,
            "skills: [attribution]",
            "skills: &one [attribution]",
            f"{TRY}:6: anchors and aliases (“one”) are not used here.",
        ),
        param(
            TRY,
            "skills: [attribution]",
            "skills: *one",
            f"{TRY}:6: anchors and aliases (“one”) are not used here.",
        ),
        param(END, "  - {key", "\t- {key", f"{END}:4: there is a tab. Use blanks."),
        param(
            "course.yaml",
            "title: Read the ferry",
            "title: Read: the ferry",
            "course.yaml:3: this is not YAML: mapping values are not allowed here. "
            "Put texts in double quotes.",
        ),
        param(
            "course.yaml",
            "title: Read the ferry",
            "title: !!python/name:os.system x",
            "course.yaml:3: title: “tag:yaml.org,2002:python/name:os.system” is not used here. "
            "Put texts in double quotes.",
        ),
        param(
            END,
            "minutes: 5\n",
            "minutes: !!bool maybe\n",
            f"{END}:2: minutes: “maybe” is no value of its kind. Mend it, or put a text in quotes.",
        ),
        param(
            NOTES,
            "2026-11-24",
            "2026-02-30",
            f"{NOTES}:15: annotations[1].fact_checked_on: “2026-02-30” is no day. "
            "Mend it, or put a text in quotes.",
        ),
        param(
            EXAM,
            "        a: ",
            "        no: ",
            f'{EXAM}:19: questions[0].key.feedback: the name of a field must be text: write "no" in quotes.',
        ),
        param(
            EXAM,
            "Take your time.",
            "Take\\0your time.",
            f"{EXAM}:3: instructions: there is the character U+0000, which no text may hold. Take it out.",
        ),
        param(
            EXAM,
            "Take your time.",
            "Take \\ud800 time.",
            f"{EXAM}:3: instructions: there is the character U+D800, which no text may hold. Take it out.",
        ),
        param(
            EXAM,
            "Take your time.",
            "Take your cafe\u0301.",
            f'{EXAM}:3: “cafe\u0301."” is not in Unicode NFC. Write it with composed letters.',
        ),
        param(
            END,
            "The end",
            "The\u2028end",
            f"{END}:1: there is the character U+2028, which no text may hold. Take it out.",
        ),
        param(
            "course.yaml",
            "format: 1",
            f"deep: {'[' * 30}{']' * 30}\nformat: 1",
            "course.yaml:1: the data is nested more than 20 levels deep.",
        ),
        # Fields
        param(
            TRY,
            "  - ref: copied\n    type",
            "  - ref: copied\n    kind: x\n    type",
            f"{TRY}:5: questions[0].kind: there is no such field. "
            "There is: ref, type, skills, points, difficulty, title, about, copied, prompt, key.",
        ),
        param(
            EXAM,
            "attempts_allowed: 2",
            "attempt_allowed: 2",
            f"{EXAM}:4: attempt_allowed: there is no such field. Did you mean “attempts_allowed”?",
        ),
        param(
            EXAM,
            "title: The end",
            "titel: The end",
            f"{EXAM}:1: titel: there is no such field. Did you mean “title”?",
            f"{EXAM}:1: title: this field is missing.",
        ),
        param(
            EXAM,
            "title: The end",
            "title: 1984",
            f"{EXAM}:1: title: this must be text, and is the number “1984”. Put it in quotes.",
        ),
        param(
            EXAM,
            "title: The end",
            "title: yes",
            f"{EXAM}:1: title: this must be text, and is true. Put it in quotes.",
        ),
        param(EXAM, "title: The end", 'title: " "', f"{EXAM}:1: title: the text must not be blank."),
        param(
            END,
            "minutes: 5}",
            'minutes: "5"}',
            f"{END}:4: steps[0].minutes: this must be a whole number, and is the text “5”.",
        ),
        param(
            END,
            "minutes: 5}",
            "minutes: 6}",
            f"{END}:2: minutes: the steps take 6 minutes together. Write 6.",
        ),
        param(END, "minutes: 5}", "minutes: 0}", f"{END}:4: steps[0].minutes: 0 is not at least 1."),
        param(
            EXAM, "mode: graded", "mode: exam", f"{EXAM}:2: mode: “exam” is none of practice, graded or bank."
        ),
        param(
            EXAM,
            "ref: note",
            "ref: A note",
            f"{EXAM}:6: questions[0].ref: “A note” is no ref: lower case letters, digits and hyphens, "
            "at most 64.",
        ),
        param(
            EXAM,
            "  - ref: note",
            "  - just a text\n  - ref: note",
            f"{EXAM}:6: questions[0]: this must be a mapping of fields, and is the text “just a text”.",
        ),
        param(
            "course.yaml",
            "format: 1",
            "format: 2",
            "course.yaml:1: format: “2” is none of 1.",
        ),
        param(
            EXAM,
            "title: A note",
            "points: 0\n    title: A note",
            f"{EXAM}:9: questions[0].points: 0 is not above 0.",
        ),
        param(
            EXAM,
            "title: A note",
            "points: 0.125\n    title: A note",
            f"{EXAM}:9: questions[0].points: use at most two decimals.",
        ),
        param(
            EXAM,
            "title: A note",
            "title: A note that is too long",
            f"{EXAM}:9: questions[0].title: the title stands in a list: use at most 4 words.",
        ),
        param(
            EXAM,
            "mode: graded",
            "mode: practice",
            f"{END}:4: steps[0].quiz: a step of kind quiz needs a quiz of mode graded; “exam” is practice.",
            f"{EXAM}:4: attempts_allowed: practice has no limit. Write null, or mode: graded.",
        ),
        # Articles
        param(
            FERRY,
            "---\ntitle",
            "title",
            f"{FERRY}:1: the article must begin with front matter between two lines “---”.",
        ),
        param(
            FERRY,
            "CC BY 4.0\n---",
            "CC BY 4.0",
            f"{FERRY}:1: the front matter does not end. Close it with a line “---”.",
        ),
        param(
            FERRY,
            "licence:",
            "license:",
            f"{FERRY}:2: licence: this field is missing.",
            f"{FERRY}:4: license: there is no such field. Did you mean “licence”?",
        ),
        param(
            FERRY,
            "## The letters\n",
            "## The letters",
            f"{FERRY}:9: a subhead needs a blank line before and after it.",
        ),
        param(FERRY, "## The letters", "### The letters", f"{FERRY}:9: only “## ” makes a subhead."),
        param(
            FERRY,
            "four pages",
            "*four* pages",
            f"{FERRY}:11: “*four*” is markup, and articles have none. Take it out.",
        ),
        param(FERRY, "## The letters", "…", f"{FERRY}:9: the paragraph holds no word."),
        # Annotations
        param(
            NOTES,
            "skill: attribution",
            "skill: atribution",
            f"{NOTES}:3: annotations[0].skill: there is no skill “atribution”. Did you mean “attribution”?",
        ),
        param(
            NOTES,
            "skill: attribution",
            "skill: zzz",
            f"{NOTES}:3: annotations[0].skill: there is no skill “zzz”. There is: {SKILL_LIST}.",
        ),
        param(
            NOTES,
            'voted on 2 March."',
            'votes on 2 March."',
            f"{NOTES}:6: annotations[0].quote: paragraph 1: “The board votes on 2 March.” is not there. "
            "Did you mean “The board voted on 2 March”?",
        ),
        param(
            NOTES,
            'quote: "whining"',
            'quote: "whin"',
            f"{NOTES}:20: annotations[2].quote: paragraph 3: “whin” does not begin and end where words do. "
            "Did you mean “whining”?",
        ),
        param(
            NOTES,
            'quote: "whining"',
            'quote: "whining"\n    occurrence: 2',
            f"{NOTES}:20: annotations[2].quote: paragraph 3: “whining” has no occurrence 2 there; "
            "the last is 1.",
        ),
        param(
            NOTES,
            "paragraph: 3",
            "paragraph: 9",
            f"{NOTES}:19: annotations[2].paragraph: the article has 4 paragraphs.",
        ),
        param(
            NOTES,
            "ref: cruise",
            "ref: vote",
            f"{NOTES}:8: annotations[1].ref: “vote” is in use on line 2. Rename one.",
        ),
        param(
            NOTES,
            "ref: cruise",
            "ref: whining-margin",
            f"{NOTES}:16: annotations[2].ref: “whining-margin” is in use on line 8. Rename one.",
        ),
        param(
            NOTES,
            'margin: "a whining letter"',
            'margin: "a letter"',
            f"{NOTES}:21: annotations[2].margin: “a letter” does not stand around the quote. "
            "Write a longer piece of its paragraph.",
        ),
        param(
            NOTES,
            'margin: "a whining letter"',
            'margin: "ote a whining lett"',
            f"{NOTES}:21: annotations[2].margin: “ote a whining lett” does not stand around the quote. "
            "Write a longer piece of its paragraph.",
        ),
        param(
            NOTES,
            'quote: "The board voted on 2 March."',
            'quote: "cruise ships"',
            f"{NOTES}:6: annotations[0].quote: a foil may share no word with “cruise”, which is required.",
        ),
        param(
            NOTES,
            "readings: 2",
            "readings: 1",
            f"{NOTES}:24: annotations[2].readings: wording that must be found needs two readings; "
            "else make it acceptable.",
        ),
        param(
            NOTES,
            '    rationale: "A vote with its date."\n',
            "",
            f"{NOTES}:2: annotations[0].rationale: say why.",
        ),
        param(
            NOTES,
            'rationale: "A vote with its date."',
            "rationale: x\n    party: board",
            f"{NOTES}:8: annotations[0].party: a foil is no fault, so it hits nobody. Take it out.",
        ),
        param(
            NOTES,
            "kind: required",
            "kind: acceptable",
            f"{NOTES}:8: annotations[1].minority: readers differ here: say what some of them say.",
        ),
        # Questions
        param(
            EXAM,
            "type: single_choice",
            "type: singel_choice",
            f"{EXAM}:7: questions[0].type: there is no question type “singel_choice”. "
            "Did you mean “single_choice”?",
        ),
        param(
            EXAM,
            "ref: note",
            "ref: copied",
            f"{TRY}:4: questions[0].ref: “copied” is in use in {EXAM}:6. Rename one.",
        ),
        param(
            TRY,
            "article: ferry, from: 1, to: 1",
            "article: fery, from: 1, to: 1",
            f"{TRY}:12: questions[0].prompt.passage.article: there is no article “fery”. "
            "Did you mean “ferry”?",
        ),
        param(
            TRY,
            "from: 1, to: 1",
            "from: 4, to: 5",
            f"{TRY}:12: questions[0].prompt.passage.to: “ferry” has 4 paragraphs, so it has no paragraph 5.",
        ),
        param(
            TRY,
            "from: 1, to: 1",
            "from: 2, to: 1",
            f"{TRY}:12: questions[0].prompt.passage: “to” (1) must not come before “from” (2).",
        ),
        param(
            TRY,
            "sentences: [1, 1]",
            "sentences: [1, 3]",
            f"{TRY}:24: questions[1].prompt.passage.sentences: there are 2 sentences there, "
            "so there is no sentence 3.",
        ),
        param(
            TRY,
            "from: 1, to: 1}",
            "from: 1}",
            f"{TRY}:12: questions[0].prompt.passage.to: this field is missing.",
        ),
        param(
            TRY,
            'task: "Mark what needs a source."',
            "task: 2026-11-24",
            f"{TRY}:9: questions[0].prompt.task: “2026-11-24” is a day here. Put the text in quotes.",
        ),
        param(
            TRY,
            "granularity: sentences",
            "granularity: letters",
            f"{TRY}:10: questions[0].prompt.granularity: “letters” is none of words or sentences.",
        ),
        param(
            TRY,
            'quote: "wrote"',
            'quote: "writes"',
            f"{TRY}:35: questions[1].key.spans[1].quote: in the passage, “writes” is not there. "
            "Did you mean “wrote”?",
        ),
        param(
            TRY,
            'quote: "wrote"',
            'quote: "letter"',
            f"{TRY}:33: questions[1].key.spans[1].start: “plain”: a foil may share no word with "
            "“judging-margin”, which is acceptable.",
        ),
        param(
            TRY,
            'margin: "a whining letter"',
            'margin: "whining"',
            f"{TRY}:30: questions[1].key.spans[0].margin: “whining” does not stand around the quote. "
            "Write a longer piece of its paragraph.",
        ),
        param(
            TRY,
            "kind: foil",
            "kind: fool",
            f"{TRY}:34: questions[1].key.spans[1].kind: “fool” is none of required, acceptable or foil.",
        ),
        param(
            TRY,
            'rationale: "What mayors do."',
            'rationale: ""',
            f"{TRY}:36: questions[1].key.spans[1].rationale: “plain”: say why.",
        ),
        param(
            TRY,
            "skill: attribution\n      passage",
            "skill: certainty\n      passage",
            f"{TRY}:11: questions[0].prompt.skill: “certainty” is not among the skills of the question.",
        ),
        param(
            TRY,
            "key: annotations",
            "key: {annotations: false}",
            f"{TRY}:13: questions[0].key.annotations: say true, or leave it out and write the key.",
        ),
        param(
            TRY,
            "from: 1, to: 1",
            "from: 4, to: 4",
            f"{TRY}:13: questions[0].key.praise: Nothing is to be marked: say why that is right.",
        ),
        param(
            EXAM,
            "right: [a]",
            "right: [d]",
            f"{EXAM}:17: questions[0].key.right: “d” is none of the options.",
        ),
        param(
            EXAM,
            '        b: "That is not known."\n',
            "",
            f"{EXAM}:18: questions[0].key.feedback: Say about option “b” why it is right or wrong.",
        ),
        param(
            EXAM,
            "    key:\n      right: [a]",
            "    key:\n      quote: x\n      right: [a]",
            f"{EXAM}:17: questions[0].key.quote: there is no passage to find the quote in.",
        ),
        param(
            EXAM,
            "    key:\n      right",
            "    key: annotations\n    difficulty: 9\n    more:\n      right",
            f"{EXAM}:17: questions[0].difficulty: 9 is not at most 5.",
            f"{EXAM}:18: questions[0].more: there is no such field. "
            "There is: ref, type, skills, points, difficulty, title, about, copied, prompt, key.",
        ),
        param(
            EXAM,
            "skills: [attribution]",
            "skills: [attribution, attribution, x-x]",
            f"{EXAM}:8: questions[0].skills[1]: “attribution” stands here twice.",
            f"{EXAM}:8: questions[0].skills[2]: there is no skill “x-x”. There is: {SKILL_LIST}.",
        ),
        # Lessons
        param(
            WHO,
            "kind: explain",
            "kind: explained",
            f"{WHO}:6: steps[0].kind: “explained” is none of explain, read, practice or quiz.",
        ),
        param(
            WHO,
            "quiz: try",
            "quiz: tri",
            f"{WHO}:12: steps[2].quiz: there is no quiz “tri”. Did you mean “try”?",
        ),
        param(
            WHO,
            "quiz: try",
            "quiz: exam",
            f"{WHO}:12: steps[2].quiz: a step of kind practice needs a quiz of mode practice; "
            "“exam” is graded.",
        ),
        param(
            WHO,
            "article: ferry",
            "article: boat",
            f"{WHO}:11: steps[1].article: there is no article “boat”. There is: ferry.",
        ),
        param(
            WHO,
            "from: 1, to: 2",
            "from: 3, to: 2",
            f"{WHO}:11: steps[1].to: 2 must not come before “from” (3).",
        ),
        param(
            WHO,
            "from: 1, to: 2",
            "to: 5",
            f"{WHO}:11: steps[1].to: “ferry” has 4 paragraphs, so it has no paragraph 5.",
        ),
        param(
            WHO,
            "skill: attribution",
            "skill: x",
            f"{WHO}:11: steps[1].skill: there is no skill “x”. There is: {SKILL_LIST}.",
        ),
        param(
            WHO,
            "quiz: try",
            "quiz: try, article: ferry",
            f"{WHO}:12: steps[2].article: a step of kind practice has no use for this field. Take it out.",
        ),
        param(WHO, ", quiz: try", "", f"{WHO}:12: steps[2].quiz: a step of kind practice needs this field."),
        param(
            WHO,
            "key: read",
            "key: claim",
            f"{WHO}:11: steps[1].key: “claim” is in use on line 5. Rename one.",
        ),
        param(
            WHO,
            "an *owner*",
            "an <b>owner</b>",
            f"{WHO}:9: steps[0].body: there is HTML (</b>). Take it out.",
            f"{WHO}:9: steps[0].body: there is HTML (<b>). Take it out.",
        ),
        param(
            WHO,
            "Every claim has an *owner*",
            "![x](y.png)",
            f"{WHO}:9: steps[0].body: there is an image (x). Take it out.",
        ),
        param(
            WHO,
            "Every claim has an *owner*",
            "## Owners",
            f"{WHO}:9: steps[0].body: headings inside a step are “### ”, not “## ”.",
        ),
        # The outline
        param(
            "course.yaml",
            "[who, end]",
            "[who, end, more]",
            "course.yaml:10: modules[0].lessons[2]: there is no file lessons/more.yaml.",
        ),
        param(
            "course.yaml",
            "[who, end]",
            "[who, end, who]",
            "course.yaml:10: modules[0].lessons[2]: “who” stands on line 10 already. Take one out.",
        ),
        param(
            "course.yaml",
            "[who, end]",
            "[who]",
            f"{END}: no module of course.yaml has this lesson. Add it, or take the file away.",
        ),
        param(
            "course.yaml",
            "[who, end]",
            "[who]\n  - {ref: first, title: More, lessons: [end]}",
            "course.yaml:11: modules[1].ref: there is a module “first” already. Rename one.",
        ),
        param(
            "course.yaml",
            "opening: try",
            "opening: tray",
            "course.yaml:6: opening: there is no quiz “tray”. Did you mean “try”?",
        ),
        param(
            "course.yaml",
            "opening: try",
            "opening: exam",
            "course.yaml:6: opening: the opening must be practice; “exam” is graded.",
        ),
        # Facts
        param(
            "facts.yaml",
            "article: ferry",
            "article: boat",
            "facts.yaml:4: facts[0].article: there is no article “boat”. There is: ferry.",
        ),
        param(
            "facts.yaml",
            "checked_on: 2026-11-24",
            "checked_on: 2199-01-01",
            "facts.yaml:8: facts[0].checked_on: 2199-01-01 has not come yet.",
        ),
        param(
            "facts.yaml",
            "paragraph: 1",
            "paragraph: 7",
            "facts.yaml:5: facts[0].paragraph: “ferry” has 4 paragraphs.",
        ),
        param(
            "facts.yaml",
            "https://board",
            "board",
            "facts.yaml:7: facts[0].sources[0].url: “board.example/minutes” is no web address. "
            "Begin with https://.",
        ),
        param(
            "facts.yaml",
            "date: 2026-03-02",
            "date: March",
            "facts.yaml:7: facts[0].sources[0].date: this must be a day such as 2026-11-24, "
            "and is the text “March”.",
        ),
        param(
            "facts.yaml",
            'sources:\n      - {publisher: "The board", title: "Minutes", date: 2026-03-02, '
            'url: "https://board.example/minutes"}',
            "sources: []",
            "facts.yaml:6: facts[0].sources: there are 0 entries; at least 1 are wanted.",
        ),
        param(
            "facts.yaml",
            "    checked_on: 2026-11-24\n",
            "    checked_on: 2026-11-24\n  - {ref: vote, fact: x, article: ferry, paragraph: 1, "
            'checked_on: 2026-11-24, sources: [{publisher: x, title: x, date: 2026-11-24, url: "http://x"}]}\n',
            "facts.yaml:9: facts[1].ref: “vote” is in use on line 2. Rename one.",
        ),
    ],
)
def test_fault_is_one_line_that_says_where_and_what(bundle, name, old, new, expected):
    edit(bundle, name, old, new)
    assert faults_of(bundle) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "the file is empty.", id="empty"),
        pytest.param(b" \n\n", "the file is empty.", id="blank"),
        pytest.param(
            b"\xef\xbb\xbftitle: x\n", f"{MARK} Save it as UTF-8 without BOM.", id="byte order mark"
        ),
        pytest.param(
            b"title: x\r\n", "the line ends in CR. Save the file with Unix line ends (LF).", id="CRLF"
        ),
        pytest.param(
            b"title: caf\xe9\n", "the byte 0xE9 is not UTF-8. Save the file as UTF-8.", id="Latin-1"
        ),
        pytest.param(b"- a\n- b\n", NO_FIELDS, id="a list"),
        pytest.param(b"# only a remark\n", NO_FIELDS, id="a remark"),
        pytest.param(
            b"x" * 1_000_001,
            "the file has 1,000,001 bytes; the most is 1,000,000. Cut it into several.",
            id="huge",
        ),
    ],
)
def test_file_that_cannot_be_read_is_a_fault(bundle, content, expected):
    (bundle / END).write_bytes(content)
    (fault,) = faults_of(bundle)
    assert fault.removeprefix(END).lstrip(":0123456789").strip() == expected


def test_file_that_cannot_be_read_names_the_line(bundle):
    (bundle / END).write_bytes(b"minutes: 1\ntitle: caf\xe9\n")
    assert faults_of(bundle) == [f"{END}:2: the byte 0xE9 is not UTF-8. Save the file as UTF-8."]


def test_deep_nesting_is_a_fault_and_no_crash(bundle):
    (bundle / END).write_text("steps: " + "[" * 10_000)
    assert faults_of(bundle) == [f"{END}:1: the data is nested more than 20 levels deep."]


def test_what_nobody_meets_is_a_fault(bundle):
    (bundle / "quizzes/more.yaml").write_text(FILES[EXAM].replace("ref: note", "ref: more"))
    (bundle / "articles/more.md").write_text((bundle / FERRY).read_text())
    assert faults_of(bundle) == [
        "articles/more.md: no step and no question uses this article. Add one, or take the file away.",
        "quizzes/more.yaml: no step asks for this quiz. Add one, or take the file away.",
    ]


def test_options_that_say_the_same_are_a_fault(bundle):
    edit(bundle, EXAM, "This is too long.", "This is false. ")
    assert faults_of(bundle) == [f"{EXAM}:10: questions[0].prompt: two options say “This is false.”."]


def test_skill_that_the_prompt_does_not_ask_is_a_fault(bundle):
    edit(bundle, TRY, "skills: [attribution]", "skills: [attribution, certainty]")
    assert faults_of(bundle) == [
        f"{TRY}:6: questions[0].skills: the prompt does not ask for “certainty”. Take it out."
    ]


def test_opening_needs_a_question_for_the_front_page(bundle):
    edit(bundle, "course.yaml", "opening: try", "opening: exam")
    edit(bundle, EXAM, "mode: graded", "mode: practice")
    edit(bundle, EXAM, "attempts_allowed: 2\n", "")
    edit(bundle, END, "kind: quiz", "kind: practice")
    assert faults_of(bundle) == [
        "course.yaml:6: opening: “exam” needs a mark_spans question of sentences: the front page offers it."
    ]


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_never_a_crash(bundle, name):
    (bundle / name).unlink()
    expected = {
        "course.yaml": ["course.yaml: the file cannot be read: No such file or directory."],
        "facts.yaml": [],
        FERRY: [
            f"{NOTES}: there is no file {FERRY} to annotate.",
            f"{WHO}:11: steps[1].article: there is no article “ferry”. There is: none.",
            "facts.yaml:4: facts[0].article: there is no article “ferry”. There is: none.",
            f"{TRY}:12: questions[0].prompt.passage.article: there is no article “ferry”. There is: none.",
            f"{TRY}:24: questions[1].prompt.passage.article: there is no article “ferry”. There is: none.",
        ],
        NOTES: [f"{TRY}:13: questions[0].key.praise: Nothing is to be marked: say why that is right."],
        TRY: [
            "course.yaml:6: opening: there is no quiz “try”. There is: exam.",
            f"{WHO}:12: steps[2].quiz: there is no quiz “try”. There is: exam.",
        ],
        EXAM: [f"{END}:4: steps[0].quiz: there is no quiz “exam”. There is: try."],
        WHO: ["course.yaml:10: modules[0].lessons[0]: there is no file lessons/who.yaml."],
        END: ["course.yaml:10: modules[0].lessons[1]: there is no file lessons/end.yaml."],
    }
    assert sorted(faults_of(bundle)) == sorted(expected[name])


def test_article_without_paragraphs_is_a_fault(bundle):
    head = (bundle / FERRY).read_text().split("---")[1]
    (bundle / FERRY).write_text(f"---{head}---\n\n")
    assert faults_of(bundle)[0] == (
        f"{FERRY}:6: the article has no paragraphs. Write them below the front matter."
    )


def test_strange_file_is_a_fault(bundle):
    (bundle / "articles/picture.png").write_bytes(b"x")
    (bundle / "quizzes/Bad Name.yaml").write_text("x: 1")
    (bundle / ".hidden").write_text("x")
    assert faults_of(bundle) == [
        "articles/picture.png: no file of a bundle has this name. Take it away.",
        "quizzes/Bad Name.yaml: “Bad Name” is no ref: lower case letters, digits and hyphens, at most 64.",
    ]


def test_fault_in_an_article_is_said_once_and_not_by_what_needs_it(bundle):
    edit(bundle, FERRY, "## The letters", "### The letters")
    edit(bundle, EXAM, "right: [a]", "right: [d]")
    assert faults_of(bundle) == [
        f"{FERRY}:9: only “## ” makes a subhead.",
        f"{EXAM}:17: questions[0].key.right: “d” is none of the options.",
    ]


def test_fault_in_annotations_is_said_once_and_not_by_the_key_that_copies_them(bundle):
    edit(
        bundle, NOTES, "The board wants the pier for cruise ships.", "The board wants.. nothing at all here."
    )
    assert len(faults_of(bundle)) == 1


@pytest.mark.parametrize(
    ("shown", "asked", "faulty"),
    [
        pytest.param("from: 1, to: 2", 1, True, id="inside the part that is read"),
        pytest.param("from: 1, to: 2", 3, False, id="outside of it"),
        pytest.param("minutes: 1", 4, True, id="all of the article is read"),
    ],
)
def test_graded_quiz_asks_about_no_paragraph_that_a_lesson_reads(bundle, shown, asked, faulty):
    edit(bundle, WHO, "from: 1, to: 2", shown)
    question = (bundle / TRY).read_text().split("questions:\n")[1].split("  - ref: spelt-out")[0]
    question = question.replace("ref: copied", "ref: asked").replace(
        "from: 1, to: 1", f"from: {asked}, to: {asked}"
    )
    question = question.replace("key: annotations", "key: {annotations: true, praise: Right.}")
    (bundle / EXAM).write_text((bundle / EXAM).read_text() + question)
    expected = (
        f"{EXAM}:30: questions[1].prompt.passage: paragraph {asked} of “ferry” is read in {WHO}, "
        "step “read”. Ask about another one."
    )
    assert faults_of(bundle) == ([expected] if faulty else [])


def test_foil_of_one_skill_may_share_words_with_another_skill(bundle):
    edit(bundle, NOTES, "The board voted on 2 March.", "wants")
    edit(bundle, NOTES, "skill: attribution", "skill: certainty")
    assert faults_of(bundle) == []


def test_all_faults_of_all_files_are_gathered(bundle):
    edit(bundle, NOTES, "paragraph: 3", "paragraph: 9")
    edit(bundle, TRY, 'quote: "wrote"', 'quote: "writes"')
    edit(bundle, WHO, "quiz: try", "quiz: tri")
    edit(bundle, "facts.yaml", "paragraph: 1", "paragraph: 7")
    assert [line.split(":")[0] for line in faults_of(bundle)] == [NOTES, "facts.yaml", WHO, TRY]
