"""The text of an article as plain data: positions, words and sentences. No Django here.

`RULES_VERSION` numbers the rules for words and sentences. It is stored with every revision that was
cut by them, so raise it whenever `words` or `sentences` would cut some text differently.
"""

RULES_VERSION = 1
