-- name: create_rule_no_update
CREATE TRIGGER thrive_points_rule_no_update BEFORE UPDATE ON thrive_points_pointrule
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: UPDATE refused');
END

-- name: create_rule_no_delete
CREATE TRIGGER thrive_points_rule_no_delete BEFORE DELETE ON thrive_points_pointrule
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: DELETE refused');
END

-- name: create_experiment_no_delete
CREATE TRIGGER thrive_points_experiment_no_delete BEFORE DELETE ON thrive_points_ruleexperiment
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: DELETE refused');
END

-- name: create_experiment_guard
CREATE TRIGGER thrive_points_experiment_immutable
BEFORE UPDATE OF id, name, activity_type, arms, starts_at, ends_at, author_id, reason, created_at
ON thrive_points_ruleexperiment
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: UPDATE refused');
END

-- name: create_experiment_stopped_once
CREATE TRIGGER thrive_points_experiment_stopped_once BEFORE UPDATE ON thrive_points_ruleexperiment
WHEN OLD.stopped_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: stopped already');
END

-- name: create_one_experiment
CREATE TRIGGER thrive_points_one_experiment BEFORE INSERT ON thrive_points_ruleexperiment
WHEN EXISTS (
    SELECT 1 FROM thrive_points_ruleexperiment AS other
    WHERE other.activity_type = NEW.activity_type
        AND other.starts_at < NEW.ends_at
        AND NEW.starts_at < COALESCE(MIN(other.ends_at, other.stopped_at), other.ends_at)
)
BEGIN
    SELECT RAISE(ABORT, 'another experiment on this activity runs at that time');
END

-- name: drop_one_experiment
DROP TRIGGER thrive_points_one_experiment

-- name: drop_experiment_stopped_once
DROP TRIGGER thrive_points_experiment_stopped_once

-- name: drop_experiment_guard
DROP TRIGGER thrive_points_experiment_immutable

-- name: drop_experiment_no_delete
DROP TRIGGER thrive_points_experiment_no_delete

-- name: drop_rule_no_delete
DROP TRIGGER thrive_points_rule_no_delete

-- name: drop_rule_no_update
DROP TRIGGER thrive_points_rule_no_update
