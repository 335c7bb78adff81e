"""The platform's SQL: today's schema, what migrations ran, and the statements of each store."""
