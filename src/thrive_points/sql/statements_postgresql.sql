-- Batches on PostgreSQL: each statement takes its rows as one array for each column.

-- name: create_profiles
INSERT INTO thrive_circles_userthriveprofile (user_id, total_xp, week_xp, level, streaks)
SELECT given.user_id, 0, 0, 1, '{}' FROM unnest(%(users)s::{user_type}[]) AS given (user_id)
WHERE NOT EXISTS (
    SELECT FROM thrive_circles_userthriveprofile AS profile WHERE profile.user_id = given.user_id)
ORDER BY given.user_id
ON CONFLICT (user_id) DO NOTHING

-- name: lock_profiles
SELECT user_id, total_xp, week, week_xp, streaks
FROM thrive_circles_userthriveprofile WHERE user_id = ANY(%(users)s::{user_type}[])
ORDER BY user_id
FOR UPDATE

-- name: read_weeks
-- The instant as text: Python reads it several times as fast as the driver does.
SELECT total.user_id, total.activity_type, total.day, total.awards, total.points, total.capped,
       total.last_awarded_at::text
FROM unnest(%(users)s::{user_type}[], %(since)s::date[], %(until)s::date[]) AS given (user_id, since, until)
JOIN thrive_points_pointsdailytotal AS total
    ON total.user_id = given.user_id AND total.day BETWEEN given.since AND given.until

-- name: find_entries
-- Written so that only the unique index can answer it; why, see thrive_points_open_account.
SELECT entry.user_id, entry.event_key, entry.id, entry.activity_type, entry.outcome, entry.points,
       entry.occurred_at, entry.day
FROM unnest(%(users)s::{user_type}[], %(keys)s::text[]) AS given (user_id, event_key)
CROSS JOIN LATERAL (
    SELECT * FROM thrive_points_pointshistory AS candidate
    WHERE candidate.user_id = given.user_id AND candidate.event_key >= given.event_key
    ORDER BY candidate.event_key LIMIT 1
) AS entry
WHERE entry.event_key = given.event_key

-- name: copy_entries
COPY thrive_points_pointshistory
    (id, user_id, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
     rule_revision, arithmetic, metadata, reverses_id, actor_id, description)
FROM STDIN

-- name: write_totals
INSERT INTO thrive_points_pointsdailytotal
    (user_id, activity_type, day, awards, points, capped, last_awarded_at)
SELECT * FROM unnest(
    %(users)s::{user_type}[], %(activity_types)s::text[], %(days)s::date[], %(awards)s::integer[],
    %(points)s::bigint[], %(capped)s::integer[], %(last_awarded_at)s::timestamptz[])
ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
    awards = excluded.awards, points = excluded.points, capped = excluded.capped,
    last_awarded_at = excluded.last_awarded_at
