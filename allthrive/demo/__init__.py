"""A believable community for trying the site: `manage.py seed_demo`. See `plan.py`."""
