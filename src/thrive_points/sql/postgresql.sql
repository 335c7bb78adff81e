-- The PostgreSQL store's statements.

-- name: open
SELECT thrive_points_open_v1(%s, %s, %s, %s, %s)

-- name: append
SELECT thrive_points_append_{version}({values}, %s, %s, %s, %s)

-- name: append_many
SELECT thrive_points_append_many_{version}({values}, false, %s, %s, %s, %s, %s, %s)

-- name: find
-- Written so that only the unique index can answer it; why, see thrive_points_open_v1.
SELECT to_jsonb(entry)
FROM (
    SELECT * FROM thrive_points_pointshistory AS candidate
    WHERE candidate.user_id = %s AND candidate.event_key >= %s
    ORDER BY candidate.event_key LIMIT 1
) AS entry
WHERE entry.event_key = %s

-- name: active_days
-- Leaves out the day of an award about to be taken back, if it is the day's only one.
SELECT DISTINCT day FROM thrive_points_pointsdailytotal
WHERE user_id = %s AND day < %s AND awards > 0 AND (%s = '' OR activity_type = %s)
    AND NOT (activity_type = %s AND day = %s AND awards = 1)
ORDER BY day DESC
LIMIT 64

-- name: lock_many
-- In the order of the key, in which everybody locks several accounts.
SELECT given.user_id, account.total_xp, account.week, account.week_xp, account.streaks,
       account.last_number
FROM (
    SELECT user_id FROM jsonb_to_recordset(%s) AS member (user_id {user_type}) ORDER BY user_id
) AS given
CROSS JOIN LATERAL thrive_points_lock_v1(given.user_id) AS account

-- name: days_many
SELECT total.user_id, total.activity_type, total.day, total.awards, total.points,
       total.last_awarded_at
FROM jsonb_to_recordset(%s) AS given (user_id {user_type}, since date, until date)
JOIN thrive_points_pointsdailytotal AS total
    ON total.user_id = given.user_id AND total.day BETWEEN given.since AND given.until

-- name: find_many
SELECT to_jsonb(entry)
FROM jsonb_to_recordset(%s) AS given (user_id {user_type}, event_key varchar)
CROSS JOIN LATERAL (
    SELECT * FROM thrive_points_pointshistory AS candidate
    WHERE candidate.user_id = given.user_id AND candidate.event_key >= given.event_key
    ORDER BY candidate.event_key LIMIT 1
) AS entry
WHERE entry.event_key = given.event_key
