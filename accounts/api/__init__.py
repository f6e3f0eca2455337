"""What every resource of the API has in common: who may ask, how lists are paged, what has changed."""
