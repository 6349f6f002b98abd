"""The figures for other systems: read-only JSON under /api/v1/, described in openapi.json and docs/api.md."""
