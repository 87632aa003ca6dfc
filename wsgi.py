"""For a WSGI server: `gunicorn wsgi:app` (settings in gunicorn.conf.py)."""

from app.factory import create_app

app = create_app()
