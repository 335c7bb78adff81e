-- Opening an account also answers the paid instants around an event, for a rule with a cooldown.

-- name: create_open_2
-- plpgsql gives each statement of a volatile function its own snapshot under READ COMMITTED. That
-- is why key and days are read by statements after the one that locks: they see what the previous
-- holder of the lock committed.
CREATE FUNCTION thrive_points_open_v2(
    p_user {user_type}, p_event_key varchar, p_activity_type varchar, p_since date, p_until date,
    p_at timestamptz, p_near_since timestamptz, p_near_until timestamptz
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    account record;
    existing jsonb;
    days jsonb;
    paid_before timestamptz;
    paid_after timestamptz;
BEGIN
    SELECT * INTO account FROM {schema}.thrive_points_lock_v1(p_user);

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the primary key: as good for most, and a walk
    -- through the whole history for the one member who has a hundred thousand.
    SELECT to_jsonb(entry) INTO existing
    FROM (
        SELECT * FROM {schema}.thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT jsonb_agg(
        jsonb_build_array(total.day, total.awards, total.points, total.last_awarded_at))
    INTO days
    FROM {schema}.thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;

    -- For a rule with a cooldown: the paid instants next to the event, which may have been delivered
    -- late. XP events are the paid entries in the order of their time, and have the index for it.
    IF p_at IS NOT NULL THEN
        SELECT paid.created_at INTO paid_before
        FROM {schema}.thrive_points_xpevent AS paid
        WHERE paid.user_id = p_user AND paid.created_at > p_near_since
            AND paid.created_at <= p_at AND paid.source = p_activity_type AND paid.amount > 0
        ORDER BY paid.created_at DESC LIMIT 1;

        SELECT paid.created_at INTO paid_after
        FROM {schema}.thrive_points_xpevent AS paid
        WHERE paid.user_id = p_user AND paid.created_at >= p_at
            AND paid.created_at < p_near_until AND paid.source = p_activity_type AND paid.amount > 0
        ORDER BY paid.created_at LIMIT 1;
    END IF;

    RETURN jsonb_build_array(account.total_xp, account.week, account.week_xp, account.streaks,
                             account.last_number, existing, days, paid_before, paid_after);
END
$$

-- name: drop_open_2
DROP FUNCTION thrive_points_open_v2(
    {user_type}, varchar, varchar, date, date, timestamptz, timestamptz, timestamptz)
