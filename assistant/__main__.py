"""`python -m assistant` is the `teller` command."""

from ui.cli import main

main()
