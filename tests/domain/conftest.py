"""The rules are tested without servers; examples are many, so none of them has a deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rules", max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rules")
