-- Today's triggers and indexes beyond those Django makes, on SQLite. See schema_postgresql.sql.

-- name: create_no_update
CREATE TRIGGER thrive_points_no_update_v1 BEFORE UPDATE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: UPDATE refused');
END

-- name: create_no_delete
CREATE TRIGGER thrive_points_no_delete_v1 BEFORE DELETE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: DELETE refused');
END

-- name: create_own_entries
-- Within the member: SQLite takes no foreign key after the table is made.
CREATE TRIGGER thrive_points_own_entries_v1 BEFORE INSERT ON thrive_points_pointshistory
WHEN NEW.reverses IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM thrive_points_pointshistory AS entry
        WHERE entry.user_id = NEW.user_id AND entry.number = NEW.reverses)
    OR NEW.cause IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM thrive_points_pointshistory AS entry
        WHERE entry.user_id = NEW.user_id AND entry.number = NEW.cause)
BEGIN
    SELECT RAISE(ABORT, 'reverses and cause name an entry of the same member');
END

-- name: create_rule_no_update
CREATE TRIGGER thrive_points_rule_no_update_v1 BEFORE UPDATE ON thrive_points_pointrule
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: UPDATE refused');
END

-- name: create_rule_no_delete
CREATE TRIGGER thrive_points_rule_no_delete_v1 BEFORE DELETE ON thrive_points_pointrule
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: DELETE refused');
END

-- name: create_experiment_no_delete
CREATE TRIGGER thrive_points_experiment_no_delete_v1 BEFORE DELETE ON thrive_points_ruleexperiment
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: DELETE refused');
END

-- name: create_experiment_guard
CREATE TRIGGER thrive_points_experiment_immutable_v1
BEFORE UPDATE OF id, name, activity_type, arms, starts_at, ends_at, author_id, reason, created_at
ON thrive_points_ruleexperiment
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: UPDATE refused');
END

-- name: create_experiment_stopped_once
CREATE TRIGGER thrive_points_experiment_stopped_once_v1 BEFORE UPDATE ON thrive_points_ruleexperiment
WHEN OLD.stopped_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: stopped already');
END

-- name: create_one_experiment
CREATE TRIGGER thrive_points_one_experiment_v1 BEFORE INSERT ON thrive_points_ruleexperiment
WHEN EXISTS (
    SELECT 1 FROM thrive_points_ruleexperiment AS other
    WHERE other.activity_type = NEW.activity_type
        AND other.starts_at < COALESCE(MIN(NEW.ends_at, NEW.stopped_at), NEW.ends_at)
        AND NEW.starts_at < COALESCE(MIN(other.ends_at, other.stopped_at), other.ends_at)
)
BEGIN
    SELECT RAISE(ABORT, 'another experiment on this activity runs at that time');
END

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

-- name: drop_one_experiment
DROP TRIGGER thrive_points_one_experiment_v1

-- name: drop_experiment_stopped_once
DROP TRIGGER thrive_points_experiment_stopped_once_v1

-- name: drop_experiment_guard
DROP TRIGGER thrive_points_experiment_immutable_v1

-- name: drop_experiment_no_delete
DROP TRIGGER thrive_points_experiment_no_delete_v1

-- name: drop_rule_no_delete
DROP TRIGGER thrive_points_rule_no_delete_v1

-- name: drop_rule_no_update
DROP TRIGGER thrive_points_rule_no_update_v1

-- name: drop_own_entries
DROP TRIGGER thrive_points_own_entries_v1

-- name: drop_no_delete
DROP TRIGGER thrive_points_no_delete_v1

-- name: drop_no_update
DROP TRIGGER thrive_points_no_update_v1
