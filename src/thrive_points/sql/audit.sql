-- The proof of the ledger's invariants. Every statement names its members, a limited number, so
-- that the job's memory stays bounded and nobody is touched whose account was not locked.

-- name: members_after
SELECT user_id FROM (
    SELECT user_id FROM (SELECT user_id FROM thrive_points_userthriveprofile
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS profile
    UNION SELECT user_id FROM (SELECT DISTINCT user_id FROM thrive_points_pointshistory
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS ledger
    UNION SELECT user_id FROM (SELECT DISTINCT user_id FROM thrive_points_pointsdailytotal
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS daily
    UNION SELECT user_id FROM (SELECT DISTINCT user_id FROM thrive_points_xpevent
        WHERE {after} ORDER BY user_id LIMIT %(limit)s) AS xp
) AS members ORDER BY user_id LIMIT %(limit)s

-- name: numbers
SELECT user_id, COUNT(*), MIN(number), MAX(number)
FROM thrive_points_pointshistory WHERE user_id {among_members} GROUP BY user_id

-- name: xp_events
SELECT user_id, CAST(SUM(amount) AS bigint), COUNT(*)
FROM thrive_points_xpevent WHERE user_id {among_members} GROUP BY user_id

-- name: profiles
SELECT user_id, total_xp, week, week_xp, streaks, last_number
FROM thrive_points_userthriveprofile WHERE user_id {among_members}

-- name: days
-- What the ledger adds up to beside what the daily totals say, newest day first, with the number
-- of entries that moved points. Instants as text: they are compared and shown, no more.
SELECT user_id, day, activity_type,
       CAST(SUM(ledger_awards) AS bigint), CAST(SUM(ledger_points) AS bigint),
       CAST(SUM(ledger_capped) AS bigint), CAST(MAX(ledger_last) AS text),
       CAST(SUM(awards) AS bigint), CAST(SUM(points) AS bigint),
       CAST(SUM(capped) AS bigint), CAST(MAX(last) AS text), CAST(SUM(moved) AS bigint)
FROM (
    SELECT user_id, day, activity_type,
           awards AS ledger_awards, 0 AS awards, points AS ledger_points, 0 AS points,
           capped AS ledger_capped, 0 AS capped,
           CASE WHEN awards > 0 THEN occurred_at END AS ledger_last, NULL AS last,
           CASE WHEN points <> 0 THEN 1 ELSE 0 END AS moved
    FROM thrive_points_pointshistory WHERE user_id {among_members}
    UNION ALL
    SELECT user_id, day, activity_type, 0, awards, 0, points, 0, capped, NULL, last_awarded_at, 0
    FROM thrive_points_pointsdailytotal WHERE user_id {among_members}
) AS both_books
GROUP BY user_id, day, activity_type
ORDER BY user_id, day DESC, activity_type

-- name: delete_days
DELETE FROM thrive_points_pointsdailytotal WHERE user_id {among_members}

-- name: delete_xp_events
DELETE FROM thrive_points_xpevent WHERE user_id {among_members}
