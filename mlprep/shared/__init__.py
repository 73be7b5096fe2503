"""The ground under all apps: text rendering and the HTMX helper. Imports none of them."""
