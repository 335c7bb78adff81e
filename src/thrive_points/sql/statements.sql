-- The ledger's statements. All of them lead with the user.

-- name: lock_profile
-- One statement creates, locks and reads: the update that changes nothing takes the row
-- lock (on SQLite the write lock) and returns what the last holder committed.
INSERT INTO thrive_circles_userthriveprofile AS profile
    (user_id, total_xp, week_xp, level, streaks)
VALUES (%(user)s, 0, 0, 1, '{}')
ON CONFLICT (user_id) DO UPDATE SET level = profile.level
RETURNING total_xp, week, week_xp, streaks

-- name: read_usage
SELECT entry.id, entry.activity_type, entry.outcome, entry.points, entry.occurred_at, entry.day,
       usage.day_awards, usage.day_points, usage.week_awards, usage.week_points, usage.last_awarded_at
FROM (
    SELECT COALESCE(SUM(CASE WHEN day = %(day)s THEN awards END), 0) AS day_awards,
           COALESCE(SUM(CASE WHEN day = %(day)s THEN points END), 0) AS day_points,
           COALESCE(SUM(CASE WHEN day >= %(week)s THEN awards END), 0) AS week_awards,
           COALESCE(SUM(CASE WHEN day >= %(week)s THEN points END), 0) AS week_points,
           MAX(last_awarded_at) AS last_awarded_at
    FROM thrive_points_pointsdailytotal
    WHERE user_id = %(user)s AND day BETWEEN %(since)s AND %(until)s
        AND activity_type = %(activity_type)s
) AS usage
LEFT JOIN thrive_points_pointshistory AS entry
    ON entry.user_id = %(user)s AND entry.event_key = %(event_key)s

-- name: append_entry
INSERT INTO thrive_points_pointshistory
    (user_id, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
     rule_revision, arithmetic, metadata, reverses_id, actor_id, description)
VALUES (%(user)s, %(activity_type)s, %(points)s, %(outcome)s, %(event_key)s, %(occurred_at)s,
        %(recorded_at)s, %(day)s, %(rule_revision)s, %(arithmetic)s, %(metadata)s,
        %(reverses)s, %(actor)s, %(description)s)
RETURNING id

-- name: add_to_day
INSERT INTO thrive_points_pointsdailytotal AS total
    (user_id, day, activity_type, awards, points, capped, last_awarded_at)
VALUES (%(user)s, %(day)s, %(activity_type)s, %(awards)s, %(points)s, %(capped)s, %(awarded_at)s)
ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
    awards = total.awards + excluded.awards,
    points = total.points + excluded.points,
    capped = total.capped + excluded.capped,
    last_awarded_at = CASE
        WHEN total.last_awarded_at IS NULL OR excluded.last_awarded_at > total.last_awarded_at
        THEN COALESCE(excluded.last_awarded_at, total.last_awarded_at)
        ELSE total.last_awarded_at END

-- name: find_entry
-- Written so that only the unique index can answer it; why, see thrive_points_open_account.
SELECT id, activity_type, outcome, points, occurred_at, day
FROM (
    SELECT * FROM thrive_points_pointshistory
    WHERE user_id = %(user)s AND event_key >= %(event_key)s
    ORDER BY event_key LIMIT 1
) AS entry
WHERE event_key = %(event_key)s

-- name: active_days
SELECT DISTINCT day
FROM thrive_points_pointsdailytotal
WHERE user_id = %(user)s AND day < %(before)s AND awards > 0
    AND (%(activity_type)s = '' OR activity_type = %(activity_type)s)
ORDER BY day DESC
LIMIT 64

-- name: insert_profile
INSERT INTO thrive_circles_userthriveprofile (user_id, total_xp, week_xp, level, streaks)
VALUES (%s, 0, 0, 1, '{}')
ON CONFLICT (user_id) DO UPDATE SET level = thrive_circles_userthriveprofile.level

-- name: read_profiles
SELECT user_id, total_xp, week, week_xp, streaks
FROM thrive_circles_userthriveprofile WHERE user_id IN ({rows})

-- name: read_weeks
SELECT total.user_id, total.activity_type, total.day, total.awards, total.points, total.capped,
       total.last_awarded_at
FROM thrive_points_pointsdailytotal AS total
WHERE {rows}

-- name: find_entries
-- A join, since SQLite reads the whole ledger for (user_id, event_key) IN (VALUES ...).
SELECT entry.user_id, entry.event_key, entry.id, entry.activity_type, entry.outcome, entry.points,
       entry.occurred_at, entry.day
FROM (VALUES {rows}) AS given
JOIN thrive_points_pointshistory AS entry
    ON entry.user_id = given.column1 AND entry.event_key = given.column2

-- name: insert_entry
INSERT INTO thrive_points_pointshistory
    (id, user_id, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
     rule_revision, arithmetic, metadata, reverses_id, actor_id, description)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: write_total
INSERT INTO thrive_points_pointsdailytotal
    (user_id, activity_type, day, awards, points, capped, last_awarded_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
    awards = excluded.awards, points = excluded.points, capped = excluded.capped,
    last_awarded_at = excluded.last_awarded_at

-- name: call_open_account
-- Instants as text: Python reads them several times as fast as the driver does.
SELECT total_xp, profile_week, week_xp, streaks, entry_id, entry_activity_type, entry_outcome,
       entry_points, entry_occurred_at::text, entry_day, day_awards, day_points, week_awards,
       week_points, last_awarded_at::text, next_id
FROM thrive_points_open_account(
    %(user)s, %(event_key)s, %(activity_type)s, %(day)s, %(week)s, %(since)s, %(until)s)

-- name: call_append
SELECT thrive_points_append(
    %(id)s, %(user)s, %(activity_type)s, %(points)s, %(outcome)s, %(event_key)s, %(occurred_at)s,
    %(recorded_at)s, %(day)s, %(rule_revision)s, %(arithmetic)s, %(metadata)s, %(reverses)s,
    %(actor)s, %(description)s, %(awards)s, %(capped)s, %(awarded_at)s)
