"""Use cases, split by who acts: inviting, reviewing, employees and departments (the employer), filling (the worker)."""
