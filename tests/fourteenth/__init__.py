"""A fourteenth question type, as an app of somebody else's would bring one: a type, a template, a form.

Nothing is registered here: `test_fourteenth.py` does that and takes it back, so that tests which run
over all types know the project's own only.
"""
