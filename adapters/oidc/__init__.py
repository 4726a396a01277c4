"""OpenID Connect as a client of providers that customers name: every address is guarded."""
