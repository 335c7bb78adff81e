-- The XP layer's statements. The profile's row is locked by the caller.

-- name: write_standing
UPDATE thrive_circles_userthriveprofile
SET total_xp = %(total_xp)s, week = %(week)s, week_xp = %(week_xp)s,
    level = %(level)s, streaks = %(streaks)s
WHERE user_id = %(user)s

-- name: insert_event
INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
VALUES (%(user)s, %(amount)s, %(source)s, %(description)s, %(created_at)s)

-- name: append_event
INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
VALUES (%(user)s, %(amount)s, %(source)s, %(description)s, %(created_at)s)
RETURNING id

-- name: call_add_xp
SELECT thrive_circles_add_xp(
    %(user)s, %(amount)s, %(source)s, %(description)s, %(created_at)s,
    %(total_xp)s, %(week)s, %(week_xp)s, %(level)s, %(streaks)s)
