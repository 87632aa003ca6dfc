"""Use cases of onboarding, split by who acts: inviting and reviewing (the employer), filling (the worker)."""
