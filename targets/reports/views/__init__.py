"""The browser's side of reporting: fetch in scope, form, one verb, answer."""
