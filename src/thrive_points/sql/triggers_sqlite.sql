-- name: create_no_update
CREATE TRIGGER thrive_points_no_update BEFORE UPDATE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: UPDATE refused');
END

-- name: create_no_delete
CREATE TRIGGER thrive_points_no_delete BEFORE DELETE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: DELETE refused');
END

-- name: drop_no_update
DROP TRIGGER thrive_points_no_update

-- name: drop_no_delete
DROP TRIGGER thrive_points_no_delete
