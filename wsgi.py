"""For a WSGI server: `gunicorn wsgi:app` (settings in gunicorn.conf.py)."""

import gc

from app.factory import create_app

app = create_app()
gc.freeze()  # what is loaded stays: no collection need walk through it, nor the end of the process
