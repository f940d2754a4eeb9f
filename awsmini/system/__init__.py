"""The operating system as the program needs it: files written whole, folders of its own, streams, the terminal."""
