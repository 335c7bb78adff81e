-- name: create_open_account
-- plpgsql gives each statement of a volatile function its own snapshot under READ
-- COMMITTED. That is why the usage is read by a statement after the one that locks: it
-- sees what the previous holder of the lock committed.
CREATE FUNCTION thrive_points_open_account(
    p_user {user_type}, p_event_key varchar, p_activity_type varchar,
    p_day date, p_week date, p_since date, p_until date,
    OUT total_xp bigint, OUT profile_week date, OUT week_xp bigint, OUT streaks jsonb,
    OUT entry_id bigint, OUT entry_activity_type varchar, OUT entry_outcome varchar,
    OUT entry_points bigint, OUT entry_occurred_at timestamptz, OUT entry_day date,
    OUT day_awards bigint, OUT day_points bigint, OUT week_awards bigint, OUT week_points bigint,
    OUT last_awarded_at timestamptz, OUT next_id bigint
) LANGUAGE plpgsql AS $$
BEGIN
    SELECT profile.total_xp, profile.week, profile.week_xp, profile.streaks
    INTO total_xp, profile_week, week_xp, streaks
    FROM thrive_circles_userthriveprofile AS profile WHERE profile.user_id = p_user
    FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO thrive_circles_userthriveprofile AS profile
            (user_id, total_xp, week_xp, level, streaks)
        VALUES (p_user, 0, 0, 1, '{}')
        ON CONFLICT (user_id) DO UPDATE SET level = profile.level
        RETURNING profile.total_xp, profile.week, profile.week_xp, profile.streaks
        INTO total_xp, profile_week, week_xp, streaks;
    END IF;

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the index on user and id: as good for most,
    -- and a walk through the whole history for the one member who has a hundred thousand.
    SELECT entry.id, entry.activity_type, entry.outcome, entry.points, entry.occurred_at, entry.day
    INTO entry_id, entry_activity_type, entry_outcome, entry_points, entry_occurred_at, entry_day
    FROM (
        SELECT * FROM thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT COALESCE(SUM(total.awards) FILTER (WHERE total.day = p_day), 0),
           COALESCE(SUM(total.points) FILTER (WHERE total.day = p_day), 0),
           COALESCE(SUM(total.awards) FILTER (WHERE total.day >= p_week), 0),
           COALESCE(SUM(total.points) FILTER (WHERE total.day >= p_week), 0),
           MAX(total.last_awarded_at)
    INTO day_awards, day_points, week_awards, week_points, last_awarded_at
    FROM thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;

    -- The id of the entry that may follow, so that it can be written together with its XP.
    next_id := nextval(pg_get_serial_sequence('thrive_points_pointshistory', 'id'));
END
$$

-- name: create_append
CREATE FUNCTION thrive_points_append(
    p_id bigint, p_user {user_type}, p_activity_type varchar, p_points bigint, p_outcome varchar,
    p_event_key varchar, p_occurred_at timestamptz, p_recorded_at timestamptz, p_day date,
    p_rule_revision varchar, p_arithmetic jsonb, p_metadata jsonb, p_reverses bigint,
    p_actor {user_type}, p_description varchar, p_awards integer, p_capped integer,
    p_awarded_at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO thrive_points_pointshistory
        (id, user_id, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
         rule_revision, arithmetic, metadata, reverses_id, actor_id, description)
    VALUES (p_id, p_user, p_activity_type, p_points, p_outcome, p_event_key, p_occurred_at,
            p_recorded_at, p_day, p_rule_revision, p_arithmetic, p_metadata, p_reverses,
            p_actor, p_description);
    IF p_awards <> 0 OR p_points <> 0 OR p_capped <> 0 THEN
        INSERT INTO thrive_points_pointsdailytotal AS total
            (user_id, day, activity_type, awards, points, capped, last_awarded_at)
        VALUES (p_user, p_day, p_activity_type, p_awards, p_points, p_capped, p_awarded_at)
        ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
            awards = total.awards + excluded.awards,
            points = total.points + excluded.points,
            capped = total.capped + excluded.capped,
            last_awarded_at = GREATEST(total.last_awarded_at, excluded.last_awarded_at);
    END IF;
END
$$

-- name: drop_append
DROP FUNCTION thrive_points_append(
    bigint, {user_type}, varchar, bigint, varchar, varchar, timestamptz, timestamptz, date,
    varchar, jsonb, jsonb, bigint, {user_type}, varchar, integer, integer, timestamptz)

-- name: drop_open_account
DROP FUNCTION thrive_points_open_account(
    {user_type}, varchar, varchar, date, date, date, date)
