-- What migration 0006_guards runs on SQLite. Frozen: it never changes again.

-- name: create_without_no_update_v1
DROP TRIGGER thrive_points_no_update_v1

-- name: create_kept
CREATE TRIGGER thrive_points_kept_v1 BEFORE UPDATE ON thrive_points_pointshistory
WHEN NOT (
    NEW.user_id IS OLD.user_id AND NEW.number IS OLD.number AND NEW.activity_type IS OLD.activity_type AND NEW.points IS OLD.points AND NEW.outcome IS OLD.outcome AND NEW.occurred_at IS OLD.occurred_at AND NEW.recorded_at IS OLD.recorded_at AND NEW.day IS OLD.day AND NEW.rule_revision IS OLD.rule_revision AND NEW.arithmetic IS OLD.arithmetic AND NEW.reverses IS OLD.reverses AND NEW.cause IS OLD.cause AND NEW.awards IS OLD.awards AND NEW.capped IS OLD.capped AND NEW.rowid = OLD.rowid
    AND NEW.metadata IN (OLD.metadata, '{}')
    AND NEW.event_key IN (OLD.event_key, '~erased:' || OLD.number)
    AND NEW.description IN (OLD.description, '')
    AND (NEW.actor_id IS NULL OR NEW.actor_id IS OLD.actor_id)
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: UPDATE refused');
END

-- name: create_no_replace
CREATE TRIGGER thrive_points_no_replace_v1 BEFORE INSERT ON thrive_points_pointshistory
WHEN EXISTS (
    SELECT 1 FROM thrive_points_pointshistory AS entry
    WHERE entry.user_id = NEW.user_id AND entry.number = NEW.number
) OR EXISTS (
    SELECT 1 FROM thrive_points_pointshistory AS entry
    WHERE entry.user_id = NEW.user_id AND entry.event_key = NEW.event_key
) OR NEW.rowid > 0 AND EXISTS (
    SELECT 1 FROM thrive_points_pointshistory AS entry WHERE entry.rowid = NEW.rowid
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: it has such an entry');
END

-- name: create_event_no_update
CREATE TRIGGER thrive_points_event_no_update_v1 BEFORE UPDATE ON thrive_points_xpevent
WHEN NOT (
    NEW.user_id = OLD.user_id AND NEW.number = OLD.number AND NEW.amount = OLD.amount
    AND NEW.source = OLD.source AND NEW.created_at = OLD.created_at AND NEW.rowid = OLD.rowid
    AND NEW.description IN (OLD.description, '')
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_xpevent is append-only: UPDATE refused');
END

-- name: create_event_no_delete
CREATE TRIGGER thrive_points_event_no_delete_v1 BEFORE DELETE ON thrive_points_xpevent
WHEN EXISTS (
    SELECT 1 FROM thrive_points_pointshistory AS entry
    WHERE entry.user_id = OLD.user_id AND entry.number = OLD.number
        AND points = OLD.amount AND points <> 0 AND activity_type = OLD.source
        AND description = OLD.description AND CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END = OLD.created_at
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_xpevent is append-only: DELETE refused');
END

-- name: create_event_no_replace
CREATE TRIGGER thrive_points_event_no_replace_v1 BEFORE INSERT ON thrive_points_xpevent
WHEN EXISTS (
    SELECT 1 FROM thrive_points_xpevent AS event
    WHERE event.user_id = NEW.user_id AND event.number = NEW.number
) OR NEW.rowid > 0 AND EXISTS (
    SELECT 1 FROM thrive_points_xpevent AS event WHERE event.rowid = NEW.rowid
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_xpevent is append-only: it has such an event');
END

-- name: create_rule_no_replace
CREATE TRIGGER thrive_points_rule_no_replace_v1 BEFORE INSERT ON thrive_points_pointrule
WHEN EXISTS (
    SELECT 1 FROM thrive_points_pointrule AS rule
    WHERE rule.id = NEW.id OR rule.activity_type = NEW.activity_type
        AND rule.revision = NEW.revision
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: it has such a revision');
END

-- name: create_experiment_no_replace
CREATE TRIGGER thrive_points_experiment_no_replace_v1 BEFORE INSERT ON thrive_points_ruleexperiment
WHEN EXISTS (SELECT 1 FROM thrive_points_ruleexperiment AS other WHERE other.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: it has such an experiment');
END

-- name: drop_experiment_no_replace
DROP TRIGGER thrive_points_experiment_no_replace_v1

-- name: drop_rule_no_replace
DROP TRIGGER thrive_points_rule_no_replace_v1

-- name: drop_event_no_replace
DROP TRIGGER thrive_points_event_no_replace_v1

-- name: drop_event_no_delete
DROP TRIGGER thrive_points_event_no_delete_v1

-- name: drop_event_no_update
DROP TRIGGER thrive_points_event_no_update_v1

-- name: drop_no_replace
DROP TRIGGER thrive_points_no_replace_v1

-- name: drop_kept
DROP TRIGGER thrive_points_kept_v1

-- name: drop_with_no_update_v1
CREATE TRIGGER thrive_points_no_update_v1 BEFORE UPDATE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: UPDATE refused');
END
