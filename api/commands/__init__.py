"""What the commands of `engage` do. They start processes, so they alone know the embedded servers."""


class CommandFailed(Exception):
    """The command cannot do its work; the message is one sentence for the person at the terminal."""
