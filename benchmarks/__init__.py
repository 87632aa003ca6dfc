"""Measurements, and the journey that they, the demo and the process tests share."""
