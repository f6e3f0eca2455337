"""What scripts lose on their way to the readers."""

import pytest

from config.storage import without_comments

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("script", "served"),
    [
        pytest.param("/** Says.\n * More. */\nlet a = 1;\n", "let a = 1;\n", id="a block"),
        pytest.param("  // why\n  let a = 1;\n", "  let a = 1;\n", id="a line"),
        pytest.param("let a = 1; // why\n", "let a = 1; // why\n", id="beside code it stays"),
        pytest.param('let a = "http://b";\n', 'let a = "http://b";\n', id="an address"),
        pytest.param("/* a */ let b;\n", "/* a */ let b;\n", id="code after it"),
        pytest.param("let a = 1; /* b */\n/* c */\nlet d;\n", "let a = 1; /* b */\nlet d;\n", id="two"),
    ],
)
def test_comments_with_lines_to_themselves_are_left_out(script: str, served: str) -> None:
    assert without_comments(script) == served
