"""The append-only log of what happened: the spine that timelines, statistics and every follower read."""
