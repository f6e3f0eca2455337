"""The learner's line over REST: the same verbs, refusals and querysets as the pages."""
