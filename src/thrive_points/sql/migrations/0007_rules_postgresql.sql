-- What migration 0007_rules runs on PostgreSQL. Frozen: it never changes again.

-- name: create_withdrawal_guard
CREATE TRIGGER thrive_points_withdrawal_immutable_v1 BEFORE DELETE OR UPDATE ON thrive_points_rulewithdrawal
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_late_refusal
-- Processes learn of a change within an interval, so it has to be committed an interval before it
-- takes effect. A transaction of the host that goes on after a change says by a setting until when.
CREATE FUNCTION thrive_points_refuse_late_rule_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF extract(epoch FROM clock_timestamp()) > current_setting('thrive_points.commit_by')::numeric THEN
        RAISE EXCEPTION 'the transaction lasted until after its change of the rules would take effect'
            USING ERRCODE = 'check_violation',
                HINT = 'Publish in a shorter transaction, or give a later instant.';
    END IF;
    RETURN NULL;
END
$$

-- name: create_rule_in_time
CREATE CONSTRAINT TRIGGER thrive_points_rule_in_time_v1 AFTER INSERT ON thrive_points_pointrule
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('thrive_points.commit_by'::text, true) <> ''::text)
EXECUTE FUNCTION thrive_points_refuse_late_rule_v1()

-- name: create_withdrawal_in_time
CREATE CONSTRAINT TRIGGER thrive_points_withdrawal_in_time_v1 AFTER INSERT ON thrive_points_rulewithdrawal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('thrive_points.commit_by'::text, true) <> ''::text)
EXECUTE FUNCTION thrive_points_refuse_late_rule_v1()

-- name: create_experiment_in_time
CREATE CONSTRAINT TRIGGER thrive_points_experiment_in_time_v1
AFTER INSERT OR UPDATE ON thrive_points_ruleexperiment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('thrive_points.commit_by'::text, true) <> ''::text)
EXECUTE FUNCTION thrive_points_refuse_late_rule_v1()

-- name: drop_experiment_in_time
DROP TRIGGER thrive_points_experiment_in_time_v1 ON thrive_points_ruleexperiment

-- name: drop_withdrawal_in_time
DROP TRIGGER thrive_points_withdrawal_in_time_v1 ON thrive_points_rulewithdrawal

-- name: drop_rule_in_time
DROP TRIGGER thrive_points_rule_in_time_v1 ON thrive_points_pointrule

-- name: drop_late_refusal
DROP FUNCTION thrive_points_refuse_late_rule_v1()

-- name: drop_withdrawal_guard
DROP TRIGGER thrive_points_withdrawal_immutable_v1 ON thrive_points_rulewithdrawal
