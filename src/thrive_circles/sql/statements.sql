-- The XP layer's statements. The profile's row is locked by the caller.

-- name: write_standing
UPDATE thrive_circles_userthriveprofile
SET total_xp = %(total_xp)s, week = %(week)s, week_xp = %(week_xp)s,
    level = %(level)s, streaks = %(streaks)s
WHERE user_id = %(user)s

-- name: insert_event
INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
VALUES (%s, %s, %s, %s, %s)

-- name: call_add_xp
SELECT thrive_circles_add_xp(
    %(user)s, %(amount)s, %(source)s, %(xp_description)s, %(created_at)s,
    %(total_xp)s, %(week)s, %(week_xp)s, %(level)s, %(streaks)s)

-- name: count_active
SELECT COUNT(*) FROM thrive_circles_userthriveprofile
WHERE week >= %(active_since)s AND total_xp >= %(lowest)s AND total_xp < %(below)s

-- name: lock_members
-- In the order in which a batch of awards locks its members, so that neither waits for the other.
SELECT COUNT(*) FROM (
    SELECT FROM thrive_circles_userthriveprofile
    WHERE week >= %(active_since)s AND total_xp >= %(lowest)s AND total_xp < %(below)s
    ORDER BY user_id FOR NO KEY UPDATE
) AS locked

-- name: place_members
UPDATE thrive_circles_userthriveprofile AS profile SET circle_id = circle.id
FROM (
    SELECT user_id, NTILE(%(circles)s) OVER (ORDER BY total_xp, user_id) AS number
    FROM thrive_circles_userthriveprofile
    WHERE week >= %(active_since)s AND total_xp >= %(lowest)s AND total_xp < %(below)s
) AS placed
JOIN thrive_circles_circle AS circle
    ON circle.week = %(week)s AND circle.level = %(level)s AND circle.number = placed.number
WHERE profile.user_id = placed.user_id

-- name: write_standings
UPDATE thrive_circles_userthriveprofile AS profile
SET total_xp = given.total_xp, week = given.week, week_xp = given.week_xp,
    level = given.level, streaks = given.streaks
FROM unnest(%(user)s::{user_type}[], %(total_xp)s::bigint[], %(week)s::date[], %(week_xp)s::bigint[],
            %(level)s::integer[], %(streaks)s::jsonb[])
    AS given (user_id, total_xp, week, week_xp, level, streaks)
WHERE profile.user_id = given.user_id

-- name: append_events
INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
SELECT * FROM unnest(%(user)s::{user_type}[], %(amount)s::bigint[], %(source)s::text[],
                     %(description)s::text[], %(created_at)s::timestamptz[])
