"""Programs, as the API's own tests have them."""

from tests.integrations.conftest import head, nothing_counted, program, school

__all__ = ["head", "nothing_counted", "program", "school"]
