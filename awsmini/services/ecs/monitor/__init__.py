"""Watching an ECS express gateway service: what its resources are at the moment, again and again.

    ask → look → View → lines → stream (lines of text) or screen (the whole terminal)

`resources` is the tree and what is done with trees, `answers` makes it of what ECS says, `look` makes the calls.
All of that is pure but `look`, `stream` and `screen`; `open` decides between the last two.
"""
