"""The console's pages: each view asks one use case and shows the answer; htmx gets a part, everybody else a page."""
