"""Content-addressed, write-once, encrypted documents. Owns bytes and their record; knows no contract."""
