-- Frozen with the migration 0001_connect: the triggers that queue news.

-- name: create_entry_queued
CREATE TRIGGER thrive_connect_entry_queued_v1 AFTER INSERT ON thrive_points_pointshistory
WHEN NEW.outcome <> 'imported'
BEGIN
    INSERT INTO thrive_connect_outgoing (user_id, number, listener_id, kind)
    SELECT NEW.user_id, NEW.number, listener.id, news.value
    FROM thrive_connect_listener AS listener, json_each(json_array(
        CASE NEW.outcome
            WHEN 'reversed' THEN 'entry.reversed'
            WHEN 'adjusted' THEN 'entry.adjusted'
            ELSE 'entry.recorded'
        END,
        CASE WHEN NEW.points <> 0 THEN 'level.changed' END,
        CASE WHEN NEW.awards > 0 AND NEW.event_key LIKE '~streak:%' THEN 'streak.reached'
             WHEN NEW.awards > 0 AND NEW.event_key LIKE '~goal:%' THEN 'goal.reached'
        END
    )) AS news
    WHERE listener.enabled
        AND news.value IN (SELECT value FROM json_each(listener.kinds));
END

-- name: create_rule_queued
CREATE TRIGGER thrive_connect_rule_queued_v1 AFTER INSERT ON thrive_points_pointrule
BEGIN
    INSERT INTO thrive_connect_sitenews (listener_id, kind, subject, data)
    SELECT listener.id, 'rule.published', NEW.activity_type || ' r' || NEW.revision,
        json_object('activity_type', NEW.activity_type, 'revision', NEW.revision,
            'definition', json(NEW.definition), 'effective_from', NEW.effective_from,
            'effective_until', NEW.effective_until, 'share', NEW.share)
    FROM thrive_connect_listener AS listener
    WHERE listener.enabled AND 'rule.published' IN (SELECT value FROM json_each(listener.kinds));
END

-- name: drop_rule_queued
DROP TRIGGER thrive_connect_rule_queued_v1

-- name: drop_entry_queued
DROP TRIGGER thrive_connect_entry_queued_v1
