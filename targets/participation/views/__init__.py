"""The browser's side of participation: fetch in scope, form, one verb or figure, answer."""
