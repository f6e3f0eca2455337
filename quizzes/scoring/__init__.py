"""The arithmetic of judging, as pure functions of plain data. No Django here.

Every score is in [0, 1]. Scoring only computes; grading is the verb that records.
"""

#: The version of the rules that scores are kept with; it rises when a rule changes what a response gets.
RULES_VERSION = 1
