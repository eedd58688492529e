"""What can go otherwise while a job runs."""


class Cancelled(Exception):
    """The person who asked for the job no longer wants it."""


class LeaseLost(Exception):
    """Somebody else has taken the job up: this process must stop touching it."""
