-- What migration 0006_guards runs on PostgreSQL. Frozen: it never changes again.

-- name: create_without_append_only_v1
DROP TRIGGER thrive_points_append_only_v1 ON thrive_points_pointshistory

-- name: create_keep_entry
CREATE FUNCTION thrive_points_keep_entry_v1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    personal CONSTANT text[] := '{metadata,event_key,description,actor_id}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - personal = to_jsonb(OLD) - personal
            AND NEW.metadata IN (OLD.metadata, '{}')
            AND NEW.event_key IN (OLD.event_key, '~erased:' || OLD.number)
            AND NEW.description IN (OLD.description, '')
            AND (NEW.actor_id IS NULL OR NEW.actor_id = OLD.actor_id)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$

-- name: create_append_only
CREATE TRIGGER thrive_points_append_only_v2 BEFORE DELETE OR UPDATE ON thrive_points_pointshistory
FOR EACH ROW EXECUTE FUNCTION thrive_points_keep_entry_v1()

-- name: create_keep_event
CREATE FUNCTION thrive_points_keep_event_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'description' = to_jsonb(OLD) - 'description'
            AND NEW.description IN (OLD.description, '')
        THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM {schema}.thrive_points_pointshistory AS entry
        WHERE entry.user_id = OLD.user_id AND entry.number = OLD.number
            AND points = OLD.amount AND points <> 0 AND activity_type = OLD.source
            AND description = OLD.description AND CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END = OLD.created_at
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$

-- name: create_event_append_only
CREATE TRIGGER thrive_points_event_append_only_v1 BEFORE DELETE OR UPDATE ON thrive_points_xpevent
FOR EACH ROW EXECUTE FUNCTION thrive_points_keep_event_v1()

-- name: create_event_never_emptied
CREATE TRIGGER thrive_points_event_never_emptied_v1 BEFORE TRUNCATE ON thrive_points_xpevent
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_change_v1()

-- name: create_rule_never_emptied
CREATE TRIGGER thrive_points_rule_never_emptied_v1 BEFORE TRUNCATE ON thrive_points_pointrule
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_experiment_never_emptied
CREATE TRIGGER thrive_points_experiment_never_emptied_v1
BEFORE TRUNCATE ON thrive_points_ruleexperiment
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: drop_experiment_never_emptied
DROP TRIGGER thrive_points_experiment_never_emptied_v1 ON thrive_points_ruleexperiment

-- name: drop_rule_never_emptied
DROP TRIGGER thrive_points_rule_never_emptied_v1 ON thrive_points_pointrule

-- name: drop_event_never_emptied
DROP TRIGGER thrive_points_event_never_emptied_v1 ON thrive_points_xpevent

-- name: drop_event_append_only
DROP TRIGGER thrive_points_event_append_only_v1 ON thrive_points_xpevent

-- name: drop_keep_event
DROP FUNCTION thrive_points_keep_event_v1()

-- name: drop_append_only
DROP TRIGGER thrive_points_append_only_v2 ON thrive_points_pointshistory

-- name: drop_keep_entry
DROP FUNCTION thrive_points_keep_entry_v1()

-- name: drop_with_append_only_v1
CREATE TRIGGER thrive_points_append_only_v1 BEFORE DELETE OR UPDATE ON thrive_points_pointshistory
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_change_v1()
