"""A live tail on a screen: `log` is what has come and how it is shown, `screen` the terminal."""
