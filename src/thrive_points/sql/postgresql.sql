-- The PostgreSQL store's statements.

-- name: open
SELECT thrive_points_open_v2(%s, %s, %s, %s, %s, %s, %s, %s)

-- name: append
SELECT thrive_points_append_{version}({values}, %s, %s, %s, %s)

-- name: append_many
SELECT thrive_points_append_many_{version}({values}, false, %s, %s, %s, %s, %s, %s)

-- name: find
-- Written so that only the unique index can answer it; why, see thrive_points_open_v2.
SELECT to_jsonb(entry)
FROM (
    SELECT * FROM thrive_points_pointshistory AS candidate
    WHERE candidate.user_id = %s AND candidate.event_key >= %s
    ORDER BY candidate.event_key LIMIT 1
) AS entry
WHERE entry.event_key = %s

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
SELECT to_jsonb(entry) FROM thrive_points_pointshistory AS entry
WHERE entry.user_id = %s AND entry.activity_type = %s AND entry.day BETWEEN %s AND %s
    AND entry.outcome IN ('capped', 'reduced', 'promoted', 'reversed')
ORDER BY entry.day, entry.occurred_at, entry.number
LIMIT 200

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

-- name: following
-- Up to the next entry that follows from none: what an award completed stands right after it.
SELECT to_jsonb(entry)
FROM jsonb_to_recordset(%s) AS given (user_id {user_type}, number bigint)
CROSS JOIN LATERAL (
    SELECT * FROM thrive_points_pointshistory AS candidate
    WHERE candidate.user_id = given.user_id AND candidate.number > given.number
        AND candidate.number < COALESCE((
            SELECT other.number FROM thrive_points_pointshistory AS other
            WHERE other.user_id = given.user_id AND other.number > given.number
                AND other.cause IS NULL
            ORDER BY other.number LIMIT 1
        ), 9223372036854775807)
    ORDER BY candidate.number
) AS entry

-- name: paid_around
-- XP events are the paid entries in the order of their time, and have the index for it.
SELECT given.user_id, given.activity_type, paid.created_at
FROM jsonb_to_recordset(%s) AS given (
    user_id {user_type}, activity_type varchar, at timestamptz, since timestamptz, until timestamptz)
CROSS JOIN LATERAL (
    (SELECT xp.created_at FROM thrive_points_xpevent AS xp
     WHERE xp.user_id = given.user_id AND xp.created_at > given.since
         AND xp.created_at <= given.at AND xp.source = given.activity_type AND xp.amount > 0
     ORDER BY xp.created_at DESC LIMIT 1)
    UNION
    (SELECT xp.created_at FROM thrive_points_xpevent AS xp
     WHERE xp.user_id = given.user_id AND xp.created_at >= given.at
         AND xp.created_at < given.until AND xp.source = given.activity_type AND xp.amount > 0
     ORDER BY xp.created_at LIMIT 1)
) AS paid
