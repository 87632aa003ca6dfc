"""Configuration from the environment. Owns every variable and the refusal of unsafe ones; knows no vendor's code."""

from app.settings.safety import SafetyProblem, refuse_unsafe, unsafe_settings
from app.settings.values import ConfigurationError, Settings

__all__ = ["ConfigurationError", "SafetyProblem", "Settings", "refuse_unsafe", "unsafe_settings"]
