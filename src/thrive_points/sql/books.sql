-- The proof of the ledger's invariants, and the rebuilding of what is derived from it.
-- Every statement names its users, a limited number, so that the job's memory stays bounded
-- and nobody is touched whose account was not locked.

-- name: users_after
SELECT user_id FROM (
    SELECT user_id FROM (SELECT user_id FROM thrive_circles_userthriveprofile
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS profile
    UNION SELECT user_id FROM (SELECT DISTINCT user_id FROM thrive_points_pointshistory
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS ledger
    UNION SELECT user_id FROM (SELECT DISTINCT user_id FROM thrive_points_pointsdailytotal
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS daily
    UNION SELECT user_id FROM (SELECT DISTINCT user_id FROM thrive_circles_xpevent
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS xp
) AS users ORDER BY user_id LIMIT %(limit)s

-- name: xp_sums
SELECT user_id, CAST(SUM(amount) AS bigint)
FROM thrive_circles_xpevent WHERE user_id {among_users} GROUP BY user_id

-- name: profiles
SELECT user_id, total_xp, week, week_xp, streaks, level
FROM thrive_circles_userthriveprofile WHERE user_id {among_users}

-- name: days
-- What the ledger adds up to beside what the daily totals say, newest day first, with the number
-- of entries that moved points. A reversal takes one award back if it took points; the correction
-- of an adjustment concerns no award. Instants as text: they are compared and told, no more.
SELECT user_id, day, activity_type,
       CAST(SUM(ledger_awards) AS bigint), CAST(SUM(ledger_points) AS bigint),
       CAST(SUM(ledger_capped) AS bigint), CAST(MAX(ledger_last) AS text),
       CAST(SUM(awards) AS bigint), CAST(SUM(points) AS bigint),
       CAST(SUM(capped) AS bigint), CAST(MAX(last) AS text), CAST(SUM(moved) AS bigint)
FROM (
    SELECT user_id, day, activity_type,
           {awards} AS ledger_awards, 0 AS awards, points AS ledger_points, 0 AS points,
           {capped} AS ledger_capped, 0 AS capped, {awarded_at} AS ledger_last, NULL AS last,
           CASE WHEN points <> 0 THEN 1 ELSE 0 END AS moved
    FROM thrive_points_pointshistory WHERE user_id {among_users}
    UNION ALL
    SELECT user_id, day, activity_type, 0, awards, 0, points, 0, capped, NULL, last_awarded_at, 0
    FROM thrive_points_pointsdailytotal WHERE user_id {among_users}
) AS both_books
GROUP BY user_id, day, activity_type
ORDER BY user_id, day DESC, activity_type

-- name: add_profiles
INSERT INTO thrive_circles_userthriveprofile (user_id, total_xp, week_xp, level, streaks)
SELECT given.user_id, 0, 0, 1, {no_streaks} FROM {given}
WHERE NOT EXISTS (
    SELECT 1 FROM thrive_circles_userthriveprofile AS profile
    WHERE profile.user_id = given.user_id)
ON CONFLICT (user_id) DO NOTHING

-- name: lock_profiles
-- In the order in which batches lock. SQLite has one writer, and needs none.
SELECT user_id FROM thrive_circles_userthriveprofile
WHERE user_id {among_users} ORDER BY user_id {for_update}

-- name: delete_totals
DELETE FROM thrive_points_pointsdailytotal WHERE user_id {among_users}

-- name: insert_totals
INSERT INTO thrive_points_pointsdailytotal
    (user_id, day, activity_type, awards, points, capped, last_awarded_at)
SELECT user_id, day, activity_type, SUM({awards}), SUM(points), SUM({capped}), MAX({awarded_at})
FROM thrive_points_pointshistory WHERE user_id {among_users}
GROUP BY user_id, day, activity_type
HAVING SUM({capped}) > 0 OR SUM(CASE WHEN points <> 0 THEN 1 ELSE 0 END) > 0

-- name: delete_xp_events
DELETE FROM thrive_circles_xpevent WHERE user_id {among_users}

-- name: insert_xp_events
INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
SELECT user_id, points, activity_type, description,
       CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END
FROM thrive_points_pointshistory WHERE user_id {among_users} AND points <> 0 ORDER BY id
