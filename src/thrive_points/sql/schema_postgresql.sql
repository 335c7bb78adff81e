-- Today's functions, triggers, constraints and indexes beyond those Django makes, on PostgreSQL.
-- Migrations never run this file: they run frozen copies in the folder migrations/. A test holds a
-- database made by them to this file, and so do a system check and the audit.
--
-- Functions that name tables run under the search path they were created with, so that a restore
-- with an empty one, or another schema's, leads them nowhere else. Names carry a version; an old
-- version stays for one release, so that old and new processes can run side by side.

-- name: create_lock
-- The account is locked, and made if it is the member's first. The user's row is touched only then,
-- and before the account's: in the order of a host that locks its user and then awards.
CREATE FUNCTION thrive_points_lock_v1(
    p_user {user_type},
    OUT total_xp bigint, OUT week date, OUT week_xp bigint, OUT streaks jsonb, OUT last_number bigint
) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan TO off AS $$
BEGIN
    SELECT profile.total_xp, profile.week, profile.week_xp, profile.streaks, profile.last_number
    INTO total_xp, week, week_xp, streaks, last_number
    FROM thrive_points_userthriveprofile AS profile WHERE profile.user_id = p_user
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM 1 FROM {user_table} AS person WHERE person.{user_key} = p_user FOR KEY SHARE;
        INSERT INTO thrive_points_userthriveprofile AS profile
            (user_id, person_id, total_xp, week_xp, streaks, last_number)
        VALUES (p_user, p_user, 0, 0, '{}', 0)
        ON CONFLICT (user_id) DO UPDATE SET last_number = profile.last_number
        RETURNING profile.total_xp, profile.week, profile.week_xp, profile.streaks,
                  profile.last_number
        INTO total_xp, week, week_xp, streaks, last_number;
    END IF;
END
$$

-- name: create_open
-- plpgsql gives each statement of a volatile function its own snapshot under READ COMMITTED. That
-- is why key and days are read by statements after the one that locks: they see what the previous
-- holder of the lock committed.
CREATE FUNCTION thrive_points_open_v1(
    p_user {user_type}, p_event_key varchar, p_activity_type varchar, p_since date, p_until date,
    OUT total_xp bigint, OUT week date, OUT week_xp bigint, OUT streaks jsonb,
    OUT last_number bigint, OUT existing jsonb, OUT days jsonb
) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan TO off AS $$
BEGIN
    SELECT account.total_xp, account.week, account.week_xp, account.streaks, account.last_number
    INTO total_xp, week, week_xp, streaks, last_number
    FROM thrive_points_lock_v1(p_user) AS account;

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the primary key: as good for most, and a walk
    -- through the whole history for the one member who has a hundred thousand.
    SELECT to_jsonb(entry) INTO existing
    FROM (
        SELECT * FROM thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT jsonb_agg(
        jsonb_build_array(total.day, total.awards, total.points, total.last_awarded_at))
    INTO days
    FROM thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;
END
$$

-- name: create_record
-- Appends entries, and derives what follows from them: daily totals and XP events from the entries
-- themselves, each account by itself, so that a statement touches one member's partition. A rebuild
-- gives no entries, and accounts whose derived rows were deleted, after number 0.
CREATE FUNCTION thrive_points_record_v1(p_entries jsonb, p_accounts jsonb)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan TO off AS $$
DECLARE
    account record;
BEGIN
    INSERT INTO thrive_points_pointshistory ({columns})
    SELECT {entry_columns} FROM jsonb_to_recordset(p_entries) AS entry ({typed_columns});
    FOR account IN
        SELECT given.* FROM jsonb_to_recordset(p_accounts) AS given (
            user_id {user_type}, after bigint, total_xp bigint, week date, week_xp bigint,
            streaks jsonb, last_number bigint)
    LOOP
        INSERT INTO thrive_points_pointsdailytotal AS total
            (user_id, day, activity_type, awards, points, capped, last_awarded_at)
        SELECT entry.user_id, entry.day, entry.activity_type, SUM(entry.awards),
               SUM(entry.points), SUM(entry.capped),
               MAX(entry.occurred_at) FILTER (WHERE entry.awards > 0)
        FROM thrive_points_pointshistory AS entry
        WHERE entry.user_id = account.user_id AND entry.number > account.after
            AND (entry.awards <> 0 OR entry.points <> 0 OR entry.capped <> 0)
        GROUP BY entry.user_id, entry.day, entry.activity_type
        ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
            awards = total.awards + excluded.awards,
            points = total.points + excluded.points,
            capped = total.capped + excluded.capped,
            last_awarded_at = GREATEST(total.last_awarded_at, excluded.last_awarded_at);

        INSERT INTO thrive_points_xpevent
            (user_id, number, amount, source, description, created_at)
        SELECT entry.user_id, entry.number, entry.points, entry.activity_type, entry.description,
               CASE WHEN entry.outcome IN ('reversed', 'adjusted') THEN entry.recorded_at
                    ELSE entry.occurred_at END
        FROM thrive_points_pointshistory AS entry
        WHERE entry.user_id = account.user_id AND entry.number > account.after
            AND entry.points <> 0;

        UPDATE thrive_points_userthriveprofile AS profile
        SET total_xp = account.total_xp, week = account.week, week_xp = account.week_xp,
            streaks = account.streaks, last_number = account.last_number
        WHERE profile.user_id = account.user_id;
    END LOOP;
END
$$

-- name: create_refusal
CREATE FUNCTION thrive_points_refuse_change_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$

-- name: create_append_only
CREATE TRIGGER thrive_points_append_only_v1 BEFORE DELETE OR UPDATE ON thrive_points_pointshistory
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_change_v1()

-- name: create_never_emptied
CREATE TRIGGER thrive_points_never_emptied_v1 BEFORE TRUNCATE ON thrive_points_pointshistory
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_change_v1()

-- name: create_rule_refusal
CREATE FUNCTION thrive_points_refuse_rule_change_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is immutable: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Publish a new revision, or stop the experiment.';
END
$$

-- name: create_rule_guard
CREATE TRIGGER thrive_points_rule_immutable_v1 BEFORE DELETE OR UPDATE ON thrive_points_pointrule
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_experiment_kept
CREATE TRIGGER thrive_points_experiment_kept_v1 BEFORE DELETE ON thrive_points_ruleexperiment
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_experiment_guard
CREATE TRIGGER thrive_points_experiment_immutable_v1
BEFORE UPDATE OF id, name, activity_type, arms, starts_at, ends_at, author_id, reason, created_at
ON thrive_points_ruleexperiment
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_experiment_stopped_once
CREATE TRIGGER thrive_points_experiment_stopped_once_v1 BEFORE UPDATE ON thrive_points_ruleexperiment
FOR EACH ROW WHEN (old.stopped_at IS NOT NULL)
EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_overlap_refusal
-- The lock makes two experiments that are started at once see each other. A new row may be stopped
-- already: a restore brings the rows back in any order.
CREATE FUNCTION thrive_points_refuse_overlap_v1() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('thrive_points_experiment'), hashtext(NEW.activity_type));
    IF EXISTS (
        SELECT 1 FROM thrive_points_ruleexperiment AS other
        WHERE other.activity_type = NEW.activity_type
            AND other.starts_at < LEAST(NEW.ends_at, NEW.stopped_at)
            AND NEW.starts_at < LEAST(other.ends_at, other.stopped_at)
    ) THEN
        RAISE EXCEPTION 'another experiment on % runs at that time', NEW.activity_type
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END
$$

-- name: create_one_experiment
CREATE TRIGGER thrive_points_one_experiment_v1 BEFORE INSERT ON thrive_points_ruleexperiment
FOR EACH ROW EXECUTE FUNCTION thrive_points_refuse_overlap_v1()

-- name: create_reverses
-- Within the member: a foreign key that Django cannot declare, since two columns point.
ALTER TABLE thrive_points_pointshistory ADD CONSTRAINT thrive_points_reverses_entry
FOREIGN KEY (user_id, reverses) REFERENCES thrive_points_pointshistory (user_id, number)

-- name: create_cause
ALTER TABLE thrive_points_pointshistory ADD CONSTRAINT thrive_points_cause_entry
FOREIGN KEY (user_id, cause) REFERENCES thrive_points_pointshistory (user_id, number)

-- name: create_history_day
-- Review reads days of all members, while every other index leads with the member. Rows arrive
-- nearly in the order of their day, so a block range index finds them; it holds a few rows for
-- each thousand and costs an award next to nothing, unlike a B-tree on the day.
CREATE INDEX thrive_points_history_day ON thrive_points_pointshistory
USING brin (day) WITH (pages_per_range = 32, autosummarize = on)

-- name: create_total_day
CREATE INDEX thrive_points_total_day ON thrive_points_pointsdailytotal
USING brin (day) WITH (pages_per_range = 32, autosummarize = on)

-- name: drop_total_day
DROP INDEX thrive_points_total_day

-- name: drop_history_day
DROP INDEX thrive_points_history_day

-- name: drop_cause
ALTER TABLE thrive_points_pointshistory DROP CONSTRAINT thrive_points_cause_entry

-- name: drop_reverses
ALTER TABLE thrive_points_pointshistory DROP CONSTRAINT thrive_points_reverses_entry

-- name: drop_one_experiment
DROP TRIGGER thrive_points_one_experiment_v1 ON thrive_points_ruleexperiment

-- name: drop_overlap_refusal
DROP FUNCTION thrive_points_refuse_overlap_v1()

-- name: drop_experiment_stopped_once
DROP TRIGGER thrive_points_experiment_stopped_once_v1 ON thrive_points_ruleexperiment

-- name: drop_experiment_guard
DROP TRIGGER thrive_points_experiment_immutable_v1 ON thrive_points_ruleexperiment

-- name: drop_experiment_kept
DROP TRIGGER thrive_points_experiment_kept_v1 ON thrive_points_ruleexperiment

-- name: drop_rule_guard
DROP TRIGGER thrive_points_rule_immutable_v1 ON thrive_points_pointrule

-- name: drop_rule_refusal
DROP FUNCTION thrive_points_refuse_rule_change_v1()

-- name: drop_never_emptied
DROP TRIGGER thrive_points_never_emptied_v1 ON thrive_points_pointshistory

-- name: drop_append_only
DROP TRIGGER thrive_points_append_only_v1 ON thrive_points_pointshistory

-- name: drop_refusal
DROP FUNCTION thrive_points_refuse_change_v1()

-- name: drop_record
DROP FUNCTION thrive_points_record_v1(jsonb, jsonb)

-- name: drop_open
DROP FUNCTION thrive_points_open_v1({user_type}, varchar, varchar, date, date)

-- name: drop_lock
DROP FUNCTION thrive_points_lock_v1({user_type})
