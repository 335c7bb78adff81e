-- What a checkpoint is made of. A database's own functions take part, ours do not: whoever can
-- rewrite the ledger could rewrite those too.

-- name: members
SELECT user_id, last_number FROM thrive_points_userthriveprofile
WHERE {after} ORDER BY user_id LIMIT %(limit)s

-- name: postgresql_entries
SELECT entry.user_id, entry.number, sha256(convert_to(jsonb_build_array({figures})::text, 'UTF8')),
       sha256(convert_to(jsonb_build_array({personal})::text, 'UTF8')),
       entry.actor_id, entry.recorded_at < %(before)s
FROM jsonb_to_recordset(%(given)s) AS given (user_id {user_type}, after bigint)
JOIN thrive_points_pointshistory AS entry
    ON entry.user_id = given.user_id AND entry.number > given.after
ORDER BY entry.user_id, entry.number

-- name: sqlite_entries
SELECT entry.user_id, entry.number, {figures}, {personal},
       entry.actor_id, entry.recorded_at < %(before)s
FROM json_each(%(given)s) AS given
CROSS JOIN thrive_points_pointshistory AS entry
    ON entry.user_id = json_extract(given.value, '$.user_id')
    AND entry.number > json_extract(given.value, '$.after')
ORDER BY entry.user_id, entry.number

-- name: erasures
SELECT user_id, number, recorded_at, metadata FROM thrive_points_pointshistory
WHERE outcome = 'erased' ORDER BY user_id, number
