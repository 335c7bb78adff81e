"""The pages about the member: home, activity, history."""
