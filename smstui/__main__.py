"""``python -m smstui``: the same as the command ``smstui``."""

from smstui.cli import main

if __name__ == "__main__":
    main()
