-- The floor: the whole award inside the database, rule included. It writes the very rows the
-- platform writes. Nothing that goes through Django can be faster, so it is the yardstick.

-- name: create_level
CREATE OR REPLACE FUNCTION floor_level(total bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT GREATEST(1, width_bucket(total, ARRAY[
        0, 100, 250, 500, 1000, 1750, 2750, 4000, 5500, 7500, 10000, 13000, 16500, 20500, 25000,
        30000, 36000, 43000, 51000, 60000]::bigint[]))
        + (GREATEST(total - 60000, 0) / 10000)::integer
$$

-- name: create_award
CREATE OR REPLACE FUNCTION floor_award(
    p_user integer, p_activity_type varchar, p_event_key varchar, p_occurred_at timestamptz,
    p_metadata jsonb, p_cap bigint, p_points bigint,
    OUT outcome varchar, OUT points bigint, OUT total bigint, OUT level integer, OUT entry bigint
) LANGUAGE plpgsql AS $$
DECLARE
    v_day date := (p_occurred_at AT TIME ZONE 'UTC')::date;
    v_week date := date_trunc('week', v_day)::date;
    v_ordinal integer := (v_week - DATE '0001-01-01') / 7;
    v_profile record;
    v_usage record;
    v_run jsonb;
BEGIN
    SELECT profile.total_xp, profile.week, profile.week_xp, profile.streaks, profile.last_number
    INTO v_profile FROM thrive_points_userthriveprofile AS profile WHERE profile.user_id = p_user FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO thrive_points_userthriveprofile AS profile
            (user_id, total_xp, week_xp, streaks, last_number)
        VALUES (p_user, 0, 0, '{}', 0)
        ON CONFLICT (user_id) DO UPDATE SET last_number = profile.last_number
        RETURNING profile.total_xp, profile.week, profile.week_xp, profile.streaks,
                  profile.last_number INTO v_profile;
    END IF;
    SELECT found.number INTO entry
    FROM (
        SELECT * FROM thrive_points_pointshistory AS history
        WHERE history.user_id = p_user AND history.event_key >= p_event_key
        ORDER BY history.event_key LIMIT 1
    ) AS found
    WHERE found.event_key = p_event_key;
    IF FOUND THEN
        outcome := 'duplicate';
        RETURN;
    END IF;
    SELECT COALESCE(SUM(daily.awards) FILTER (WHERE daily.day = v_day), 0) AS today,
           COALESCE(SUM(daily.awards), 0) AS this_week
    INTO v_usage
    FROM thrive_points_pointsdailytotal AS daily
    WHERE daily.user_id = p_user AND daily.day BETWEEN v_week AND v_week + 6
        AND daily.activity_type = p_activity_type;
    outcome := 'awarded';
    points := p_points;
    IF v_usage.today >= p_cap OR v_usage.this_week >= p_cap THEN
        outcome := 'capped';
        points := 0;
    END IF;
    entry := v_profile.last_number + 1;
    INSERT INTO thrive_points_pointshistory
        (user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
         rule_revision, arithmetic, metadata, description, awards, capped)
    VALUES (p_user, entry, p_activity_type, points, outcome, p_event_key, p_occurred_at,
            p_occurred_at, v_day, 'code:12345678',
            jsonb_build_array(jsonb_build_array('base', p_points, NULL),
                              jsonb_build_array('today', v_usage.today + 1, p_cap),
                              jsonb_build_array('this_week', v_usage.this_week + 1, p_cap),
                              jsonb_build_array('final', points, NULL)),
            p_metadata, 'a completed quiz', (points > 0)::int, (points = 0)::int);
    INSERT INTO thrive_points_pointsdailytotal AS daily
        (user_id, day, activity_type, awards, points, capped, last_awarded_at)
    VALUES (p_user, v_day, p_activity_type, (points > 0)::int, points, (points = 0)::int,
            p_occurred_at)
    ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
        awards = daily.awards + excluded.awards, points = daily.points + excluded.points,
        capped = daily.capped + excluded.capped, last_awarded_at = excluded.last_awarded_at;
    total := v_profile.total_xp + points;
    level := floor_level(total);
    IF points = 0 THEN
        UPDATE thrive_points_userthriveprofile AS profile SET last_number = entry
        WHERE profile.user_id = p_user;
        RETURN;
    END IF;
    v_run := v_profile.streaks -> 'active_weeks';
    IF v_run IS NULL OR (v_run ->> 1)::integer < v_ordinal - 1 THEN
        v_run := jsonb_build_array(v_ordinal, v_ordinal, 1);
    ELSIF (v_run ->> 1)::integer = v_ordinal - 1 THEN
        v_run := jsonb_build_array(v_run -> 0, v_ordinal, (v_run ->> 2)::integer + 1);
    END IF;
    UPDATE thrive_points_userthriveprofile AS profile
    SET total_xp = total, last_number = entry, week = v_week,
        week_xp = points + CASE WHEN v_profile.week = v_week THEN v_profile.week_xp ELSE 0 END,
        streaks = jsonb_set(v_profile.streaks, '{active_weeks}', v_run)
    WHERE profile.user_id = p_user;
    INSERT INTO thrive_points_xpevent (user_id, number, amount, source, description, created_at)
    VALUES (p_user, entry, points, p_activity_type, 'a completed quiz', p_occurred_at);
END
$$

-- name: create_batch
-- Takes the events of the temporary table floor_event: a batch in a few set-based statements.
CREATE OR REPLACE FUNCTION floor_award_batch(p_cap bigint, p_points bigint)
RETURNS TABLE (
    place bigint, outcome varchar, points bigint, total bigint, level integer, entry bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO thrive_points_userthriveprofile
        (user_id, total_xp, week_xp, streaks, last_number)
    SELECT DISTINCT event.user_id, 0, 0, '{}'::jsonb, 0 FROM floor_event AS event
    ORDER BY event.user_id
    ON CONFLICT (user_id) DO NOTHING;
    PERFORM 1 FROM thrive_points_userthriveprofile AS profile
    WHERE profile.user_id IN (SELECT event.user_id FROM floor_event AS event)
    ORDER BY profile.user_id FOR UPDATE;

    CREATE TEMP TABLE floor_decided ON COMMIT DROP AS
    WITH fresh AS (
        SELECT event.*, (event.occurred_at AT TIME ZONE 'UTC')::date AS day,
               date_trunc('week', event.occurred_at AT TIME ZONE 'UTC')::date AS week
        FROM floor_event AS event
        WHERE NOT EXISTS (
            SELECT FROM thrive_points_pointshistory AS history
            WHERE history.user_id = event.user_id AND history.event_key = event.event_key)
    ), usage AS (
        SELECT given.user_id, given.activity_type, given.day,
               COALESCE(SUM(daily.awards) FILTER (WHERE daily.day = given.day), 0) AS today,
               COALESCE(SUM(daily.awards), 0) AS this_week
        FROM (SELECT DISTINCT user_id, activity_type, day, week FROM fresh) AS given
        LEFT JOIN thrive_points_pointsdailytotal AS daily
            ON daily.user_id = given.user_id AND daily.activity_type = given.activity_type
            AND daily.day BETWEEN given.week AND given.week + 6
        GROUP BY given.user_id, given.activity_type, given.day
    ), numbered AS (
        SELECT fresh.*,
               usage.today + row_number() OVER (
                   PARTITION BY fresh.user_id, fresh.activity_type, fresh.day
                   ORDER BY fresh.place) AS today,
               usage.this_week + row_number() OVER (
                   PARTITION BY fresh.user_id, fresh.activity_type, fresh.week
                   ORDER BY fresh.place) AS this_week
        FROM fresh JOIN usage USING (user_id, activity_type, day)
    ), decided AS (
        SELECT numbered.*, today <= p_cap AND this_week <= p_cap AS paid,
               CASE WHEN today <= p_cap AND this_week <= p_cap THEN p_points ELSE 0 END AS points
        FROM numbered
    )
    SELECT profile.last_number + row_number() OVER (
               PARTITION BY decided.user_id ORDER BY decided.place) AS entry, decided.*,
           CASE WHEN paid THEN 'awarded' ELSE 'capped' END::varchar AS outcome,
           profile.total_xp + SUM(points) OVER (
               PARTITION BY decided.user_id ORDER BY decided.place) AS total
    FROM decided JOIN thrive_points_userthriveprofile AS profile USING (user_id);

    INSERT INTO thrive_points_pointshistory
        (number, user_id, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
         rule_revision, arithmetic, metadata, description, awards, capped)
    SELECT entry, user_id, activity_type, points, outcome, event_key, occurred_at, occurred_at,
           day, 'code:12345678',
           jsonb_build_array(jsonb_build_array('base', p_points, NULL),
                             jsonb_build_array('today', today, p_cap),
                             jsonb_build_array('this_week', this_week, p_cap),
                             jsonb_build_array('final', points, NULL)),
           metadata, 'a completed quiz', paid::int, (NOT paid)::int
    FROM floor_decided;
    INSERT INTO thrive_points_pointsdailytotal AS daily
        (user_id, day, activity_type, awards, points, capped, last_awarded_at)
    SELECT user_id, day, activity_type, count(*) FILTER (WHERE points > 0), sum(points),
           count(*) FILTER (WHERE points = 0), max(occurred_at)
    FROM floor_decided GROUP BY user_id, day, activity_type
    ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
        awards = daily.awards + excluded.awards, points = daily.points + excluded.points,
        capped = daily.capped + excluded.capped, last_awarded_at = excluded.last_awarded_at;
    INSERT INTO thrive_points_xpevent (user_id, number, amount, source, description, created_at)
    SELECT user_id, entry, points, activity_type, 'a completed quiz', occurred_at
    FROM floor_decided WHERE points > 0;
    UPDATE thrive_points_userthriveprofile AS profile
    SET total_xp = profile.total_xp + gain.points,
        last_number = gain.entry,
        week = gain.week,
        week_xp = gain.points + CASE WHEN profile.week = gain.week THEN profile.week_xp ELSE 0 END,
        streaks = jsonb_set(profile.streaks, '{active_weeks}', CASE
            WHEN profile.streaks -> 'active_weeks' IS NULL
                OR (profile.streaks -> 'active_weeks' ->> 1)::integer < gain.ordinal - 1
            THEN jsonb_build_array(gain.ordinal, gain.ordinal, 1)
            WHEN (profile.streaks -> 'active_weeks' ->> 1)::integer = gain.ordinal - 1
            THEN jsonb_build_array(profile.streaks -> 'active_weeks' -> 0, gain.ordinal,
                                   (profile.streaks -> 'active_weeks' ->> 2)::integer + 1)
            ELSE profile.streaks -> 'active_weeks' END)
    FROM (SELECT user_id, sum(points) AS points, max(week) AS week, max(entry) AS entry,
                 (max(week) - DATE '0001-01-01') / 7 AS ordinal
          FROM floor_decided GROUP BY user_id) AS gain
    WHERE profile.user_id = gain.user_id;
    RETURN QUERY SELECT decided.place, decided.outcome, decided.points, decided.total::bigint,
        floor_level(decided.total::bigint), decided.entry
    FROM floor_decided AS decided;
END
$$
