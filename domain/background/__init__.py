"""Work that takes longer than a request: done in pieces that each commit, watched, stopped, taken back once."""
