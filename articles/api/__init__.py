"""What is read, over REST: skills, articles with their revisions, and annotations for who may see keys."""
