"""Thrive Circles: the XP layer. It keeps totals, weeks, levels, circles and their feed.

It knows nothing of points rules: it is handed amounts by PointsService and by nobody else.
"""
