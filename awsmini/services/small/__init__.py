"""What is a service's own beside its page and fits in one file, which is named like the page."""
