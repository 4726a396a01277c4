"""The stand-in of Google: OAuth and OpenID Connect, and the Gmail API."""
