-- name: create_rule_refusal
CREATE FUNCTION thrive_points_refuse_rule_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is immutable: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Publish a new revision, or stop the experiment.';
END
$$

-- name: create_rule_guard
CREATE TRIGGER thrive_points_rule_immutable BEFORE UPDATE OR DELETE ON thrive_points_pointrule
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change()

-- name: create_experiment_no_delete
CREATE TRIGGER thrive_points_experiment_kept BEFORE DELETE ON thrive_points_ruleexperiment
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change()

-- name: create_experiment_guard
CREATE TRIGGER thrive_points_experiment_immutable
BEFORE UPDATE OF id, name, activity_type, arms, starts_at, ends_at, author_id, reason, created_at
ON thrive_points_ruleexperiment
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change()

-- name: create_experiment_stopped_once
CREATE TRIGGER thrive_points_experiment_stopped_once BEFORE UPDATE ON thrive_points_ruleexperiment
FOR EACH ROW WHEN (OLD.stopped_at IS NOT NULL)
EXECUTE FUNCTION thrive_points_refuse_rule_change()

-- name: create_overlap_refusal
-- The lock makes two experiments that are started at once see each other.
CREATE FUNCTION thrive_points_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('thrive_points_experiment'), hashtext(NEW.activity_type));
    IF EXISTS (
        SELECT 1 FROM thrive_points_ruleexperiment AS other
        WHERE other.activity_type = NEW.activity_type
            AND other.starts_at < NEW.ends_at
            AND NEW.starts_at < LEAST(other.ends_at, other.stopped_at)
    ) THEN
        RAISE EXCEPTION 'another experiment on % runs at that time', NEW.activity_type
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END
$$

-- name: create_one_experiment
CREATE TRIGGER thrive_points_one_experiment BEFORE INSERT ON thrive_points_ruleexperiment
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_overlap()

-- name: drop_one_experiment
DROP TRIGGER thrive_points_one_experiment ON thrive_points_ruleexperiment

-- name: drop_overlap_refusal
DROP FUNCTION thrive_points_refuse_overlap()

-- name: drop_experiment_stopped_once
DROP TRIGGER thrive_points_experiment_stopped_once ON thrive_points_ruleexperiment

-- name: drop_experiment_guard
DROP TRIGGER thrive_points_experiment_immutable ON thrive_points_ruleexperiment

-- name: drop_experiment_no_delete
DROP TRIGGER thrive_points_experiment_kept ON thrive_points_ruleexperiment

-- name: drop_rule_guard
DROP TRIGGER thrive_points_rule_immutable ON thrive_points_pointrule

-- name: drop_rule_refusal
DROP FUNCTION thrive_points_refuse_rule_change()
