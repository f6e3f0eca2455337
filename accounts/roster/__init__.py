"""A class list as a school's office has it: read, planned, shown, and only then brought in."""
