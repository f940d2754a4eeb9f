"""Warm calls: a parent that has imported what calls import, and forks a child for each command.

With AWSMINI_WARM=1 a call hands its words, environment, working directory and streams to the child (`caller.py`), which
runs the command as a process of its own would (`server.py`). Whatever is not as it should be, the call runs cold.
"""
