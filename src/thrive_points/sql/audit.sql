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
-- How many there are, and how many of them do not show their entry: moved, relabelled or made up.
SELECT event.user_id, CAST(SUM(event.amount) AS bigint), COUNT(*),
       COUNT(*) - COUNT(entry.number)
FROM (SELECT * FROM thrive_points_xpevent WHERE user_id {among_members}) AS event
LEFT JOIN thrive_points_pointshistory AS entry ON {shows_entry}
GROUP BY event.user_id

-- name: profiles
SELECT user_id, total_xp, week, week_xp, streaks, last_number
FROM thrive_points_userthriveprofile WHERE user_id {among_members}

-- name: days
-- What the ledger adds up to beside what the daily totals say, newest day first, with the number
-- of entries that moved points, and whether a total is called for and there. Instants as text: they
-- are compared and shown, no more.
SELECT user_id, day, activity_type,
       CAST(SUM(ledger_awards) AS bigint), CAST(SUM(ledger_points) AS bigint),
       CAST(SUM(ledger_capped) AS bigint), CAST(MAX(ledger_last) AS text),
       CAST(SUM(awards) AS bigint), CAST(SUM(points) AS bigint),
       CAST(SUM(capped) AS bigint), CAST(MAX(last) AS text), CAST(SUM(moved) AS bigint),
       MAX(called_for), MAX(kept)
FROM (
    SELECT user_id, day, activity_type,
           awards AS ledger_awards, 0 AS awards, points AS ledger_points, 0 AS points,
           capped AS ledger_capped, 0 AS capped,
           CASE WHEN awards > 0 THEN occurred_at END AS ledger_last, NULL AS last,
           CASE WHEN points <> 0 THEN 1 ELSE 0 END AS moved,
           CASE WHEN awards <> 0 OR points <> 0 OR capped <> 0 THEN 1 ELSE 0 END AS called_for,
           0 AS kept
    FROM thrive_points_pointshistory WHERE user_id {among_members}
    UNION ALL
    SELECT user_id, day, activity_type, 0, awards, 0, points, 0, capped, NULL, last_awarded_at, 0,
           0, 1
    FROM thrive_points_pointsdailytotal WHERE user_id {among_members}
) AS both_books
GROUP BY user_id, day, activity_type
ORDER BY user_id, day DESC, activity_type

-- name: members_gone
-- Members whose user is gone, though they were not erased.
SELECT profile.user_id FROM thrive_points_userthriveprofile AS profile
WHERE profile.user_id {among_members}
    AND NOT EXISTS (SELECT 1 FROM {user_table} AS person WHERE person.{user_key} = profile.user_id)
    AND NOT EXISTS (SELECT 1 FROM thrive_points_pointshistory AS entry
                    WHERE entry.user_id = profile.user_id AND entry.outcome = 'erased')

-- name: forged_rules
-- Revisions for everybody that did not decide what they should have: a revision takes effect after
-- every process has heard of it, so from then on it decides, or a later one does, or an experiment.
SELECT rule.activity_type, rule.revision, COUNT(*)
FROM thrive_points_pointrule AS rule
JOIN thrive_points_pointshistory AS entry
    ON entry.activity_type = rule.activity_type
    AND entry.occurred_at >= rule.effective_from AND entry.recorded_at >= rule.effective_from
    AND (rule.effective_until IS NULL OR entry.occurred_at < rule.effective_until)
WHERE rule.share = 100 AND entry.outcome IN ('awarded', 'reduced', 'capped', 'cooling_down')
    AND entry.rule_revision NOT LIKE 'x%%'
    AND rule.definition <> '{}'
    AND NOT EXISTS (
        SELECT 1 FROM thrive_points_rulewithdrawal AS gone
        WHERE gone.revision_id = rule.id AND gone.effective_from <= entry.occurred_at)
    AND NOT EXISTS (
        SELECT 1 FROM thrive_points_pointrule AS later
        WHERE later.activity_type = rule.activity_type AND (
            later.revision >= rule.revision AND 'r' || later.revision = entry.rule_revision
            OR later.revision > rule.revision AND later.effective_from <= entry.occurred_at
            AND (later.effective_until IS NULL OR entry.occurred_at < later.effective_until)))
GROUP BY rule.activity_type, rule.revision ORDER BY rule.activity_type, rule.revision

-- name: delete_days
DELETE FROM thrive_points_pointsdailytotal WHERE user_id {among_members}

-- name: derive_days
INSERT INTO thrive_points_pointsdailytotal
    (user_id, day, activity_type, awards, points, capped, last_awarded_at)
SELECT user_id, day, activity_type, SUM(awards), SUM(points), SUM(capped),
       MAX(CASE WHEN awards > 0 THEN occurred_at END)
FROM thrive_points_pointshistory
WHERE user_id {among_members} AND (awards <> 0 OR points <> 0 OR capped <> 0)
GROUP BY user_id, day, activity_type

-- name: delete_xp_events
-- Those alone that do not show their entry: the others are append-only.
DELETE FROM thrive_points_xpevent AS event
WHERE user_id {among_members} AND NOT EXISTS (
    SELECT 1 FROM thrive_points_pointshistory AS entry WHERE {shows_entry})

-- name: derive_xp_events
INSERT INTO thrive_points_xpevent (user_id, number, amount, source, description, created_at)
SELECT user_id, number, points, activity_type, description, {shown_at}
FROM thrive_points_pointshistory AS entry
WHERE user_id {among_members} AND points <> 0 AND NOT EXISTS (
    SELECT 1 FROM thrive_points_xpevent AS event
    WHERE event.user_id = entry.user_id AND event.number = entry.number)

-- name: write_profile
INSERT INTO thrive_points_userthriveprofile
    (user_id, total_xp, week, week_xp, streaks, last_number)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id) DO UPDATE SET
    total_xp = excluded.total_xp, week = excluded.week, week_xp = excluded.week_xp,
    streaks = excluded.streaks, last_number = excluded.last_number
