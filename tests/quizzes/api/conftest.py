from tests.integrations.conftest import head, nothing_counted, program, school

__all__ = ["head", "nothing_counted", "program", "school"]
