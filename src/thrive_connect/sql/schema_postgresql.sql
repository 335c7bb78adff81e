-- Today's functions and triggers of the queue, on PostgreSQL. As with the ledger's, no migration runs
-- this file.
--
-- News is queued by triggers, so an award pays no round trip for it, and nothing that reaches the ledger
-- (single awards, batches, imports) can be left out. Who listens is read anew each time: few rows, which
-- every process keeps in memory.

-- name: create_queue_entry
CREATE FUNCTION thrive_connect_queue_entry_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.thrive_connect_outgoing (user_id, number, listener_id, kind)
    SELECT NEW.user_id, NEW.number, listener.id, news.kind
    FROM {schema}.thrive_connect_listener AS listener
    CROSS JOIN unnest(ARRAY[
        CASE NEW.outcome
            WHEN 'reversed' THEN 'entry.reversed'
            WHEN 'adjusted' THEN 'entry.adjusted'
            ELSE 'entry.recorded'
        END,
        CASE WHEN NEW.points <> 0 THEN 'level.changed' END,
        CASE WHEN NEW.awards > 0 AND NEW.event_key LIKE '~streak:%' THEN 'streak.reached'
             WHEN NEW.awards > 0 AND NEW.event_key LIKE '~goal:%' THEN 'goal.reached'
        END
    ]) AS news (kind)
    WHERE listener.enabled AND listener.kinds ? news.kind;
    RETURN NULL;
END
$$

-- name: create_entry_queued
-- What is imported happened long ago, elsewhere.
CREATE TRIGGER thrive_connect_entry_queued_v1 AFTER INSERT ON thrive_points_pointshistory
FOR EACH ROW WHEN (NEW.outcome <> 'imported') EXECUTE FUNCTION thrive_connect_queue_entry_v1()

-- name: create_queue_rule
CREATE FUNCTION thrive_connect_queue_rule_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.thrive_connect_sitenews (listener_id, kind, subject, data)
    SELECT listener.id, 'rule.published', NEW.activity_type || ' r' || NEW.revision,
        jsonb_build_object('activity_type', NEW.activity_type, 'revision', NEW.revision,
            'definition', NEW.definition, 'effective_from', NEW.effective_from,
            'effective_until', NEW.effective_until, 'share', NEW.share)
    FROM {schema}.thrive_connect_listener AS listener
    WHERE listener.enabled AND listener.kinds ? 'rule.published';
    RETURN NULL;
END
$$

-- name: create_rule_queued
CREATE TRIGGER thrive_connect_rule_queued_v1 AFTER INSERT ON thrive_points_pointrule
FOR EACH ROW EXECUTE FUNCTION thrive_connect_queue_rule_v1()

-- name: drop_rule_queued
DROP TRIGGER thrive_connect_rule_queued_v1 ON thrive_points_pointrule

-- name: drop_queue_rule
DROP FUNCTION thrive_connect_queue_rule_v1()

-- name: drop_entry_queued
DROP TRIGGER thrive_connect_entry_queued_v1 ON thrive_points_pointshistory

-- name: drop_queue_entry
DROP FUNCTION thrive_connect_queue_entry_v1()
