"""Employing organisations, their members and roles, their verification."""
