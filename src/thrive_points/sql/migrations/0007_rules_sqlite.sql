-- What migration 0007_rules runs on SQLite. Frozen: it never changes again.

-- name: create_withdrawal_no_update
CREATE TRIGGER thrive_points_withdrawal_no_update_v1 BEFORE UPDATE ON thrive_points_rulewithdrawal
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_rulewithdrawal is immutable: UPDATE refused');
END

-- name: create_withdrawal_no_delete
CREATE TRIGGER thrive_points_withdrawal_no_delete_v1 BEFORE DELETE ON thrive_points_rulewithdrawal
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_rulewithdrawal is immutable: DELETE refused');
END

-- name: drop_withdrawal_no_delete
DROP TRIGGER thrive_points_withdrawal_no_delete_v1

-- name: drop_withdrawal_no_update
DROP TRIGGER thrive_points_withdrawal_no_update_v1
