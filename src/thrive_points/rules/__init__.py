"""The registry: what each activity type earns, and which rule is in force when."""
