-- The SQLite store's statements. Whoever writes first has the whole database to itself, so nothing
-- here needs a lock beyond that of the first statement.

-- name: lock
-- An update, though it changes nothing: it takes the write lock before anything is read.
UPDATE thrive_points_userthriveprofile SET last_number = last_number WHERE user_id = %s
RETURNING total_xp, week, week_xp, streaks, last_number

-- name: days
SELECT day, awards, points, last_awarded_at FROM thrive_points_pointsdailytotal
WHERE user_id = %s AND day BETWEEN %s AND %s AND activity_type = %s

-- name: days_of_member
SELECT activity_type, day, awards, points, last_awarded_at FROM thrive_points_pointsdailytotal
WHERE user_id = %s AND day BETWEEN %s AND %s

-- name: find
SELECT {columns} FROM thrive_points_pointshistory WHERE user_id = %s AND event_key = %s

-- name: following
-- Up to the next entry that follows from none: what an award completed stands right after it.
SELECT {columns} FROM thrive_points_pointshistory
WHERE user_id = %s AND number > %s AND number < COALESCE((
    SELECT number FROM thrive_points_pointshistory
    WHERE user_id = %s AND number > %s AND cause IS NULL ORDER BY number LIMIT 1
), 9223372036854775807)
ORDER BY number

-- name: active_days
-- Leaves out the day of an award about to be taken back, if it is the day's only one.
SELECT day, MIN(last_awarded_at) FROM thrive_points_pointsdailytotal
WHERE user_id = %s AND day < %s AND awards > 0 AND (%s = '' OR activity_type = %s)
    AND NOT (activity_type = %s AND day = %s AND awards = 1)
GROUP BY day
ORDER BY day DESC
LIMIT 64

-- name: active_days_from
SELECT day, MIN(last_awarded_at) FROM thrive_points_pointsdailytotal
WHERE user_id = %s AND day >= %s AND awards > 0 AND (%s = '' OR activity_type = %s)
GROUP BY day
ORDER BY day
LIMIT 64

-- name: marks
SELECT event_key, activity_type, day FROM thrive_points_pointshistory
WHERE user_id = %s AND event_key >= %s AND event_key <= %s
ORDER BY event_key
LIMIT 1000

-- name: shortfalls
SELECT {columns} FROM thrive_points_pointshistory
WHERE user_id = %s AND activity_type = %s AND day BETWEEN %s AND %s
    AND outcome IN ('capped', 'reduced', 'promoted', 'reversed')
ORDER BY day, occurred_at, number
LIMIT 200

-- name: paid_around
-- XP events are the paid entries in the order of their time, and have the index for it.
SELECT
    (SELECT created_at FROM thrive_points_xpevent
     WHERE user_id = %s AND created_at > %s AND created_at <= %s AND source = %s AND amount > 0
     ORDER BY created_at DESC LIMIT 1),
    (SELECT created_at FROM thrive_points_xpevent
     WHERE user_id = %s AND created_at >= %s AND created_at < %s AND source = %s AND amount > 0
     ORDER BY created_at LIMIT 1)

-- name: append
INSERT INTO thrive_points_pointshistory ({columns}) VALUES ({values})

-- name: add_to_days
INSERT INTO thrive_points_pointsdailytotal AS total
    (user_id, day, activity_type, awards, points, capped, last_awarded_at)
SELECT user_id, day, activity_type, SUM(awards), SUM(points), SUM(capped),
       MAX(CASE WHEN awards > 0 THEN occurred_at END)
FROM thrive_points_pointshistory
WHERE user_id = %s AND number > %s AND (awards <> 0 OR points <> 0 OR capped <> 0)
GROUP BY user_id, day, activity_type
ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
    awards = total.awards + excluded.awards,
    points = total.points + excluded.points,
    capped = total.capped + excluded.capped,
    last_awarded_at = CASE
        WHEN total.last_awarded_at IS NULL OR excluded.last_awarded_at > total.last_awarded_at
        THEN COALESCE(excluded.last_awarded_at, total.last_awarded_at)
        ELSE total.last_awarded_at END

-- name: add_xp_events
INSERT INTO thrive_points_xpevent (user_id, number, amount, source, description, created_at)
SELECT user_id, number, points, activity_type, description,
       {shown_at}
FROM thrive_points_pointshistory WHERE user_id = %s AND number > %s AND points <> 0

-- name: write_profile
INSERT INTO thrive_points_userthriveprofile
    (user_id, total_xp, week, week_xp, streaks, last_number)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id) DO UPDATE SET
    total_xp = excluded.total_xp, week = excluded.week, week_xp = excluded.week_xp,
    streaks = excluded.streaks, last_number = excluded.last_number
