-- Today's triggers and indexes beyond those Django makes, on SQLite. See schema_postgresql.sql.

-- name: create_kept
-- An erasure may blank what is personal, in a way that can be seen; nothing else of an entry ever
-- changes.
CREATE TRIGGER thrive_points_kept_{version} BEFORE UPDATE ON thrive_points_pointshistory
WHEN NOT (
    {unchanged} AND NEW.rowid = OLD.rowid
    AND NEW.metadata IN (OLD.metadata, '{}')
    AND NEW.event_key IN (OLD.event_key, '~erased:' || OLD.number)
    AND NEW.description IN (OLD.description, '')
    AND (NEW.actor_id IS NULL OR NEW.actor_id IS OLD.actor_id)
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: UPDATE refused');
END

-- name: create_no_delete
CREATE TRIGGER thrive_points_no_delete_v1 BEFORE DELETE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: DELETE refused');
END

-- name: create_no_replace
-- INSERT OR REPLACE deletes what is in its way without a word to the trigger above.
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
-- An XP event shows its entry. One that shows something else may go, so that a rebuild can put the
-- right one in its place; and an erasure may blank the description.
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
        AND description = OLD.description AND {shown_at} = OLD.created_at
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

-- name: create_experiment_no_replace
CREATE TRIGGER thrive_points_experiment_no_replace_v1 BEFORE INSERT ON thrive_points_ruleexperiment
WHEN EXISTS (SELECT 1 FROM thrive_points_ruleexperiment AS other WHERE other.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: it has such an experiment');
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

-- name: drop_experiment_no_replace
DROP TRIGGER thrive_points_experiment_no_replace_v1

-- name: drop_experiment_no_delete
DROP TRIGGER thrive_points_experiment_no_delete_v1

-- name: drop_rule_no_delete
DROP TRIGGER thrive_points_rule_no_delete_v1

-- name: drop_rule_no_replace
DROP TRIGGER thrive_points_rule_no_replace_v1

-- name: drop_rule_no_update
DROP TRIGGER thrive_points_rule_no_update_v1

-- name: drop_own_entries
DROP TRIGGER thrive_points_own_entries_v1

-- name: drop_event_no_replace
DROP TRIGGER thrive_points_event_no_replace_v1

-- name: drop_event_no_delete
DROP TRIGGER thrive_points_event_no_delete_v1

-- name: drop_event_no_update
DROP TRIGGER thrive_points_event_no_update_v1

-- name: drop_no_replace
DROP TRIGGER thrive_points_no_replace_v1

-- name: drop_no_delete
DROP TRIGGER thrive_points_no_delete_v1

-- name: drop_kept
DROP TRIGGER thrive_points_kept_{version}
