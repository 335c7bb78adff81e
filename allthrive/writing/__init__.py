"""What members write for points: whether it says something, and how much of it counts a day."""
