"""Your Thrive Circle: this week's company, without ranks."""
