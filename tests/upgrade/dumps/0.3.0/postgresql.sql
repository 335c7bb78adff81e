--
-- PostgreSQL database dump
--


-- Dumped from database version 16.14
-- Dumped by pg_dump version 16.14

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: thrive_points_append_many_v1(integer[], bigint[], character varying[], bigint[], character varying[], character varying[], timestamp with time zone[], timestamp with time zone[], date[], character varying[], jsonb[], jsonb[], bigint[], bigint[], integer[], character varying[], smallint[], smallint[], boolean, integer[], bigint[], date[], bigint[], jsonb[], bigint[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_append_many_v1(p_user_id integer[], p_number bigint[], p_activity_type character varying[], p_points bigint[], p_outcome character varying[], p_event_key character varying[], p_occurred_at timestamp with time zone[], p_recorded_at timestamp with time zone[], p_day date[], p_rule_revision character varying[], p_arithmetic jsonb[], p_metadata jsonb[], p_reverses bigint[], p_cause bigint[], p_actor_id integer[], p_description character varying[], p_awards smallint[], p_capped smallint[], p_in_ledger boolean, p_member integer[], p_total_xp bigint[], p_week date[], p_week_xp bigint[], p_streaks jsonb[], p_last_number bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH entry AS MATERIALIZED (
        SELECT user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped FROM unnest(p_user_id, p_number, p_activity_type, p_points, p_outcome, p_event_key, p_occurred_at, p_recorded_at, p_day, p_rule_revision, p_arithmetic, p_metadata, p_reverses, p_cause, p_actor_id, p_description, p_awards, p_capped) AS entry (user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped)
    ), history AS (
        INSERT INTO "public".thrive_points_pointshistory (user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped)
        SELECT user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped FROM entry WHERE NOT p_in_ledger
    ), day AS (
        INSERT INTO "public".thrive_points_pointsdailytotal AS total
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
        INSERT INTO "public".thrive_points_xpevent
            (user_id, number, amount, source, description, created_at)
        SELECT user_id, number, points, activity_type, description,
               CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END
        FROM entry WHERE points <> 0
    )
    UPDATE "public".thrive_points_userthriveprofile AS profile
    SET total_xp = given.total_xp, week = given.week, week_xp = given.week_xp,
        streaks = COALESCE(given.streaks, profile.streaks), last_number = given.last_number
    FROM unnest(p_member, p_total_xp, p_week, p_week_xp, p_streaks, p_last_number) AS given (user_id, total_xp, week, week_xp, streaks, last_number)
    WHERE profile.user_id = given.user_id;
END
$$;


--
-- Name: thrive_points_append_v1(integer, bigint, character varying, bigint, character varying, character varying, timestamp with time zone, timestamp with time zone, date, character varying, jsonb, jsonb, bigint, bigint, integer, character varying, smallint, smallint, bigint, date, bigint, jsonb); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_append_v1(p_user_id integer, p_number bigint, p_activity_type character varying, p_points bigint, p_outcome character varying, p_event_key character varying, p_occurred_at timestamp with time zone, p_recorded_at timestamp with time zone, p_day date, p_rule_revision character varying, p_arithmetic jsonb, p_metadata jsonb, p_reverses bigint, p_cause bigint, p_actor_id integer, p_description character varying, p_awards smallint, p_capped smallint, p_total_xp bigint, p_week date, p_week_xp bigint, p_streaks jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    p_in_ledger CONSTANT boolean := false;
BEGIN
    WITH entry AS NOT MATERIALIZED (
        SELECT user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped FROM (VALUES (p_user_id, p_number, p_activity_type, p_points, p_outcome, p_event_key, p_occurred_at, p_recorded_at, p_day, p_rule_revision, p_arithmetic, p_metadata, p_reverses, p_cause, p_actor_id, p_description, p_awards, p_capped)) AS entry (user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped)
    ), history AS (
        INSERT INTO "public".thrive_points_pointshistory (user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped)
        SELECT user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, actor_id, description, awards, capped FROM entry WHERE NOT p_in_ledger
    ), day AS (
        INSERT INTO "public".thrive_points_pointsdailytotal AS total
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
        INSERT INTO "public".thrive_points_xpevent
            (user_id, number, amount, source, description, created_at)
        SELECT user_id, number, points, activity_type, description,
               CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END
        FROM entry WHERE points <> 0
    )
    UPDATE "public".thrive_points_userthriveprofile AS profile
    SET total_xp = given.total_xp, week = given.week, week_xp = given.week_xp,
        streaks = COALESCE(given.streaks, profile.streaks), last_number = given.last_number
    FROM (VALUES (p_user_id, p_total_xp, p_week, p_week_xp, p_streaks, p_number)) AS given (user_id, total_xp, week, week_xp, streaks, last_number)
    WHERE profile.user_id = given.user_id;
END
$$;


--
-- Name: thrive_points_keep_entry_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_keep_entry_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: thrive_points_keep_event_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_keep_event_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'description' = to_jsonb(OLD) - 'description'
            AND NEW.description IN (OLD.description, '')
        THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM "public".thrive_points_pointshistory AS entry
        WHERE entry.user_id = OLD.user_id AND entry.number = OLD.number
            AND points = OLD.amount AND points <> 0 AND activity_type = OLD.source
            AND description = OLD.description AND CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END = OLD.created_at
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$;


--
-- Name: thrive_points_lock_v1(integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_lock_v1(p_user integer, OUT total_xp bigint, OUT week date, OUT week_xp bigint, OUT streaks jsonb, OUT last_number bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
BEGIN
    SELECT profile.total_xp, profile.week, profile.week_xp, profile.streaks, profile.last_number
    INTO total_xp, week, week_xp, streaks, last_number
    FROM "public".thrive_points_userthriveprofile AS profile WHERE profile.user_id = p_user
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO "public".thrive_points_userthriveprofile AS profile
            (user_id, total_xp, week_xp, streaks, last_number)
        SELECT person."id", 0, 0, '{}', 0
        FROM "public"."auth_user" AS person WHERE person."id" = p_user
        ON CONFLICT (user_id) DO UPDATE SET last_number = profile.last_number
        RETURNING profile.total_xp, profile.week, profile.week_xp, profile.streaks,
                  profile.last_number
        INTO total_xp, week, week_xp, streaks, last_number;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no user %', p_user USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
END
$$;


--
-- Name: thrive_points_open_v1(integer, character varying, character varying, date, date); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_open_v1(p_user integer, p_event_key character varying, p_activity_type character varying, p_since date, p_until date) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    account record;
    existing jsonb;
    days jsonb;
BEGIN
    SELECT * INTO account FROM "public".thrive_points_lock_v1(p_user);

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the primary key: as good for most, and a walk
    -- through the whole history for the one member who has a hundred thousand.
    SELECT to_jsonb(entry) INTO existing
    FROM (
        SELECT * FROM "public".thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT jsonb_agg(
        jsonb_build_array(total.day, total.awards, total.points, total.last_awarded_at))
    INTO days
    FROM "public".thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;

    RETURN jsonb_build_array(account.total_xp, account.week, account.week_xp, account.streaks,
                             account.last_number, existing, days);
END
$$;


--
-- Name: thrive_points_open_v2(integer, character varying, character varying, date, date, timestamp with time zone, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_open_v2(p_user integer, p_event_key character varying, p_activity_type character varying, p_since date, p_until date, p_at timestamp with time zone, p_near_since timestamp with time zone, p_near_until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    account record;
    existing jsonb;
    days jsonb;
    paid_before timestamptz;
    paid_after timestamptz;
BEGIN
    SELECT * INTO account FROM "public".thrive_points_lock_v1(p_user);

    -- Written so that only the unique index can answer it. By a plain equality, where members
    -- have few entries each, the planner may take the primary key: as good for most, and a walk
    -- through the whole history for the one member who has a hundred thousand.
    SELECT to_jsonb(entry) INTO existing
    FROM (
        SELECT * FROM "public".thrive_points_pointshistory AS candidate
        WHERE candidate.user_id = p_user AND candidate.event_key >= p_event_key
        ORDER BY candidate.event_key LIMIT 1
    ) AS entry
    WHERE entry.event_key = p_event_key;

    SELECT jsonb_agg(
        jsonb_build_array(total.day, total.awards, total.points, total.last_awarded_at))
    INTO days
    FROM "public".thrive_points_pointsdailytotal AS total
    WHERE total.user_id = p_user AND total.day BETWEEN p_since AND p_until
        AND total.activity_type = p_activity_type;

    -- For a rule with a cooldown: the paid instants next to the event, which may have been delivered
    -- late. XP events are the paid entries in the order of their time, and have the index for it.
    IF p_at IS NOT NULL THEN
        SELECT paid.created_at INTO paid_before
        FROM "public".thrive_points_xpevent AS paid
        WHERE paid.user_id = p_user AND paid.created_at > p_near_since
            AND paid.created_at <= p_at AND paid.source = p_activity_type AND paid.amount > 0
        ORDER BY paid.created_at DESC LIMIT 1;

        SELECT paid.created_at INTO paid_after
        FROM "public".thrive_points_xpevent AS paid
        WHERE paid.user_id = p_user AND paid.created_at >= p_at
            AND paid.created_at < p_near_until AND paid.source = p_activity_type AND paid.amount > 0
        ORDER BY paid.created_at LIMIT 1;
    END IF;

    RETURN jsonb_build_array(account.total_xp, account.week, account.week_xp, account.streaks,
                             account.last_number, existing, days, paid_before, paid_after);
END
$$;


--
-- Name: thrive_points_refuse_change_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_refuse_change_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Correct an entry by PointsService.reverse or PointsService.adjust.';
END
$$;


--
-- Name: thrive_points_refuse_late_rule_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_refuse_late_rule_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF extract(epoch FROM clock_timestamp()) > current_setting('thrive_points.commit_by')::numeric THEN
        RAISE EXCEPTION 'the transaction lasted until after its change of the rules would take effect'
            USING ERRCODE = 'check_violation',
                HINT = 'Publish in a shorter transaction, or give a later instant.';
    END IF;
    RETURN NULL;
END
$$;


--
-- Name: thrive_points_refuse_overlap_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_refuse_overlap_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('thrive_points_experiment'), hashtext(NEW.activity_type));
    IF EXISTS (
        SELECT 1 FROM "public".thrive_points_ruleexperiment AS other
        WHERE other.activity_type = NEW.activity_type
            AND other.starts_at < LEAST(NEW.ends_at, NEW.stopped_at)
            AND NEW.starts_at < LEAST(other.ends_at, other.stopped_at)
    ) THEN
        RAISE EXCEPTION 'another experiment on % runs at that time', NEW.activity_type
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END
$$;


--
-- Name: thrive_points_refuse_rule_change_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.thrive_points_refuse_rule_change_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is immutable: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'Publish a new revision, or stop the experiment.';
END
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: auth_group; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


--
-- Name: auth_group_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group_permissions (
    id integer NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_permission; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_user; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_user (
    id integer NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL
);


--
-- Name: auth_user_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_user_groups (
    id integer NOT NULL,
    user_id integer NOT NULL,
    group_id integer NOT NULL
);


--
-- Name: auth_user_groups_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_user_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_user_user_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_user_user_permissions (
    id integer NOT NULL,
    user_id integer NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: auth_user_user_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_content_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_migrations (
    id integer NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: thrive_circles_circle; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_circles_circle (
    id bigint NOT NULL,
    week date NOT NULL,
    level character varying(20) NOT NULL,
    number integer NOT NULL,
    overflow boolean DEFAULT false NOT NULL,
    CONSTRAINT thrive_circles_circle_number_check CHECK ((number >= 0))
);


--
-- Name: thrive_circles_circle_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.thrive_circles_circle ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.thrive_circles_circle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: thrive_circles_membership; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_circles_membership (
    week date NOT NULL,
    circle_id bigint NOT NULL,
    user_id integer NOT NULL,
    joined_at timestamp with time zone
);


--
-- Name: thrive_points_pointrule; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_pointrule (
    id bigint NOT NULL,
    activity_type character varying(100) NOT NULL,
    revision integer NOT NULL,
    definition jsonb NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    effective_until timestamp with time zone,
    share smallint NOT NULL,
    reason character varying(300) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    author_id integer,
    rollout integer,
    CONSTRAINT thrive_points_pointrule_revision_check CHECK ((revision >= 0)),
    CONSTRAINT thrive_points_pointrule_rollout_check CHECK ((rollout >= 0)),
    CONSTRAINT thrive_points_pointrule_share_check CHECK ((share >= 0)),
    CONSTRAINT thrive_points_rule_share CHECK (((share >= 1) AND (share <= 100))),
    CONSTRAINT thrive_points_rule_span CHECK (((effective_until IS NULL) OR (effective_until > effective_from)))
);


--
-- Name: thrive_points_pointrule_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.thrive_points_pointrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.thrive_points_pointrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: thrive_points_pointsdailytotal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_pointsdailytotal (
    day date NOT NULL,
    activity_type character varying(100) NOT NULL,
    awards integer NOT NULL,
    points bigint NOT NULL,
    capped integer NOT NULL,
    last_awarded_at timestamp with time zone,
    user_id integer NOT NULL
);


--
-- Name: thrive_points_pointshistory; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_pointshistory (
    number bigint NOT NULL,
    activity_type character varying(100) NOT NULL,
    points bigint NOT NULL,
    outcome character varying(16) NOT NULL,
    event_key character varying(200) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    rule_revision character varying(40) NOT NULL,
    arithmetic jsonb NOT NULL,
    metadata jsonb NOT NULL,
    reverses bigint,
    cause bigint,
    description character varying(300) NOT NULL,
    awards smallint NOT NULL,
    capped smallint NOT NULL,
    actor_id integer,
    user_id integer NOT NULL
);


--
-- Name: thrive_points_ruleexperiment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_ruleexperiment (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    activity_type character varying(100) NOT NULL,
    arms jsonb NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    reason character varying(300) NOT NULL,
    stop_reason character varying(300) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    author_id integer,
    stopped_by_id integer,
    CONSTRAINT thrive_points_experiment_span CHECK ((ends_at > starts_at))
);


--
-- Name: thrive_points_ruleexperiment_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.thrive_points_ruleexperiment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.thrive_points_ruleexperiment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: thrive_points_rulewithdrawal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_rulewithdrawal (
    id bigint NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    reason character varying(300) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    author_id integer,
    revision_id bigint NOT NULL
);


--
-- Name: thrive_points_rulewithdrawal_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.thrive_points_rulewithdrawal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.thrive_points_rulewithdrawal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: thrive_points_userthriveprofile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_userthriveprofile (
    user_id integer NOT NULL,
    total_xp bigint NOT NULL,
    week date,
    week_xp bigint NOT NULL,
    streaks jsonb NOT NULL,
    last_number bigint NOT NULL
);


--
-- Name: thrive_points_xpevent; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.thrive_points_xpevent (
    number bigint NOT NULL,
    amount bigint NOT NULL,
    source character varying(100) NOT NULL,
    description character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    user_id integer NOT NULL
);


--
-- Data for Name: auth_group; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_group (id, name) FROM stdin;
\.


--
-- Data for Name: auth_group_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_group_permissions (id, group_id, permission_id) FROM stdin;
\.


--
-- Data for Name: auth_permission; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_permission (id, name, content_type_id, codename) FROM stdin;
1	Can add permission	1	add_permission
2	Can change permission	1	change_permission
3	Can delete permission	1	delete_permission
4	Can view permission	1	view_permission
5	Can add group	2	add_group
6	Can change group	2	change_group
7	Can delete group	2	delete_group
8	Can view group	2	view_group
9	Can add user	3	add_user
10	Can change user	3	change_user
11	Can delete user	3	delete_user
12	Can view user	3	view_user
13	Can add content type	4	add_contenttype
14	Can change content type	4	change_contenttype
15	Can delete content type	4	delete_contenttype
16	Can view content type	4	view_contenttype
17	Can view points economy	5	view_pointseconomy
18	Can add daily total	6	add_pointsdailytotal
19	Can change daily total	6	change_pointsdailytotal
20	Can delete daily total	6	delete_pointsdailytotal
21	Can view daily total	6	view_pointsdailytotal
22	Can add rule revision	7	add_pointrule
23	Can change rule revision	7	change_pointrule
24	Can delete rule revision	7	delete_pointrule
25	Can view rule revision	7	view_pointrule
26	Can add points entry	8	add_pointshistory
27	Can change points entry	8	change_pointshistory
28	Can delete points entry	8	delete_pointshistory
29	Can view points entry	8	view_pointshistory
30	Can reverse entries and adjust totals	8	correct_points
31	Can add rule experiment	9	add_ruleexperiment
32	Can change rule experiment	9	change_ruleexperiment
33	Can delete rule experiment	9	delete_ruleexperiment
34	Can view rule experiment	9	view_ruleexperiment
35	Can add member's XP	10	add_userthriveprofile
36	Can change member's XP	10	change_userthriveprofile
37	Can delete member's XP	10	delete_userthriveprofile
38	Can view member's XP	10	view_userthriveprofile
39	Can add XP event	11	add_xpevent
40	Can change XP event	11	change_xpevent
41	Can delete XP event	11	delete_xpevent
42	Can view XP event	11	view_xpevent
43	Can add rule withdrawal	12	add_rulewithdrawal
44	Can change rule withdrawal	12	change_rulewithdrawal
45	Can delete rule withdrawal	12	delete_rulewithdrawal
46	Can view rule withdrawal	12	view_rulewithdrawal
47	Can add circle	13	add_circle
48	Can change circle	13	change_circle
49	Can delete circle	13	delete_circle
50	Can view circle	13	view_circle
51	Can add membership	14	add_membership
52	Can change membership	14	change_membership
53	Can delete membership	14	delete_membership
54	Can view membership	14	view_membership
\.


--
-- Data for Name: auth_user; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_user (id, password, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined) FROM stdin;
1		\N	f	ada				f	t	2026-06-01 09:00:00+00
2		\N	f	ben				f	t	2026-06-01 09:00:00+00
3		\N	f	cleo				f	t	2026-06-01 09:00:00+00
4		\N	f	dan				f	t	2026-06-01 09:00:00+00
5		\N	f	eve				f	t	2026-06-01 09:00:00+00
6		\N	f	fay				f	t	2026-06-01 09:00:00+00
\.


--
-- Data for Name: auth_user_groups; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_user_groups (id, user_id, group_id) FROM stdin;
\.


--
-- Data for Name: auth_user_user_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_user_user_permissions (id, user_id, permission_id) FROM stdin;
\.


--
-- Data for Name: django_content_type; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.django_content_type (id, app_label, model) FROM stdin;
1	auth	permission
2	auth	group
3	auth	user
4	contenttypes	contenttype
5	thrive_points	pointseconomy
6	thrive_points	pointsdailytotal
7	thrive_points	pointrule
8	thrive_points	pointshistory
9	thrive_points	ruleexperiment
10	thrive_points	userthriveprofile
11	thrive_points	xpevent
12	thrive_points	rulewithdrawal
13	thrive_circles	circle
14	thrive_circles	membership
\.


--
-- Data for Name: django_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.django_migrations (id, app, name, applied) FROM stdin;
1	contenttypes	0001_initial	2026-06-01 09:00:00+00
2	contenttypes	0002_remove_content_type_name	2026-06-01 09:00:00+00
3	auth	0001_initial	2026-06-01 09:00:00+00
4	auth	0002_alter_permission_name_max_length	2026-06-01 09:00:00+00
5	auth	0003_alter_user_email_max_length	2026-06-01 09:00:00+00
6	auth	0004_alter_user_username_opts	2026-06-01 09:00:00+00
7	auth	0005_alter_user_last_login_null	2026-06-01 09:00:00+00
8	auth	0006_require_contenttypes_0002	2026-06-01 09:00:00+00
9	auth	0007_alter_validators_add_error_messages	2026-06-01 09:00:00+00
10	auth	0008_alter_user_username_max_length	2026-06-01 09:00:00+00
11	auth	0009_alter_user_last_name_max_length	2026-06-01 09:00:00+00
12	auth	0010_alter_group_name_max_length	2026-06-01 09:00:00+00
13	auth	0011_update_proxy_permissions	2026-06-01 09:00:00+00
14	auth	0012_alter_user_first_name_max_length	2026-06-01 09:00:00+00
15	thrive_points	0001_ledger	2026-06-01 09:00:00+00
16	thrive_circles	0001_circles	2026-06-01 09:00:00+00
17	thrive_circles	0002_newcomers	2026-06-01 09:00:00+00
18	thrive_points	0002_functions	2026-06-01 09:00:00+00
19	thrive_points	0003_promotion	2026-06-01 09:00:00+00
20	thrive_points	0004_guards	2026-06-01 09:00:00+00
21	thrive_points	0005_rules	2026-06-01 09:00:00+00
\.


--
-- Data for Name: thrive_circles_circle; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_circles_circle (id, week, level, number, overflow) FROM stdin;
1	2026-06-08	Seedling	1	f
2	2026-06-15	Seedling	1	f
\.


--
-- Data for Name: thrive_circles_membership; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_circles_membership (week, circle_id, user_id, joined_at) FROM stdin;
2026-06-08	1	4	\N
2026-06-08	1	5	\N
2026-06-08	1	1	\N
2026-06-08	1	3	\N
2026-06-08	1	2	\N
2026-06-08	1	6	2026-06-08 09:00:00+00
2026-06-15	2	6	\N
2026-06-15	2	4	\N
2026-06-15	2	5	\N
2026-06-15	2	1	\N
2026-06-15	2	3	\N
2026-06-15	2	2	\N
\.


--
-- Data for Name: thrive_points_pointrule; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_pointrule (id, activity_type, revision, definition, effective_from, effective_until, share, reason, created_at, author_id, rollout) FROM stdin;
1	project_shared	1	{"label": "sharing a project", "notes": "Sharing beyond a few a day is noise.", "effort": "medium", "impact": "medium", "category": "community", "frequency": "sometimes", "base_points": 20, "max_per_day": 3}	2026-06-08 09:00:05+00	\N	100	shared more	2026-06-08 09:00:05+00	5	\N
2	project_shared	2	{}	2026-06-08 09:00:05+00	\N	50	as it was	2026-06-08 09:00:05+00	\N	2
\.


--
-- Data for Name: thrive_points_pointsdailytotal; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_pointsdailytotal (day, activity_type, awards, points, capped, last_awarded_at, user_id) FROM stdin;
2026-06-01	feedback_week_goal	1	25	0	2026-06-01 09:00:00+00	3
2026-06-01	feedback_given	7	60	0	2026-06-01 09:00:00+00	3
2026-06-01	circle_visited	1	2	0	2026-06-01 09:00:00+00	2
2026-06-01	side_quest_completed	1	30	0	2026-06-01 09:00:00+00	3
2026-06-01	project_created	1	10	0	2026-06-01 09:00:00+00	3
2026-06-01	project_created	1	10	0	2026-06-01 09:00:00+00	4
2026-06-01	side_quest_completed	1	30	0	2026-06-01 09:00:00+00	2
2026-06-01	circle_visited	1	2	0	2026-06-01 09:00:00+00	3
2026-06-01	project_created	1	10	0	2026-06-01 09:00:00+00	2
2026-06-01	side_quest_completed	1	30	0	2026-06-01 09:00:00+00	1
2026-06-01	circle_visited	1	2	0	2026-06-01 09:00:00+00	5
2026-06-01	circle_visited	1	2	0	2026-06-01 09:00:00+00	1
2026-06-01	side_quest_completed	1	30	0	2026-06-01 09:00:00+00	5
2026-06-01	project_created	1	10	0	2026-06-01 09:00:00+00	1
2026-06-01	project_created	1	10	0	2026-06-01 09:00:00+00	5
2026-06-01	circle_visited	1	2	0	2026-06-01 09:00:00+00	4
2026-06-01	side_quest_completed	2	40	0	2026-06-01 09:00:00+00	4
2026-06-01	daily_login	1	5	0	2026-06-01 09:00:00+00	1
2026-06-02	daily_login	1	5	0	2026-06-02 09:00:00+00	1
2026-06-03	daily_login	1	5	0	2026-06-03 09:00:00+00	1
2026-06-04	daily_login	1	5	0	2026-06-04 09:00:00+00	1
2026-06-05	daily_login	1	5	0	2026-06-05 09:00:00+00	1
2026-06-06	daily_login	1	5	0	2026-06-06 09:00:00+00	1
2026-06-07	daily_login	1	5	0	2026-06-07 09:00:00+00	1
2026-06-07	week_streak	1	25	0	2026-06-07 09:00:00+00	1
2026-06-01	quiz_completed	10	200	2	2026-06-01 09:00:00+00	2
2026-06-07	adjustment	0	-15	0	\N	1
2026-06-02	tutorial_completed	1	10	0	2026-06-02 09:00:00+00	5
2026-06-08	daily_login	1	5	0	2026-06-08 09:00:00+00	6
2026-06-09	project_shared	1	20	0	2026-06-09 09:00:00+00	1
2026-06-09	tutorial_completed	1	14	0	2026-06-09 09:00:00+00	1
2026-06-09	project_shared	1	15	0	2026-06-09 09:00:00+00	2
2026-06-09	tutorial_completed	1	14	0	2026-06-09 09:00:00+00	2
2026-06-09	project_shared	1	15	0	2026-06-09 09:00:00+00	3
2026-06-09	tutorial_completed	1	10	0	2026-06-09 09:00:00+00	3
2026-06-09	project_shared	1	15	0	2026-06-09 09:00:00+00	4
2026-06-09	tutorial_completed	1	14	0	2026-06-09 09:00:00+00	4
2026-06-09	project_shared	1	15	0	2026-06-09 09:00:00+00	5
2026-06-09	tutorial_completed	1	14	0	2026-06-09 09:00:00+00	5
2026-06-09	project_shared	1	15	0	2026-06-09 09:00:00+00	6
2026-06-09	tutorial_completed	1	10	0	2026-06-09 09:00:00+00	6
2026-06-15	tutorial_completed	1	10	0	2026-06-15 09:00:00+00	1
2026-06-15	circle_visited	1	2	0	2026-06-15 09:00:00+00	1
2026-06-15	tutorial_completed	1	14	0	2026-06-15 09:00:00+00	2
2026-06-15	circle_visited	1	2	0	2026-06-15 09:00:00+00	2
2026-06-15	tutorial_completed	1	14	0	2026-06-15 09:00:00+00	3
2026-06-15	circle_visited	1	2	0	2026-06-15 09:00:00+00	3
2026-06-15	tutorial_completed	1	14	0	2026-06-15 09:00:00+00	4
2026-06-15	circle_visited	1	2	0	2026-06-15 09:00:00+00	4
2026-06-15	tutorial_completed	1	14	0	2026-06-15 09:00:00+00	5
2026-06-15	circle_visited	1	2	0	2026-06-15 09:00:00+00	5
2026-06-15	tutorial_completed	1	14	0	2026-06-15 09:00:00+00	6
2026-06-15	circle_visited	1	2	0	2026-06-15 09:00:00+00	6
\.


--
-- Data for Name: thrive_points_pointshistory; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_pointshistory (number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, reverses, cause, description, awards, capped, actor_id, user_id) FROM stdin;
1	quiz_completed	20	awarded	quiz:0	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 1, 10], ["final", 20, null]]	{"score": 60}	\N	\N	a completed quiz	1	0	\N	2
2	quiz_completed	20	awarded	quiz:1	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 2, 10], ["final", 20, null]]	{"score": 61}	\N	\N	a completed quiz	1	0	\N	2
3	quiz_completed	20	awarded	quiz:2	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 3, 10], ["final", 20, null]]	{"score": 62}	\N	\N	a completed quiz	1	0	\N	2
4	quiz_completed	20	awarded	quiz:3	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 4, 10], ["final", 20, null]]	{"score": 63}	\N	\N	a completed quiz	1	0	\N	2
5	quiz_completed	20	awarded	quiz:4	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 5, 10], ["final", 20, null]]	{"score": 64}	\N	\N	a completed quiz	1	0	\N	2
6	quiz_completed	20	awarded	quiz:5	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 6, 10], ["final", 20, null]]	{"score": 65}	\N	\N	a completed quiz	1	0	\N	2
7	quiz_completed	20	awarded	quiz:6	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 7, 10], ["final", 20, null]]	{"score": 66}	\N	\N	a completed quiz	1	0	\N	2
8	quiz_completed	20	awarded	quiz:7	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 8, 10], ["final", 20, null]]	{"score": 67}	\N	\N	a completed quiz	1	0	\N	2
9	quiz_completed	20	awarded	quiz:8	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 9, 10], ["final", 20, null]]	{"score": 68}	\N	\N	a completed quiz	1	0	\N	2
10	quiz_completed	20	awarded	quiz:9	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 10, 10], ["final", 20, null]]	{"score": 69}	\N	\N	a completed quiz	1	0	\N	2
11	quiz_completed	0	capped	quiz:10	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 10, 10], ["final", 0, null]]	{"score": 70}	\N	\N	a completed quiz	0	1	\N	2
12	quiz_completed	0	capped	quiz:11	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 10, 10], ["final", 0, null]]	{"score": 71}	\N	\N	a completed quiz	0	1	\N	2
1	feedback_given	10	awarded	feedback:0	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["today", 1, 5], ["final", 10, null]]	{"project": "Küche 0"}	\N	\N	feedback on a project	1	0	\N	3
2	feedback_given	10	awarded	feedback:1	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["today", 2, 5], ["final", 10, null]]	{"project": "Küche 1"}	\N	\N	feedback on a project	1	0	\N	3
3	feedback_given	10	awarded	feedback:2	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["today", 3, 5], ["final", 10, null]]	{"project": "Küche 2"}	\N	\N	feedback on a project	1	0	\N	3
4	feedback_given	10	awarded	feedback:3	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["today", 4, 5], ["final", 10, null]]	{"project": "Küche 3"}	\N	\N	feedback on a project	1	0	\N	3
5	feedback_given	10	awarded	feedback:4	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["today", 5, 5], ["final", 10, null]]	{"project": "Küche 4"}	\N	\N	feedback on a project	1	0	\N	3
6	feedback_week_goal	25	awarded	~goal:feedback_given:5:2026-W23:feedback_week_goal	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:889944a3	[["base", 25, null], ["this_week", 1, 1], ["final", 25, null]]	{"count": 5, "completed_by": "feedback:4"}	\N	5	giving feedback five times in a week	1	0	\N	3
7	feedback_given	5	reduced	feedback:5	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["diminishing", 5, 50], ["today", 6, 5], ["final", 5, null]]	{"project": "Küche 5"}	\N	\N	feedback on a project	1	0	\N	3
8	feedback_given	5	reduced	feedback:6	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:b0f929cd	[["base", 10, null], ["diminishing", 5, 50], ["today", 7, 5], ["final", 5, null]]	{"project": "Küche 6"}	\N	\N	feedback on a project	1	0	\N	3
1	project_created	10	awarded	project_created:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:371765e4	[["base", 10, null], ["today", 1, 5], ["final", 10, null]]	{}	\N	\N	creating a project	1	0	\N	1
2	circle_visited	2	awarded	circle_visited:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	1
3	side_quest_completed	30	awarded	side_quest_completed:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:7609afca	[["base", 30, null], ["difficulty", 30, null], ["today", 1, 5], ["final", 30, null]]	{}	\N	\N	a completed side quest	1	0	\N	1
13	project_created	10	awarded	project_created:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:371765e4	[["base", 10, null], ["today", 1, 5], ["final", 10, null]]	{}	\N	\N	creating a project	1	0	\N	2
14	circle_visited	2	awarded	circle_visited:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	2
15	side_quest_completed	30	awarded	side_quest_completed:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:7609afca	[["base", 30, null], ["difficulty", 30, null], ["today", 1, 5], ["final", 30, null]]	{}	\N	\N	a completed side quest	1	0	\N	2
9	project_created	10	awarded	project_created:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:371765e4	[["base", 10, null], ["today", 1, 5], ["final", 10, null]]	{}	\N	\N	creating a project	1	0	\N	3
10	circle_visited	2	awarded	circle_visited:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	3
11	side_quest_completed	30	awarded	side_quest_completed:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:7609afca	[["base", 30, null], ["difficulty", 30, null], ["today", 1, 5], ["final", 30, null]]	{}	\N	\N	a completed side quest	1	0	\N	3
1	project_created	10	awarded	project_created:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:371765e4	[["base", 10, null], ["today", 1, 5], ["final", 10, null]]	{}	\N	\N	creating a project	1	0	\N	4
2	circle_visited	2	awarded	circle_visited:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	4
3	side_quest_completed	30	awarded	side_quest_completed:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:7609afca	[["base", 30, null], ["difficulty", 30, null], ["today", 1, 5], ["final", 30, null]]	{}	\N	\N	a completed side quest	1	0	\N	4
1	project_created	10	awarded	project_created:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:371765e4	[["base", 10, null], ["today", 1, 5], ["final", 10, null]]	{}	\N	\N	creating a project	1	0	\N	5
2	circle_visited	2	awarded	circle_visited:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	5
3	side_quest_completed	30	awarded	side_quest_completed:first	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:7609afca	[["base", 30, null], ["difficulty", 30, null], ["today", 1, 5], ["final", 30, null]]	{}	\N	\N	a completed side quest	1	0	\N	5
4	side_quest_completed	10	awarded	quest:2	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:7609afca	[["base", 30, null], ["difficulty", 10, null], ["today", 2, 5], ["final", 10, null]]	{"difficulty": "easy"}	\N	\N	a completed side quest	1	0	\N	4
4	daily_login	5	awarded	login:0	2026-06-01 09:00:00+00	2026-06-01 09:00:00+00	2026-06-01	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
5	daily_login	5	awarded	login:1	2026-06-02 09:00:00+00	2026-06-02 09:00:00+00	2026-06-02	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
6	daily_login	5	awarded	login:2	2026-06-03 09:00:00+00	2026-06-03 09:00:00+00	2026-06-03	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
7	daily_login	5	awarded	login:3	2026-06-04 09:00:00+00	2026-06-04 09:00:00+00	2026-06-04	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
8	daily_login	5	awarded	login:4	2026-06-05 09:00:00+00	2026-06-05 09:00:00+00	2026-06-05	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
9	daily_login	5	awarded	login:5	2026-06-06 09:00:00+00	2026-06-06 09:00:00+00	2026-06-06	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
10	daily_login	5	awarded	login:6	2026-06-07 09:00:00+00	2026-06-07 09:00:00+00	2026-06-07	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	1
11	week_streak	25	awarded	~streak:login:2026-06-07:every7:week_streak	2026-06-07 09:00:00+00	2026-06-07 09:00:00+00	2026-06-07	code:0f457793	[["base", 25, null], ["this_week", 1, 1], ["final", 25, null]]	{"count": 7, "completed_by": "login:6"}	\N	10	seven days in a row	1	0	\N	1
16	quiz_completed	-20	reversed	~reversal:3	2026-06-01 09:00:00+00	2026-06-07 09:00:00+00	2026-06-01		[["reversed", -20, null], ["final", -20, null]]	{"frees_room": true}	3	\N	the same answers again	-1	0	5	2
17	quiz_completed	20	promoted	~promotion:11:16	2026-06-01 09:00:00+00	2026-06-07 09:00:00+00	2026-06-01	code:32fb8eaf	[["base", 20, null], ["today", 10, 10], ["final", 20, null]]	{"promotes": 11}	\N	16	a completed quiz	1	0	\N	2
12	adjustment	40	adjusted	thanks:1	2026-06-07 09:00:00+00	2026-06-07 09:00:00+00	2026-06-07		[["adjusted", 40, null], ["final", 40, null]]	{}	\N	\N	moderated the forum	0	0	5	1
13	adjustment	-15	adjusted	fine:1	2026-06-07 09:00:00+00	2026-06-07 09:00:00+00	2026-06-07		[["adjusted", -15, null], ["final", -15, null]]	{}	\N	\N	wrong member	0	0	\N	1
14	adjustment	-40	reversed	~reversal:12	2026-06-07 09:00:00+00	2026-06-07 09:00:00+00	2026-06-07		[["reversed", -40, null], ["final", -40, null]]	{}	12	\N	given twice	0	0	\N	1
4	tutorial_completed	10	awarded	late	2026-06-02 09:00:00+00	2026-06-07 09:00:00+00	2026-06-02	code:99fc5760	[["base", 10, null], ["today", 1, 10], ["final", 10, null]]	{}	\N	\N	a finished tutorial	1	0	\N	5
1	daily_login	5	awarded	login:0	2026-06-08 09:00:00+00	2026-06-08 09:00:00+00	2026-06-08	code:50e3d496	[["base", 5, null], ["today", 1, 1], ["final", 5, null]]	{}	\N	\N	today's first visit	1	0	\N	6
15	project_shared	20	awarded	share:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	r1	[["base", 20, null], ["today", 1, 3], ["final", 20, null]]	{}	\N	\N	sharing a project	1	0	\N	1
16	tutorial_completed	14	awarded	tutorial:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	x1:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	1
18	project_shared	15	awarded	share:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	code:24aedfb4	[["base", 15, null], ["today", 1, 3], ["final", 15, null]]	{}	\N	\N	sharing a project	1	0	\N	2
19	tutorial_completed	14	awarded	tutorial:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	x1:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	2
12	project_shared	15	awarded	share:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	code:24aedfb4	[["base", 15, null], ["today", 1, 3], ["final", 15, null]]	{}	\N	\N	sharing a project	1	0	\N	3
13	tutorial_completed	10	awarded	tutorial:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	x1:a	[["base", 10, null], ["today", 1, 10], ["final", 10, null]]	{}	\N	\N	a finished tutorial	1	0	\N	3
5	project_shared	15	awarded	share:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	code:24aedfb4	[["base", 15, null], ["today", 1, 3], ["final", 15, null]]	{}	\N	\N	sharing a project	1	0	\N	4
6	tutorial_completed	14	awarded	tutorial:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	x1:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	4
5	project_shared	15	awarded	share:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	code:24aedfb4	[["base", 15, null], ["today", 1, 3], ["final", 15, null]]	{}	\N	\N	sharing a project	1	0	\N	5
6	tutorial_completed	14	awarded	tutorial:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	x1:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	5
2	project_shared	15	awarded	share:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	code:24aedfb4	[["base", 15, null], ["today", 1, 3], ["final", 15, null]]	{}	\N	\N	sharing a project	1	0	\N	6
3	tutorial_completed	10	awarded	tutorial:1	2026-06-09 09:00:00+00	2026-06-09 09:00:00+00	2026-06-09	x1:a	[["base", 10, null], ["today", 1, 10], ["final", 10, null]]	{}	\N	\N	a finished tutorial	1	0	\N	6
17	tutorial_completed	10	awarded	tutorial:2	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	x2:a	[["base", 10, null], ["today", 1, 10], ["final", 10, null]]	{}	\N	\N	a finished tutorial	1	0	\N	1
18	circle_visited	2	awarded	visit:3	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	1
20	tutorial_completed	14	awarded	tutorial:2	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	x2:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	2
21	circle_visited	2	awarded	visit:3	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	2
14	tutorial_completed	14	awarded	tutorial:2	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	x2:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	3
15	circle_visited	2	awarded	visit:3	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	3
7	tutorial_completed	14	awarded	tutorial:2	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	x2:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	4
8	circle_visited	2	awarded	visit:3	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	4
7	tutorial_completed	14	awarded	tutorial:2	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	x2:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	5
8	circle_visited	2	awarded	visit:3	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	5
4	tutorial_completed	14	awarded	tutorial:2	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	x2:b	[["base", 14, null], ["today", 1, 10], ["final", 14, null]]	{}	\N	\N	a finished tutorial	1	0	\N	6
5	circle_visited	2	awarded	visit:3	2026-06-15 09:00:00+00	2026-06-15 09:00:00+00	2026-06-15	code:415a53ca	[["base", 2, null], ["today", 1, 1], ["final", 2, null]]	{}	\N	\N	a visit to your circle	1	0	\N	6
\.


--
-- Data for Name: thrive_points_ruleexperiment; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_ruleexperiment (id, name, activity_type, arms, starts_at, ends_at, stopped_at, reason, stop_reason, created_at, author_id, stopped_by_id) FROM stdin;
1	Longer	tutorial_completed	[{"name": "a", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "effort": "medium", "impact": "medium", "category": "learning", "frequency": "often", "base_points": 10, "max_per_day": 10}}, {"name": "b", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "effort": "medium", "impact": "medium", "category": "learning", "frequency": "often", "base_points": 14, "max_per_day": 10}}]	2026-06-08 09:00:05+00	2026-07-31 09:00:00+00	2026-06-09 09:00:05+00	try	the text was wrong	2026-06-08 09:00:05+00	5	5
2	Longer again	tutorial_completed	[{"name": "a", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "effort": "medium", "impact": "medium", "category": "learning", "frequency": "often", "base_points": 10, "max_per_day": 10}}, {"name": "b", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "effort": "medium", "impact": "medium", "category": "learning", "frequency": "often", "base_points": 14, "max_per_day": 10}}]	2026-06-10 09:00:05+00	2026-07-31 09:00:00+00	\N	try		2026-06-10 09:00:05+00	\N	\N
\.


--
-- Data for Name: thrive_points_rulewithdrawal; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_rulewithdrawal (id, effective_from, reason, created_at, author_id, revision_id) FROM stdin;
1	2026-06-10 09:00:05+00	shared by all again	2026-06-10 09:00:05+00	5	2
\.


--
-- Data for Name: thrive_points_userthriveprofile; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_userthriveprofile (user_id, total_xp, week, week_xp, streaks, last_number) FROM stdin;
1	133	2026-06-15	12	{"login": [739768, 739774, 7], "active_weeks": [105681, 105683, 3], "circle_weeks": [105683, 105683, 1]}	18
2	287	2026-06-15	16	{"active_weeks": [105681, 105683, 3], "circle_weeks": [105683, 105683, 1]}	21
3	168	2026-06-15	16	{"active_weeks": [105681, 105683, 3], "circle_weeks": [105683, 105683, 1]}	15
4	97	2026-06-15	16	{"active_weeks": [105681, 105683, 3], "circle_weeks": [105683, 105683, 1]}	8
5	97	2026-06-15	16	{"active_weeks": [105681, 105683, 3], "circle_weeks": [105683, 105683, 1]}	8
6	46	2026-06-15	16	{"login": [739775, 739775, 1], "active_weeks": [105682, 105683, 2], "circle_weeks": [105683, 105683, 1]}	5
\.


--
-- Data for Name: thrive_points_xpevent; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.thrive_points_xpevent (number, amount, source, description, created_at, user_id) FROM stdin;
1	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
2	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
3	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
4	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
5	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
6	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
7	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
8	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
9	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
10	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
1	10	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
2	10	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
3	10	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
4	10	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
5	10	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
6	25	feedback_week_goal	giving feedback five times in a week	2026-06-01 09:00:00+00	3
7	5	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
8	5	feedback_given	feedback on a project	2026-06-01 09:00:00+00	3
1	10	project_created	creating a project	2026-06-01 09:00:00+00	1
2	2	circle_visited	a visit to your circle	2026-06-01 09:00:00+00	1
3	30	side_quest_completed	a completed side quest	2026-06-01 09:00:00+00	1
13	10	project_created	creating a project	2026-06-01 09:00:00+00	2
14	2	circle_visited	a visit to your circle	2026-06-01 09:00:00+00	2
15	30	side_quest_completed	a completed side quest	2026-06-01 09:00:00+00	2
9	10	project_created	creating a project	2026-06-01 09:00:00+00	3
10	2	circle_visited	a visit to your circle	2026-06-01 09:00:00+00	3
11	30	side_quest_completed	a completed side quest	2026-06-01 09:00:00+00	3
1	10	project_created	creating a project	2026-06-01 09:00:00+00	4
2	2	circle_visited	a visit to your circle	2026-06-01 09:00:00+00	4
3	30	side_quest_completed	a completed side quest	2026-06-01 09:00:00+00	4
1	10	project_created	creating a project	2026-06-01 09:00:00+00	5
2	2	circle_visited	a visit to your circle	2026-06-01 09:00:00+00	5
3	30	side_quest_completed	a completed side quest	2026-06-01 09:00:00+00	5
4	10	side_quest_completed	a completed side quest	2026-06-01 09:00:00+00	4
4	5	daily_login	today's first visit	2026-06-01 09:00:00+00	1
5	5	daily_login	today's first visit	2026-06-02 09:00:00+00	1
6	5	daily_login	today's first visit	2026-06-03 09:00:00+00	1
7	5	daily_login	today's first visit	2026-06-04 09:00:00+00	1
8	5	daily_login	today's first visit	2026-06-05 09:00:00+00	1
9	5	daily_login	today's first visit	2026-06-06 09:00:00+00	1
10	5	daily_login	today's first visit	2026-06-07 09:00:00+00	1
11	25	week_streak	seven days in a row	2026-06-07 09:00:00+00	1
16	-20	quiz_completed	the same answers again	2026-06-07 09:00:00+00	2
17	20	quiz_completed	a completed quiz	2026-06-01 09:00:00+00	2
12	40	adjustment	moderated the forum	2026-06-07 09:00:00+00	1
13	-15	adjustment	wrong member	2026-06-07 09:00:00+00	1
14	-40	adjustment	given twice	2026-06-07 09:00:00+00	1
4	10	tutorial_completed	a finished tutorial	2026-06-02 09:00:00+00	5
1	5	daily_login	today's first visit	2026-06-08 09:00:00+00	6
15	20	project_shared	sharing a project	2026-06-09 09:00:00+00	1
16	14	tutorial_completed	a finished tutorial	2026-06-09 09:00:00+00	1
18	15	project_shared	sharing a project	2026-06-09 09:00:00+00	2
19	14	tutorial_completed	a finished tutorial	2026-06-09 09:00:00+00	2
12	15	project_shared	sharing a project	2026-06-09 09:00:00+00	3
13	10	tutorial_completed	a finished tutorial	2026-06-09 09:00:00+00	3
5	15	project_shared	sharing a project	2026-06-09 09:00:00+00	4
6	14	tutorial_completed	a finished tutorial	2026-06-09 09:00:00+00	4
5	15	project_shared	sharing a project	2026-06-09 09:00:00+00	5
6	14	tutorial_completed	a finished tutorial	2026-06-09 09:00:00+00	5
2	15	project_shared	sharing a project	2026-06-09 09:00:00+00	6
3	10	tutorial_completed	a finished tutorial	2026-06-09 09:00:00+00	6
17	10	tutorial_completed	a finished tutorial	2026-06-15 09:00:00+00	1
18	2	circle_visited	a visit to your circle	2026-06-15 09:00:00+00	1
20	14	tutorial_completed	a finished tutorial	2026-06-15 09:00:00+00	2
21	2	circle_visited	a visit to your circle	2026-06-15 09:00:00+00	2
14	14	tutorial_completed	a finished tutorial	2026-06-15 09:00:00+00	3
15	2	circle_visited	a visit to your circle	2026-06-15 09:00:00+00	3
7	14	tutorial_completed	a finished tutorial	2026-06-15 09:00:00+00	4
8	2	circle_visited	a visit to your circle	2026-06-15 09:00:00+00	4
7	14	tutorial_completed	a finished tutorial	2026-06-15 09:00:00+00	5
8	2	circle_visited	a visit to your circle	2026-06-15 09:00:00+00	5
4	14	tutorial_completed	a finished tutorial	2026-06-15 09:00:00+00	6
5	2	circle_visited	a visit to your circle	2026-06-15 09:00:00+00	6
\.


--
-- Name: auth_group_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_permission_id_seq', 54, true);


--
-- Name: auth_user_groups_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_user_groups_id_seq', 1, false);


--
-- Name: auth_user_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_user_id_seq', 6, true);


--
-- Name: auth_user_user_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_user_user_permissions_id_seq', 1, false);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_content_type_id_seq', 14, true);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_migrations_id_seq', 21, true);


--
-- Name: thrive_circles_circle_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.thrive_circles_circle_id_seq', 2, true);


--
-- Name: thrive_points_pointrule_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.thrive_points_pointrule_id_seq', 2, true);


--
-- Name: thrive_points_ruleexperiment_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.thrive_points_ruleexperiment_id_seq', 2, true);


--
-- Name: thrive_points_rulewithdrawal_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.thrive_points_rulewithdrawal_id_seq', 1, true);


--
-- Name: auth_group auth_group_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


--
-- Name: auth_group_permissions auth_group_permissions_group_id_permission_id_0cd325b0_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


--
-- Name: auth_group_permissions auth_group_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


--
-- Name: auth_permission auth_permission_content_type_id_codename_01ab375a_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


--
-- Name: auth_permission auth_permission_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


--
-- Name: auth_user_groups auth_user_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_pkey PRIMARY KEY (id);


--
-- Name: auth_user_groups auth_user_groups_user_id_group_id_94350c0c_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_group_id_94350c0c_uniq UNIQUE (user_id, group_id);


--
-- Name: auth_user auth_user_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_pkey PRIMARY KEY (id);


--
-- Name: auth_user_user_permissions auth_user_user_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_user_user_permissions auth_user_user_permissions_user_id_permission_id_14a6b632_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_permission_id_14a6b632_uniq UNIQUE (user_id, permission_id);


--
-- Name: auth_user auth_user_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_username_key UNIQUE (username);


--
-- Name: django_content_type django_content_type_app_label_model_76bd3d3b_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


--
-- Name: django_content_type django_content_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


--
-- Name: django_migrations django_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);


--
-- Name: thrive_circles_circle thrive_circles_circle_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_circles_circle
    ADD CONSTRAINT thrive_circles_circle_pkey PRIMARY KEY (id);


--
-- Name: thrive_circles_circle thrive_circles_circle_unique; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_circles_circle
    ADD CONSTRAINT thrive_circles_circle_unique UNIQUE (week, level, number);


--
-- Name: thrive_circles_membership thrive_circles_membership_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_circles_membership
    ADD CONSTRAINT thrive_circles_membership_pkey PRIMARY KEY (user_id, week);


--
-- Name: thrive_points_pointshistory thrive_points_event_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointshistory
    ADD CONSTRAINT thrive_points_event_once UNIQUE (user_id, event_key);


--
-- Name: thrive_points_pointrule thrive_points_pointrule_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointrule
    ADD CONSTRAINT thrive_points_pointrule_pkey PRIMARY KEY (id);


--
-- Name: thrive_points_pointsdailytotal thrive_points_pointsdailytotal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointsdailytotal
    ADD CONSTRAINT thrive_points_pointsdailytotal_pkey PRIMARY KEY (user_id, day, activity_type);


--
-- Name: thrive_points_pointshistory thrive_points_pointshistory_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointshistory
    ADD CONSTRAINT thrive_points_pointshistory_pkey PRIMARY KEY (user_id, number);


--
-- Name: thrive_points_pointrule thrive_points_rule_revision; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointrule
    ADD CONSTRAINT thrive_points_rule_revision UNIQUE (activity_type, revision);


--
-- Name: thrive_points_ruleexperiment thrive_points_ruleexperiment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_ruleexperiment
    ADD CONSTRAINT thrive_points_ruleexperiment_pkey PRIMARY KEY (id);


--
-- Name: thrive_points_rulewithdrawal thrive_points_rulewithdrawal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_rulewithdrawal
    ADD CONSTRAINT thrive_points_rulewithdrawal_pkey PRIMARY KEY (id);


--
-- Name: thrive_points_rulewithdrawal thrive_points_rulewithdrawal_revision_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_rulewithdrawal
    ADD CONSTRAINT thrive_points_rulewithdrawal_revision_id_key UNIQUE (revision_id);


--
-- Name: thrive_points_userthriveprofile thrive_points_userthriveprofile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_userthriveprofile
    ADD CONSTRAINT thrive_points_userthriveprofile_pkey PRIMARY KEY (user_id);


--
-- Name: thrive_points_xpevent thrive_points_xpevent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_xpevent
    ADD CONSTRAINT thrive_points_xpevent_pkey PRIMARY KEY (user_id, number);


--
-- Name: auth_group_name_a6ea08ec_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);


--
-- Name: auth_group_permissions_group_id_b120cbf9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);


--
-- Name: auth_group_permissions_permission_id_84c5c92e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);


--
-- Name: auth_permission_content_type_id_2f476e4b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);


--
-- Name: auth_user_groups_group_id_97559544; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_groups_group_id_97559544 ON public.auth_user_groups USING btree (group_id);


--
-- Name: auth_user_groups_user_id_6a12ed8b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_groups_user_id_6a12ed8b ON public.auth_user_groups USING btree (user_id);


--
-- Name: auth_user_user_permissions_permission_id_1fbb5f2c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_user_permissions_permission_id_1fbb5f2c ON public.auth_user_user_permissions USING btree (permission_id);


--
-- Name: auth_user_user_permissions_user_id_a95ead1b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_user_permissions_user_id_a95ead1b ON public.auth_user_user_permissions USING btree (user_id);


--
-- Name: auth_user_username_6821ab7c_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_username_6821ab7c_like ON public.auth_user USING btree (username varchar_pattern_ops);


--
-- Name: thrive_circles_membership_circle_id_c781cb98; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_circles_membership_circle_id_c781cb98 ON public.thrive_circles_membership USING btree (circle_id);


--
-- Name: thrive_points_arm_entry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_arm_entry ON public.thrive_points_pointshistory USING btree (rule_revision, user_id) WHERE (((rule_revision)::text >= 'x'::text) AND ((rule_revision)::text < 'y'::text));


--
-- Name: thrive_points_history_day; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_history_day ON public.thrive_points_pointshistory USING brin (day) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: thrive_points_pointrule_author_id_ad9422ef; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_pointrule_author_id_ad9422ef ON public.thrive_points_pointrule USING btree (author_id);


--
-- Name: thrive_points_ruleexperiment_author_id_b867ce17; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_ruleexperiment_author_id_b867ce17 ON public.thrive_points_ruleexperiment USING btree (author_id);


--
-- Name: thrive_points_ruleexperiment_stopped_by_id_5e429d4b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_ruleexperiment_stopped_by_id_5e429d4b ON public.thrive_points_ruleexperiment USING btree (stopped_by_id);


--
-- Name: thrive_points_rulewithdrawal_author_id_c910c4d0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_rulewithdrawal_author_id_c910c4d0 ON public.thrive_points_rulewithdrawal USING btree (author_id);


--
-- Name: thrive_points_short_entry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_short_entry ON public.thrive_points_pointshistory USING btree (user_id, activity_type, day, occurred_at) WHERE (((outcome)::text = 'capped'::text) OR ((outcome)::text = 'reduced'::text) OR ((outcome)::text = 'promoted'::text) OR ((outcome)::text = 'reversed'::text));


--
-- Name: thrive_points_total_day; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_total_day ON public.thrive_points_pointsdailytotal USING brin (day) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: thrive_points_xp_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX thrive_points_xp_time ON public.thrive_points_xpevent USING btree (user_id, created_at);


--
-- Name: thrive_points_pointshistory thrive_points_append_only_v2; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_append_only_v2 BEFORE DELETE OR UPDATE ON public.thrive_points_pointshistory FOR EACH ROW EXECUTE FUNCTION public.thrive_points_keep_entry_v1();


--
-- Name: thrive_points_xpevent thrive_points_event_append_only_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_event_append_only_v1 BEFORE DELETE OR UPDATE ON public.thrive_points_xpevent FOR EACH ROW EXECUTE FUNCTION public.thrive_points_keep_event_v1();


--
-- Name: thrive_points_xpevent thrive_points_event_never_emptied_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_event_never_emptied_v1 BEFORE TRUNCATE ON public.thrive_points_xpevent FOR EACH STATEMENT EXECUTE FUNCTION public.thrive_points_refuse_change_v1();


--
-- Name: thrive_points_ruleexperiment thrive_points_experiment_immutable_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_experiment_immutable_v1 BEFORE UPDATE OF id, name, activity_type, arms, starts_at, ends_at, author_id, reason, created_at ON public.thrive_points_ruleexperiment FOR EACH ROW EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_ruleexperiment thrive_points_experiment_in_time_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER thrive_points_experiment_in_time_v1 AFTER INSERT OR UPDATE ON public.thrive_points_ruleexperiment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((current_setting('thrive_points.commit_by'::text, true) <> ''::text)) EXECUTE FUNCTION public.thrive_points_refuse_late_rule_v1();


--
-- Name: thrive_points_ruleexperiment thrive_points_experiment_kept_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_experiment_kept_v1 BEFORE DELETE ON public.thrive_points_ruleexperiment FOR EACH ROW EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_ruleexperiment thrive_points_experiment_never_emptied_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_experiment_never_emptied_v1 BEFORE TRUNCATE ON public.thrive_points_ruleexperiment FOR EACH STATEMENT EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_ruleexperiment thrive_points_experiment_stopped_once_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_experiment_stopped_once_v1 BEFORE UPDATE ON public.thrive_points_ruleexperiment FOR EACH ROW WHEN ((old.stopped_at IS NOT NULL)) EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_pointshistory thrive_points_never_emptied_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_never_emptied_v1 BEFORE TRUNCATE ON public.thrive_points_pointshistory FOR EACH STATEMENT EXECUTE FUNCTION public.thrive_points_refuse_change_v1();


--
-- Name: thrive_points_ruleexperiment thrive_points_one_experiment_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_one_experiment_v1 BEFORE INSERT ON public.thrive_points_ruleexperiment FOR EACH ROW EXECUTE FUNCTION public.thrive_points_refuse_overlap_v1();


--
-- Name: thrive_points_pointrule thrive_points_rule_immutable_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_rule_immutable_v1 BEFORE DELETE OR UPDATE ON public.thrive_points_pointrule FOR EACH ROW EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_pointrule thrive_points_rule_in_time_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER thrive_points_rule_in_time_v1 AFTER INSERT ON public.thrive_points_pointrule DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((current_setting('thrive_points.commit_by'::text, true) <> ''::text)) EXECUTE FUNCTION public.thrive_points_refuse_late_rule_v1();


--
-- Name: thrive_points_pointrule thrive_points_rule_never_emptied_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_rule_never_emptied_v1 BEFORE TRUNCATE ON public.thrive_points_pointrule FOR EACH STATEMENT EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_rulewithdrawal thrive_points_withdrawal_immutable_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER thrive_points_withdrawal_immutable_v1 BEFORE DELETE OR UPDATE ON public.thrive_points_rulewithdrawal FOR EACH ROW EXECUTE FUNCTION public.thrive_points_refuse_rule_change_v1();


--
-- Name: thrive_points_rulewithdrawal thrive_points_withdrawal_in_time_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER thrive_points_withdrawal_in_time_v1 AFTER INSERT ON public.thrive_points_rulewithdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((current_setting('thrive_points.commit_by'::text, true) <> ''::text)) EXECUTE FUNCTION public.thrive_points_refuse_late_rule_v1();


--
-- Name: auth_group_permissions auth_group_permissio_permission_id_84c5c92e_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissions_group_id_b120cbf9_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_permission auth_permission_content_type_id_2f476e4b_fk_django_co; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_groups auth_user_groups_group_id_97559544_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_group_id_97559544_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_groups auth_user_groups_user_id_6a12ed8b_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_6a12ed8b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_user_permissions auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_user_permissions auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: thrive_circles_membership thrive_circles_membe_circle_id_c781cb98_fk_thrive_ci; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_circles_membership
    ADD CONSTRAINT thrive_circles_membe_circle_id_c781cb98_fk_thrive_ci FOREIGN KEY (circle_id) REFERENCES public.thrive_circles_circle(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: thrive_points_pointshistory thrive_points_cause_entry; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointshistory
    ADD CONSTRAINT thrive_points_cause_entry FOREIGN KEY (user_id, cause) REFERENCES public.thrive_points_pointshistory(user_id, number);


--
-- Name: thrive_points_pointrule thrive_points_pointrule_author_id_ad9422ef_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointrule
    ADD CONSTRAINT thrive_points_pointrule_author_id_ad9422ef_fk_auth_user_id FOREIGN KEY (author_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: thrive_points_pointshistory thrive_points_reverses_entry; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_pointshistory
    ADD CONSTRAINT thrive_points_reverses_entry FOREIGN KEY (user_id, reverses) REFERENCES public.thrive_points_pointshistory(user_id, number);


--
-- Name: thrive_points_ruleexperiment thrive_points_ruleex_stopped_by_id_5e429d4b_fk_auth_user; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_ruleexperiment
    ADD CONSTRAINT thrive_points_ruleex_stopped_by_id_5e429d4b_fk_auth_user FOREIGN KEY (stopped_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: thrive_points_ruleexperiment thrive_points_ruleexperiment_author_id_b867ce17_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_ruleexperiment
    ADD CONSTRAINT thrive_points_ruleexperiment_author_id_b867ce17_fk_auth_user_id FOREIGN KEY (author_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: thrive_points_rulewithdrawal thrive_points_rulewi_revision_id_e4daff65_fk_thrive_po; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_rulewithdrawal
    ADD CONSTRAINT thrive_points_rulewi_revision_id_e4daff65_fk_thrive_po FOREIGN KEY (revision_id) REFERENCES public.thrive_points_pointrule(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: thrive_points_rulewithdrawal thrive_points_rulewithdrawal_author_id_c910c4d0_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.thrive_points_rulewithdrawal
    ADD CONSTRAINT thrive_points_rulewithdrawal_author_id_c910c4d0_fk_auth_user_id FOREIGN KEY (author_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- PostgreSQL database dump complete
--


