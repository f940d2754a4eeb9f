"""`python -m awsmini.completion`."""

from awsmini.completion.main import main

main()
