-- Today's functions, triggers, constraints and indexes beyond those Django makes, on PostgreSQL.
-- Migrations never run this file: they run frozen copies in the folder migrations/. A test holds a
-- database made by them to this file, and so do a system check and the audit.
--
-- Functions name their tables with the schema they were created in, so that a restore with an empty
-- search path, or another tenant's, leads them nowhere else. Names carry a version; an old version
-- stays for one release, so that old and new processes can run side by side.

-- name: create_lock
-- The account is locked, and made if it is the member's first. Only then is the user's row read; it
-- is never locked, so an award waits for nobody who holds it, and nobody for the award.
CREATE FUNCTION thrive_points_lock_v1(
    p_user {user_type},
    OUT total_xp bigint, OUT week date, OUT week_xp bigint, OUT streaks jsonb, OUT last_number bigint
) LANGUAGE plpgsql AS $$
BEGIN
    SELECT profile.total_xp, profile.week, profile.week_xp, profile.streaks, profile.last_number
    INTO total_xp, week, week_xp, streaks, last_number
    FROM {schema}.thrive_points_userthriveprofile AS profile WHERE profile.user_id = p_user
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO {schema}.thrive_points_userthriveprofile AS profile
            (user_id, total_xp, week_xp, streaks, last_number)
        SELECT person.{user_key}, 0, 0, '{}', 0
        FROM {user_table} AS person WHERE person.{user_key} = p_user
        ON CONFLICT (user_id) DO UPDATE SET last_number = profile.last_number
        RETURNING profile.total_xp, profile.week, profile.week_xp, profile.streaks,
                  profile.last_number
        INTO total_xp, week, week_xp, streaks, last_number;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no user %', p_user USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
END
$$

-- name: create_open
-- For processes of version 0.2, which may still run.
-- plpgsql gives each statement of a volatile function its own snapshot under READ COMMITTED. That
-- is why key and days are read by statements after the one that locks: they see what the previous
-- holder of the lock committed.
CREATE FUNCTION thrive_points_open_v1(
    p_user {user_type}, p_event_key varchar, p_activity_type varchar, p_since date, p_until date
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    account record;
    existing jsonb;
    days jsonb;
BEGIN
    SELECT * INTO account FROM {schema}.thrive_points_lock_v1(p_user);

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the primary key: as good for most, and a walk
    -- through the whole history for the one member who has a hundred thousand.
    SELECT to_jsonb(entry) INTO existing
    FROM (
        SELECT * FROM {schema}.thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT jsonb_agg(
        jsonb_build_array(total.day, total.awards, total.points, total.last_awarded_at))
    INTO days
    FROM {schema}.thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;

    RETURN jsonb_build_array(account.total_xp, account.week, account.week_xp, account.streaks,
                             account.last_number, existing, days);
END
$$

-- name: create_open_2
-- plpgsql gives each statement of a volatile function its own snapshot under READ COMMITTED. That
-- is why key and days are read by statements after the one that locks: they see what the previous
-- holder of the lock committed.
CREATE FUNCTION thrive_points_open_v2(
    p_user {user_type}, p_event_key varchar, p_activity_type varchar, p_since date, p_until date,
    p_at timestamptz, p_near_since timestamptz, p_near_until timestamptz
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    account record;
    existing jsonb;
    days jsonb;
    paid_before timestamptz;
    paid_after timestamptz;
BEGIN
    SELECT * INTO account FROM {schema}.thrive_points_lock_v1(p_user);

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the primary key: as good for most, and a walk
    -- through the whole history for the one member who has a hundred thousand.
    SELECT to_jsonb(entry) INTO existing
    FROM (
        SELECT * FROM {schema}.thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT jsonb_agg(
        jsonb_build_array(total.day, total.awards, total.points, total.last_awarded_at))
    INTO days
    FROM {schema}.thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;

    -- For a rule with a cooldown: the paid instants next to the event, which may have been delivered
    -- late. XP events are the paid entries in the order of their time, and have the index for it.
    IF p_at IS NOT NULL THEN
        SELECT paid.created_at INTO paid_before
        FROM {schema}.thrive_points_xpevent AS paid
        WHERE paid.user_id = p_user AND paid.created_at > p_near_since
            AND paid.created_at <= p_at AND paid.source = p_activity_type AND paid.amount > 0
        ORDER BY paid.created_at DESC LIMIT 1;

        SELECT paid.created_at INTO paid_after
        FROM {schema}.thrive_points_xpevent AS paid
        WHERE paid.user_id = p_user AND paid.created_at >= p_at
            AND paid.created_at < p_near_until AND paid.source = p_activity_type AND paid.amount > 0
        ORDER BY paid.created_at LIMIT 1;
    END IF;

    RETURN jsonb_build_array(account.total_xp, account.week, account.week_xp, account.streaks,
                             account.last_number, existing, days, paid_before, paid_after);
END
$$

-- name: shared_append
-- What the two functions below do, each with its own {entries} and {standings}: append entries, and
-- write what follows from them: daily totals, XP events, and where their members now stand.
    WITH entry AS {once} (
        SELECT {columns} FROM {entries} AS entry ({columns})
    ), history AS (
        INSERT INTO {schema}.thrive_points_pointshistory ({columns})
        SELECT {columns} FROM entry WHERE NOT p_in_ledger
    ), day AS (
        INSERT INTO {schema}.thrive_points_pointsdailytotal AS total
            (user_id, day, activity_type, awards, points, capped, last_awarded_at)
        SELECT user_id, day, activity_type, SUM(awards), SUM(points), SUM(capped),
               MAX(occurred_at) FILTER (WHERE awards > 0)
        FROM entry WHERE awards <> 0 OR points <> 0 OR capped <> 0
        GROUP BY user_id, day, activity_type
        ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
            awards = total.awards + excluded.awards,
            points = total.points + excluded.points,
            capped = total.capped + excluded.capped,
            last_awarded_at = GREATEST(total.last_awarded_at, excluded.last_awarded_at)
    ), event AS (
        INSERT INTO {schema}.thrive_points_xpevent
            (user_id, number, amount, source, description, created_at)
        SELECT user_id, number, points, activity_type, description,
               {shown_at}
        FROM entry WHERE points <> 0
    )
    UPDATE {schema}.thrive_points_userthriveprofile AS profile
    SET total_xp = given.total_xp, week = given.week, week_xp = given.week_xp,
        streaks = COALESCE(given.streaks, profile.streaks), last_number = given.last_number
    FROM {standings} AS given (user_id, total_xp, week, week_xp, streaks, last_number)
    WHERE profile.user_id = given.user_id;

-- name: create_append
-- Streaks are null where they stay as they are.
CREATE FUNCTION thrive_points_append_{version}(
    {parameters},
    p_total_xp bigint, p_week date, p_week_xp bigint, p_streaks jsonb
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p_in_ledger CONSTANT boolean := false;
BEGIN
{shared_append}
END
$$

-- name: create_append_many
-- One array for each column, and one for each figure of the members. A rebuild gives entries that
-- are in the ledger already.
CREATE FUNCTION thrive_points_append_many_{version}(
    {array_parameters},
    p_in_ledger boolean,
    p_member {user_type}[], p_total_xp bigint[], p_week date[], p_week_xp bigint[],
    p_streaks jsonb[], p_last_number bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
{shared_append}
END
$$

-- name: create_refusal
CREATE FUNCTION thrive_points_refuse_change_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$

-- name: create_keep_entry
-- An erasure may blank what is personal, in a way that can be seen; nothing else of an entry ever
-- changes. Said of whatever columns there are, so that a new one is kept too.
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

-- name: create_never_emptied
CREATE TRIGGER thrive_points_never_emptied_v1 BEFORE TRUNCATE ON thrive_points_pointshistory
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_change_v1()

-- name: create_keep_event
-- An XP event shows its entry. One that shows something else may go, so that a rebuild can put the
-- right one in its place; and an erasure may blank the description.
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
            AND description = OLD.description AND {shown_at} = OLD.created_at
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

-- name: create_rule_never_emptied
CREATE TRIGGER thrive_points_rule_never_emptied_v1 BEFORE TRUNCATE ON thrive_points_pointrule
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

-- name: create_experiment_never_emptied
CREATE TRIGGER thrive_points_experiment_never_emptied_v1
BEFORE TRUNCATE ON thrive_points_ruleexperiment
FOR EACH STATEMENT EXECUTE FUNCTION thrive_points_refuse_rule_change_v1()

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
CREATE FUNCTION thrive_points_refuse_overlap_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('thrive_points_experiment'), hashtext(NEW.activity_type));
    IF EXISTS (
        SELECT 1 FROM {schema}.thrive_points_ruleexperiment AS other
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

-- name: drop_experiment_never_emptied
DROP TRIGGER thrive_points_experiment_never_emptied_v1 ON thrive_points_ruleexperiment

-- name: drop_rule_never_emptied
DROP TRIGGER thrive_points_rule_never_emptied_v1 ON thrive_points_pointrule

-- name: drop_rule_guard
DROP TRIGGER thrive_points_rule_immutable_v1 ON thrive_points_pointrule

-- name: drop_rule_refusal
DROP FUNCTION thrive_points_refuse_rule_change_v1()

-- name: drop_event_never_emptied
DROP TRIGGER thrive_points_event_never_emptied_v1 ON thrive_points_xpevent

-- name: drop_event_append_only
DROP TRIGGER thrive_points_event_append_only_v1 ON thrive_points_xpevent

-- name: drop_keep_event
DROP FUNCTION thrive_points_keep_event_v1()

-- name: drop_never_emptied
DROP TRIGGER thrive_points_never_emptied_v1 ON thrive_points_pointshistory

-- name: drop_append_only
DROP TRIGGER thrive_points_append_only_v2 ON thrive_points_pointshistory

-- name: drop_keep_entry
DROP FUNCTION thrive_points_keep_entry_v1()

-- name: drop_refusal
DROP FUNCTION thrive_points_refuse_change_v1()

-- name: drop_append_many
DROP FUNCTION thrive_points_append_many_{version}

-- name: drop_append
DROP FUNCTION thrive_points_append_{version}

-- name: drop_open_2
DROP FUNCTION thrive_points_open_v2(
    {user_type}, varchar, varchar, date, date, timestamptz, timestamptz, timestamptz)

-- name: drop_open
DROP FUNCTION thrive_points_open_v1({user_type}, varchar, varchar, date, date)

-- name: drop_lock
DROP FUNCTION thrive_points_lock_v1({user_type})
