"""What is a service's own beside its page and fits in a few files, whose names begin with the page's."""
