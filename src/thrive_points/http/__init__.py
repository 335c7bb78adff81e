"""The HTTP API: thin views over the selectors. Needs the `api` extra.

A site mounts it wherever it likes:

    path("api/v1/", include("thrive_points.http.urls"))

It reads only. No request can award, reverse or adjust.
"""
