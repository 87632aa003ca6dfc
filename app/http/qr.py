"""Addresses for the phone as pictures."""

import segno


def qr_picture(url: str) -> str:
    """A `data:` address of an SVG, for `<img>`."""
    return str(segno.make(url, error="l").svg_data_uri(scale=5, border=2))
