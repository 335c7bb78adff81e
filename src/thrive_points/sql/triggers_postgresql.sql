-- name: create_refusal
CREATE FUNCTION thrive_points_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'thrive_points_pointshistory is append-only: % refused', TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$

-- name: create_trigger
CREATE TRIGGER thrive_points_append_only BEFORE UPDATE OR DELETE ON thrive_points_pointshistory
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_change()

-- name: drop_trigger
DROP TRIGGER thrive_points_append_only ON thrive_points_pointshistory

-- name: drop_refusal
DROP FUNCTION thrive_points_refuse_change()
