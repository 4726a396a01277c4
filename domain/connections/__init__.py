"""A user's link to a provider: how it comes about, how it is lost, and the mailbox behind it."""
