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

-- name: ledger_sums
SELECT user_id, SUM(points), MAX(CASE WHEN points <> 0 THEN day END)
FROM thrive_points_pointshistory WHERE user_id IN ({users}) GROUP BY user_id

-- name: xp_sums
SELECT user_id, SUM(amount)
FROM thrive_circles_xpevent WHERE user_id IN ({users}) GROUP BY user_id

-- name: profiles
SELECT user_id, total_xp, week, week_xp, streaks, level
FROM thrive_circles_userthriveprofile WHERE user_id IN ({users})

-- name: totals
SELECT user_id, day, activity_type, awards, points
FROM thrive_points_pointsdailytotal
WHERE user_id IN ({users}) ORDER BY user_id, day DESC

-- name: day_differences
-- What the ledger adds up to beside what the daily totals say. A reversal takes one award
-- back if it took points; the correction of an adjustment concerns no award.
SELECT user_id, day, activity_type,
       SUM(ledger_awards), SUM(awards), SUM(ledger_points), SUM(points),
       SUM(ledger_capped), SUM(capped), MAX(ledger_last), MAX(last)
FROM (
    SELECT user_id, day, activity_type,
           SUM({awards}) AS ledger_awards, 0 AS awards,
           SUM(points) AS ledger_points, 0 AS points,
           SUM({capped}) AS ledger_capped, 0 AS capped,
           MAX({awarded_at}) AS ledger_last, NULL AS last
    FROM thrive_points_pointshistory WHERE user_id IN ({users})
    GROUP BY user_id, day, activity_type
    UNION ALL
    SELECT user_id, day, activity_type, 0, awards, 0, points, 0, capped, NULL, last_awarded_at
    FROM thrive_points_pointsdailytotal WHERE user_id IN ({users})
) AS both_books
GROUP BY user_id, day, activity_type
HAVING SUM(ledger_awards) <> SUM(awards) OR SUM(ledger_points) <> SUM(points)
    OR SUM(ledger_capped) <> SUM(capped)
    OR CASE WHEN MAX(ledger_last) = MAX(last) THEN 0
            WHEN MAX(ledger_last) IS NULL AND MAX(last) IS NULL THEN 0 ELSE 1 END = 1
ORDER BY user_id, day, activity_type

-- name: add_profiles
INSERT INTO thrive_circles_userthriveprofile (user_id, total_xp, week_xp, level, streaks)
SELECT DISTINCT user_id, 0, 0, 1, {no_streaks}
FROM thrive_points_pointshistory WHERE user_id IN ({users})
ON CONFLICT (user_id) DO NOTHING

-- name: lock_profiles
-- In the order in which batches lock. SQLite has one writer, and needs none.
SELECT user_id FROM thrive_circles_userthriveprofile
WHERE user_id IN ({users}) ORDER BY user_id {for_update}

-- name: delete_totals
DELETE FROM thrive_points_pointsdailytotal WHERE user_id IN ({users})

-- name: insert_totals
INSERT INTO thrive_points_pointsdailytotal
    (user_id, day, activity_type, awards, points, capped, last_awarded_at)
SELECT user_id, day, activity_type, SUM({awards}), SUM(points), SUM({capped}), MAX({awarded_at})
FROM thrive_points_pointshistory WHERE user_id IN ({users})
GROUP BY user_id, day, activity_type
HAVING SUM({capped}) > 0 OR SUM(CASE WHEN points <> 0 THEN 1 ELSE 0 END) > 0

-- name: delete_xp_events
DELETE FROM thrive_circles_xpevent WHERE user_id = %(user)s

-- name: insert_xp_events
INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
SELECT user_id, points, activity_type, description,
       CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END
FROM thrive_points_pointshistory WHERE user_id = %(user)s AND points <> 0 ORDER BY id
