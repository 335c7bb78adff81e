-- name: create_add_xp
CREATE FUNCTION thrive_circles_add_xp(
    p_user {user_type}, p_amount bigint, p_source varchar, p_description varchar,
    p_created_at timestamptz, p_total_xp bigint, p_week date, p_week_xp bigint,
    p_level integer, p_streaks jsonb
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    event_id bigint;
BEGIN
    UPDATE thrive_circles_userthriveprofile
    SET total_xp = p_total_xp, week = p_week, week_xp = p_week_xp,
        level = p_level, streaks = p_streaks
    WHERE user_id = p_user;
    INSERT INTO thrive_circles_xpevent (user_id, amount, source, description, created_at)
    VALUES (p_user, p_amount, p_source, p_description, p_created_at)
    RETURNING id INTO event_id;
    RETURN event_id;
END
$$

-- name: drop_add_xp
DROP FUNCTION thrive_circles_add_xp(
    {user_type}, bigint, varchar, varchar, timestamptz, bigint, date, bigint, integer, jsonb)
