"""Quick quizzes: a few questions, a score, and the reason behind every answer."""
