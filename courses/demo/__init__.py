"""A class with a history, for the demo and for benchmarks: made up, and written by the real verbs.

Pupils are drawn from a seed (`pupils`), answer as well as they can (`answering`), on dates in the past
(`clock`), through weeks of lessons (`history`). The same seed gives the same class.
"""
