BEGIN TRANSACTION;
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
INSERT INTO "auth_permission" VALUES(1,1,'add_permission','Can add permission');
INSERT INTO "auth_permission" VALUES(2,1,'change_permission','Can change permission');
INSERT INTO "auth_permission" VALUES(3,1,'delete_permission','Can delete permission');
INSERT INTO "auth_permission" VALUES(4,1,'view_permission','Can view permission');
INSERT INTO "auth_permission" VALUES(5,2,'add_group','Can add group');
INSERT INTO "auth_permission" VALUES(6,2,'change_group','Can change group');
INSERT INTO "auth_permission" VALUES(7,2,'delete_group','Can delete group');
INSERT INTO "auth_permission" VALUES(8,2,'view_group','Can view group');
INSERT INTO "auth_permission" VALUES(9,3,'add_user','Can add user');
INSERT INTO "auth_permission" VALUES(10,3,'change_user','Can change user');
INSERT INTO "auth_permission" VALUES(11,3,'delete_user','Can delete user');
INSERT INTO "auth_permission" VALUES(12,3,'view_user','Can view user');
INSERT INTO "auth_permission" VALUES(13,4,'add_contenttype','Can add content type');
INSERT INTO "auth_permission" VALUES(14,4,'change_contenttype','Can change content type');
INSERT INTO "auth_permission" VALUES(15,4,'delete_contenttype','Can delete content type');
INSERT INTO "auth_permission" VALUES(16,4,'view_contenttype','Can view content type');
INSERT INTO "auth_permission" VALUES(17,5,'view_pointseconomy','Can view points economy');
INSERT INTO "auth_permission" VALUES(18,6,'add_pointsdailytotal','Can add daily total');
INSERT INTO "auth_permission" VALUES(19,6,'change_pointsdailytotal','Can change daily total');
INSERT INTO "auth_permission" VALUES(20,6,'delete_pointsdailytotal','Can delete daily total');
INSERT INTO "auth_permission" VALUES(21,6,'view_pointsdailytotal','Can view daily total');
INSERT INTO "auth_permission" VALUES(22,7,'add_pointrule','Can add rule revision');
INSERT INTO "auth_permission" VALUES(23,7,'change_pointrule','Can change rule revision');
INSERT INTO "auth_permission" VALUES(24,7,'delete_pointrule','Can delete rule revision');
INSERT INTO "auth_permission" VALUES(25,7,'view_pointrule','Can view rule revision');
INSERT INTO "auth_permission" VALUES(26,8,'add_pointshistory','Can add points entry');
INSERT INTO "auth_permission" VALUES(27,8,'change_pointshistory','Can change points entry');
INSERT INTO "auth_permission" VALUES(28,8,'delete_pointshistory','Can delete points entry');
INSERT INTO "auth_permission" VALUES(29,8,'view_pointshistory','Can view points entry');
INSERT INTO "auth_permission" VALUES(30,8,'correct_points','Can reverse entries and adjust totals');
INSERT INTO "auth_permission" VALUES(31,9,'add_ruleexperiment','Can add rule experiment');
INSERT INTO "auth_permission" VALUES(32,9,'change_ruleexperiment','Can change rule experiment');
INSERT INTO "auth_permission" VALUES(33,9,'delete_ruleexperiment','Can delete rule experiment');
INSERT INTO "auth_permission" VALUES(34,9,'view_ruleexperiment','Can view rule experiment');
INSERT INTO "auth_permission" VALUES(35,10,'add_userthriveprofile','Can add member''s XP');
INSERT INTO "auth_permission" VALUES(36,10,'change_userthriveprofile','Can change member''s XP');
INSERT INTO "auth_permission" VALUES(37,10,'delete_userthriveprofile','Can delete member''s XP');
INSERT INTO "auth_permission" VALUES(38,10,'view_userthriveprofile','Can view member''s XP');
INSERT INTO "auth_permission" VALUES(39,11,'add_xpevent','Can add XP event');
INSERT INTO "auth_permission" VALUES(40,11,'change_xpevent','Can change XP event');
INSERT INTO "auth_permission" VALUES(41,11,'delete_xpevent','Can delete XP event');
INSERT INTO "auth_permission" VALUES(42,11,'view_xpevent','Can view XP event');
INSERT INTO "auth_permission" VALUES(43,12,'add_rulewithdrawal','Can add rule withdrawal');
INSERT INTO "auth_permission" VALUES(44,12,'change_rulewithdrawal','Can change rule withdrawal');
INSERT INTO "auth_permission" VALUES(45,12,'delete_rulewithdrawal','Can delete rule withdrawal');
INSERT INTO "auth_permission" VALUES(46,12,'view_rulewithdrawal','Can view rule withdrawal');
INSERT INTO "auth_permission" VALUES(47,13,'add_circle','Can add circle');
INSERT INTO "auth_permission" VALUES(48,13,'change_circle','Can change circle');
INSERT INTO "auth_permission" VALUES(49,13,'delete_circle','Can delete circle');
INSERT INTO "auth_permission" VALUES(50,13,'view_circle','Can view circle');
INSERT INTO "auth_permission" VALUES(51,14,'add_membership','Can add membership');
INSERT INTO "auth_permission" VALUES(52,14,'change_membership','Can change membership');
INSERT INTO "auth_permission" VALUES(53,14,'delete_membership','Can delete membership');
INSERT INTO "auth_permission" VALUES(54,14,'view_membership','Can view membership');
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL);
INSERT INTO "auth_user" VALUES(1,'',NULL,0,'ada','','',0,1,'2026-06-01 09:00:00','');
INSERT INTO "auth_user" VALUES(2,'',NULL,0,'ben','','',0,1,'2026-06-01 09:00:00','');
INSERT INTO "auth_user" VALUES(3,'',NULL,0,'cleo','','',0,1,'2026-06-01 09:00:00','');
INSERT INTO "auth_user" VALUES(4,'',NULL,0,'dan','','',0,1,'2026-06-01 09:00:00','');
INSERT INTO "auth_user" VALUES(5,'',NULL,0,'eve','','',0,1,'2026-06-01 09:00:00','');
INSERT INTO "auth_user" VALUES(6,'',NULL,0,'fay','','',0,1,'2026-06-01 09:00:00','');
CREATE TABLE "auth_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
INSERT INTO "django_content_type" VALUES(1,'auth','permission');
INSERT INTO "django_content_type" VALUES(2,'auth','group');
INSERT INTO "django_content_type" VALUES(3,'auth','user');
INSERT INTO "django_content_type" VALUES(4,'contenttypes','contenttype');
INSERT INTO "django_content_type" VALUES(5,'thrive_points','pointseconomy');
INSERT INTO "django_content_type" VALUES(6,'thrive_points','pointsdailytotal');
INSERT INTO "django_content_type" VALUES(7,'thrive_points','pointrule');
INSERT INTO "django_content_type" VALUES(8,'thrive_points','pointshistory');
INSERT INTO "django_content_type" VALUES(9,'thrive_points','ruleexperiment');
INSERT INTO "django_content_type" VALUES(10,'thrive_points','userthriveprofile');
INSERT INTO "django_content_type" VALUES(11,'thrive_points','xpevent');
INSERT INTO "django_content_type" VALUES(12,'thrive_points','rulewithdrawal');
INSERT INTO "django_content_type" VALUES(13,'thrive_circles','circle');
INSERT INTO "django_content_type" VALUES(14,'thrive_circles','membership');
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO "django_migrations" VALUES(1,'contenttypes','0001_initial','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(2,'contenttypes','0002_remove_content_type_name','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(3,'auth','0001_initial','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(4,'auth','0002_alter_permission_name_max_length','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(5,'auth','0003_alter_user_email_max_length','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(6,'auth','0004_alter_user_username_opts','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(7,'auth','0005_alter_user_last_login_null','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(8,'auth','0006_require_contenttypes_0002','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(9,'auth','0007_alter_validators_add_error_messages','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(10,'auth','0008_alter_user_username_max_length','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(11,'auth','0009_alter_user_last_name_max_length','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(12,'auth','0010_alter_group_name_max_length','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(13,'auth','0011_update_proxy_permissions','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(14,'auth','0012_alter_user_first_name_max_length','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(15,'thrive_points','0001_ledger','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(16,'thrive_circles','0001_circles','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(17,'thrive_circles','0002_newcomers','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(18,'thrive_points','0002_functions','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(19,'thrive_points','0003_promotion','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(20,'thrive_points','0004_guards','2026-06-01 09:00:00');
INSERT INTO "django_migrations" VALUES(21,'thrive_points','0005_rules','2026-06-01 09:00:00');
CREATE TABLE "thrive_circles_circle" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "week" date NOT NULL, "level" varchar(20) NOT NULL, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "overflow" bool DEFAULT 0 NOT NULL, CONSTRAINT "thrive_circles_circle_unique" UNIQUE ("week", "level", "number"));
INSERT INTO "thrive_circles_circle" VALUES(1,'2026-06-08','Seedling',1,0);
INSERT INTO "thrive_circles_circle" VALUES(2,'2026-06-15','Seedling',1,0);
CREATE TABLE "thrive_circles_membership" ("week" date NOT NULL, "circle_id" bigint NOT NULL REFERENCES "thrive_circles_circle" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" integer NOT NULL, "joined_at" datetime NULL, PRIMARY KEY ("user_id", "week"));
INSERT INTO "thrive_circles_membership" VALUES('2026-06-08',1,4,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-08',1,5,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-08',1,1,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-08',1,3,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-08',1,2,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-08',1,6,'2026-06-08 09:00:00');
INSERT INTO "thrive_circles_membership" VALUES('2026-06-15',2,6,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-15',2,4,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-15',2,5,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-15',2,1,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-15',2,3,NULL);
INSERT INTO "thrive_circles_membership" VALUES('2026-06-15',2,2,NULL);
CREATE TABLE "thrive_points_pointrule" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "activity_type" varchar(100) NOT NULL, "revision" integer unsigned NOT NULL CHECK ("revision" >= 0), "definition" text NOT NULL CHECK ((JSON_VALID("definition") OR "definition" IS NULL)), "effective_from" datetime NOT NULL, "effective_until" datetime NULL, "share" smallint unsigned NOT NULL CHECK ("share" >= 0), "reason" varchar(300) NOT NULL, "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "author_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "rollout" integer unsigned NULL CHECK ("rollout" >= 0), CONSTRAINT "thrive_points_rule_revision" UNIQUE ("activity_type", "revision"), CONSTRAINT "thrive_points_rule_span" CHECK (("effective_until" IS NULL OR "effective_until" > ("effective_from"))), CONSTRAINT "thrive_points_rule_share" CHECK (("share" >= 1 AND "share" <= 100)));
INSERT INTO "thrive_points_pointrule" VALUES(1,'project_shared',1,'{"label": "sharing a project", "notes": "Sharing beyond a few a day is noise.", "category": "community", "effort": "medium", "impact": "medium", "frequency": "sometimes", "base_points": 20, "max_per_day": 3}','2026-06-08 09:00:05',NULL,100,'shared more','2026-06-08 09:00:05',5,NULL);
INSERT INTO "thrive_points_pointrule" VALUES(2,'project_shared',2,'{}','2026-06-08 09:00:05',NULL,50,'as it was','2026-06-08 09:00:05',NULL,2);
CREATE TABLE "thrive_points_pointsdailytotal" ("day" date NOT NULL, "activity_type" varchar(100) NOT NULL, "awards" integer NOT NULL, "points" bigint NOT NULL, "capped" integer NOT NULL, "last_awarded_at" datetime NULL, "user_id" integer NOT NULL, PRIMARY KEY ("user_id", "day", "activity_type"));
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','quiz_completed',10,200,2,'2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','feedback_given',7,60,0,'2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','feedback_week_goal',1,25,0,'2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','circle_visited',1,2,0,'2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','project_created',1,10,0,'2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','side_quest_completed',1,30,0,'2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','circle_visited',1,2,0,'2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','project_created',1,10,0,'2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','side_quest_completed',1,30,0,'2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','circle_visited',1,2,0,'2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','project_created',1,10,0,'2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','side_quest_completed',1,30,0,'2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','circle_visited',1,2,0,'2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','project_created',1,10,0,'2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','side_quest_completed',2,40,0,'2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','circle_visited',1,2,0,'2026-06-01 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','project_created',1,10,0,'2026-06-01 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','side_quest_completed',1,30,0,'2026-06-01 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-01','daily_login',1,5,0,'2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-02','daily_login',1,5,0,'2026-06-02 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-03','daily_login',1,5,0,'2026-06-03 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-04','daily_login',1,5,0,'2026-06-04 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-05','daily_login',1,5,0,'2026-06-05 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-06','daily_login',1,5,0,'2026-06-06 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-07','daily_login',1,5,0,'2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-07','week_streak',1,25,0,'2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-07','adjustment',0,-15,0,NULL,1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-02','tutorial_completed',1,10,0,'2026-06-02 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-08','daily_login',1,5,0,'2026-06-08 09:00:00',6);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','project_shared',1,20,0,'2026-06-09 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','tutorial_completed',1,14,0,'2026-06-09 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','project_shared',1,15,0,'2026-06-09 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','tutorial_completed',1,14,0,'2026-06-09 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','project_shared',1,15,0,'2026-06-09 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','tutorial_completed',1,10,0,'2026-06-09 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','project_shared',1,15,0,'2026-06-09 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','tutorial_completed',1,14,0,'2026-06-09 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','project_shared',1,15,0,'2026-06-09 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','tutorial_completed',1,14,0,'2026-06-09 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','project_shared',1,15,0,'2026-06-09 09:00:00',6);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-09','tutorial_completed',1,10,0,'2026-06-09 09:00:00',6);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','tutorial_completed',1,10,0,'2026-06-15 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','circle_visited',1,2,0,'2026-06-15 09:00:00',1);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','tutorial_completed',1,14,0,'2026-06-15 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','circle_visited',1,2,0,'2026-06-15 09:00:00',2);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','tutorial_completed',1,14,0,'2026-06-15 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','circle_visited',1,2,0,'2026-06-15 09:00:00',3);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','tutorial_completed',1,14,0,'2026-06-15 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','circle_visited',1,2,0,'2026-06-15 09:00:00',4);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','tutorial_completed',1,14,0,'2026-06-15 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','circle_visited',1,2,0,'2026-06-15 09:00:00',5);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','tutorial_completed',1,14,0,'2026-06-15 09:00:00',6);
INSERT INTO "thrive_points_pointsdailytotal" VALUES('2026-06-15','circle_visited',1,2,0,'2026-06-15 09:00:00',6);
CREATE TABLE "thrive_points_pointshistory" ("number" bigint NOT NULL, "activity_type" varchar(100) NOT NULL, "points" bigint NOT NULL, "outcome" varchar(16) NOT NULL, "event_key" varchar(200) NOT NULL, "occurred_at" datetime NOT NULL, "recorded_at" datetime NOT NULL, "day" date NOT NULL, "rule_revision" varchar(40) NOT NULL, "arithmetic" text NOT NULL CHECK ((JSON_VALID("arithmetic") OR "arithmetic" IS NULL)), "metadata" text NOT NULL CHECK ((JSON_VALID("metadata") OR "metadata" IS NULL)), "reverses" bigint NULL, "cause" bigint NULL, "description" varchar(300) NOT NULL, "awards" smallint NOT NULL, "capped" smallint NOT NULL, "actor_id" integer NULL, "user_id" integer NOT NULL, CONSTRAINT "thrive_points_event_once" UNIQUE ("user_id", "event_key"), PRIMARY KEY ("user_id", "number"));
INSERT INTO "thrive_points_pointshistory" VALUES(1,'quiz_completed',20,'awarded','quiz:0','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",1,10],["final",20,null]]','{"score":60}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(2,'quiz_completed',20,'awarded','quiz:1','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",2,10],["final",20,null]]','{"score":61}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(3,'quiz_completed',20,'awarded','quiz:2','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",3,10],["final",20,null]]','{"score":62}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(4,'quiz_completed',20,'awarded','quiz:3','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",4,10],["final",20,null]]','{"score":63}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(5,'quiz_completed',20,'awarded','quiz:4','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",5,10],["final",20,null]]','{"score":64}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(6,'quiz_completed',20,'awarded','quiz:5','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",6,10],["final",20,null]]','{"score":65}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(7,'quiz_completed',20,'awarded','quiz:6','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",7,10],["final",20,null]]','{"score":66}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(8,'quiz_completed',20,'awarded','quiz:7','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",8,10],["final",20,null]]','{"score":67}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(9,'quiz_completed',20,'awarded','quiz:8','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",9,10],["final",20,null]]','{"score":68}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(10,'quiz_completed',20,'awarded','quiz:9','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",10,10],["final",20,null]]','{"score":69}',NULL,NULL,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(11,'quiz_completed',0,'capped','quiz:10','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",10,10],["final",0,null]]','{"score":70}',NULL,NULL,'a completed quiz',0,1,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(12,'quiz_completed',0,'capped','quiz:11','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",10,10],["final",0,null]]','{"score":71}',NULL,NULL,'a completed quiz',0,1,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(1,'feedback_given',10,'awarded','feedback:0','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["today",1,5],["final",10,null]]','{"project":"Küche 0"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(2,'feedback_given',10,'awarded','feedback:1','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["today",2,5],["final",10,null]]','{"project":"Küche 1"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(3,'feedback_given',10,'awarded','feedback:2','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["today",3,5],["final",10,null]]','{"project":"Küche 2"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(4,'feedback_given',10,'awarded','feedback:3','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["today",4,5],["final",10,null]]','{"project":"Küche 3"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(5,'feedback_given',10,'awarded','feedback:4','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["today",5,5],["final",10,null]]','{"project":"Küche 4"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(6,'feedback_week_goal',25,'awarded','~goal:feedback_given:5:2026-W23:feedback_week_goal','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:889944a3','[["base",25,null],["this_week",1,1],["final",25,null]]','{"count":5,"completed_by":"feedback:4"}',NULL,5,'giving feedback five times in a week',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(7,'feedback_given',5,'reduced','feedback:5','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["diminishing",5,50],["today",6,5],["final",5,null]]','{"project":"Küche 5"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(8,'feedback_given',5,'reduced','feedback:6','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:b0f929cd','[["base",10,null],["diminishing",5,50],["today",7,5],["final",5,null]]','{"project":"Küche 6"}',NULL,NULL,'feedback on a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(1,'project_created',10,'awarded','project_created:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:371765e4','[["base",10,null],["today",1,5],["final",10,null]]','{}',NULL,NULL,'creating a project',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(2,'circle_visited',2,'awarded','circle_visited:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(3,'side_quest_completed',30,'awarded','side_quest_completed:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:7609afca','[["base",30,null],["difficulty",30,null],["today",1,5],["final",30,null]]','{}',NULL,NULL,'a completed side quest',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(13,'project_created',10,'awarded','project_created:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:371765e4','[["base",10,null],["today",1,5],["final",10,null]]','{}',NULL,NULL,'creating a project',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(14,'circle_visited',2,'awarded','circle_visited:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(15,'side_quest_completed',30,'awarded','side_quest_completed:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:7609afca','[["base",30,null],["difficulty",30,null],["today",1,5],["final",30,null]]','{}',NULL,NULL,'a completed side quest',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(9,'project_created',10,'awarded','project_created:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:371765e4','[["base",10,null],["today",1,5],["final",10,null]]','{}',NULL,NULL,'creating a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(10,'circle_visited',2,'awarded','circle_visited:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(11,'side_quest_completed',30,'awarded','side_quest_completed:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:7609afca','[["base",30,null],["difficulty",30,null],["today",1,5],["final",30,null]]','{}',NULL,NULL,'a completed side quest',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(1,'project_created',10,'awarded','project_created:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:371765e4','[["base",10,null],["today",1,5],["final",10,null]]','{}',NULL,NULL,'creating a project',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(2,'circle_visited',2,'awarded','circle_visited:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(3,'side_quest_completed',30,'awarded','side_quest_completed:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:7609afca','[["base",30,null],["difficulty",30,null],["today",1,5],["final",30,null]]','{}',NULL,NULL,'a completed side quest',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(1,'project_created',10,'awarded','project_created:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:371765e4','[["base",10,null],["today",1,5],["final",10,null]]','{}',NULL,NULL,'creating a project',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(2,'circle_visited',2,'awarded','circle_visited:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(3,'side_quest_completed',30,'awarded','side_quest_completed:first','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:7609afca','[["base",30,null],["difficulty",30,null],["today",1,5],["final",30,null]]','{}',NULL,NULL,'a completed side quest',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(4,'side_quest_completed',10,'awarded','quest:2','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:7609afca','[["base",30,null],["difficulty",10,null],["today",2,5],["final",10,null]]','{"difficulty":"easy"}',NULL,NULL,'a completed side quest',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(4,'daily_login',5,'awarded','login:0','2026-06-01 09:00:00','2026-06-01 09:00:00','2026-06-01','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(5,'daily_login',5,'awarded','login:1','2026-06-02 09:00:00','2026-06-02 09:00:00','2026-06-02','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(6,'daily_login',5,'awarded','login:2','2026-06-03 09:00:00','2026-06-03 09:00:00','2026-06-03','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(7,'daily_login',5,'awarded','login:3','2026-06-04 09:00:00','2026-06-04 09:00:00','2026-06-04','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(8,'daily_login',5,'awarded','login:4','2026-06-05 09:00:00','2026-06-05 09:00:00','2026-06-05','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(9,'daily_login',5,'awarded','login:5','2026-06-06 09:00:00','2026-06-06 09:00:00','2026-06-06','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(10,'daily_login',5,'awarded','login:6','2026-06-07 09:00:00','2026-06-07 09:00:00','2026-06-07','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(11,'week_streak',25,'awarded','~streak:login:2026-06-07:every7:week_streak','2026-06-07 09:00:00','2026-06-07 09:00:00','2026-06-07','code:0f457793','[["base",25,null],["this_week",1,1],["final",25,null]]','{"count":7,"completed_by":"login:6"}',NULL,10,'seven days in a row',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(16,'quiz_completed',-20,'reversed','~reversal:3','2026-06-01 09:00:00','2026-06-07 09:00:00','2026-06-01','','[["reversed",-20,null],["final",-20,null]]','{"frees_room":true}',3,NULL,'the same answers again',-1,0,5,2);
INSERT INTO "thrive_points_pointshistory" VALUES(17,'quiz_completed',20,'promoted','~promotion:11:16','2026-06-01 09:00:00','2026-06-07 09:00:00','2026-06-01','code:32fb8eaf','[["base",20,null],["today",10,10],["final",20,null]]','{"promotes":11}',NULL,16,'a completed quiz',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(12,'adjustment',40,'adjusted','thanks:1','2026-06-07 09:00:00','2026-06-07 09:00:00','2026-06-07','','[["adjusted",40,null],["final",40,null]]','{}',NULL,NULL,'moderated the forum',0,0,5,1);
INSERT INTO "thrive_points_pointshistory" VALUES(13,'adjustment',-15,'adjusted','fine:1','2026-06-07 09:00:00','2026-06-07 09:00:00','2026-06-07','','[["adjusted",-15,null],["final",-15,null]]','{}',NULL,NULL,'wrong member',0,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(14,'adjustment',-40,'reversed','~reversal:12','2026-06-07 09:00:00','2026-06-07 09:00:00','2026-06-07','','[["reversed",-40,null],["final",-40,null]]','{}',12,NULL,'given twice',0,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(4,'tutorial_completed',10,'awarded','late','2026-06-02 09:00:00','2026-06-07 09:00:00','2026-06-02','code:99fc5760','[["base",10,null],["today",1,10],["final",10,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(1,'daily_login',5,'awarded','login:0','2026-06-08 09:00:00','2026-06-08 09:00:00','2026-06-08','code:50e3d496','[["base",5,null],["today",1,1],["final",5,null]]','{}',NULL,NULL,'today''s first visit',1,0,NULL,6);
INSERT INTO "thrive_points_pointshistory" VALUES(15,'project_shared',20,'awarded','share:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','r1','[["base",20,null],["today",1,3],["final",20,null]]','{}',NULL,NULL,'sharing a project',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(16,'tutorial_completed',14,'awarded','tutorial:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','x1:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(18,'project_shared',15,'awarded','share:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','code:24aedfb4','[["base",15,null],["today",1,3],["final",15,null]]','{}',NULL,NULL,'sharing a project',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(19,'tutorial_completed',14,'awarded','tutorial:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','x1:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(12,'project_shared',15,'awarded','share:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','code:24aedfb4','[["base",15,null],["today",1,3],["final",15,null]]','{}',NULL,NULL,'sharing a project',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(13,'tutorial_completed',10,'awarded','tutorial:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','x1:a','[["base",10,null],["today",1,10],["final",10,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(5,'project_shared',15,'awarded','share:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','code:24aedfb4','[["base",15,null],["today",1,3],["final",15,null]]','{}',NULL,NULL,'sharing a project',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(6,'tutorial_completed',14,'awarded','tutorial:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','x1:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(5,'project_shared',15,'awarded','share:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','code:24aedfb4','[["base",15,null],["today",1,3],["final",15,null]]','{}',NULL,NULL,'sharing a project',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(6,'tutorial_completed',14,'awarded','tutorial:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','x1:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(2,'project_shared',15,'awarded','share:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','code:24aedfb4','[["base",15,null],["today",1,3],["final",15,null]]','{}',NULL,NULL,'sharing a project',1,0,NULL,6);
INSERT INTO "thrive_points_pointshistory" VALUES(3,'tutorial_completed',10,'awarded','tutorial:1','2026-06-09 09:00:00','2026-06-09 09:00:00','2026-06-09','x1:a','[["base",10,null],["today",1,10],["final",10,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,6);
INSERT INTO "thrive_points_pointshistory" VALUES(17,'tutorial_completed',10,'awarded','tutorial:2','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','x2:a','[["base",10,null],["today",1,10],["final",10,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(18,'circle_visited',2,'awarded','visit:3','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,1);
INSERT INTO "thrive_points_pointshistory" VALUES(20,'tutorial_completed',14,'awarded','tutorial:2','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','x2:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(21,'circle_visited',2,'awarded','visit:3','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,2);
INSERT INTO "thrive_points_pointshistory" VALUES(14,'tutorial_completed',14,'awarded','tutorial:2','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','x2:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(15,'circle_visited',2,'awarded','visit:3','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,3);
INSERT INTO "thrive_points_pointshistory" VALUES(7,'tutorial_completed',14,'awarded','tutorial:2','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','x2:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(8,'circle_visited',2,'awarded','visit:3','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,4);
INSERT INTO "thrive_points_pointshistory" VALUES(7,'tutorial_completed',14,'awarded','tutorial:2','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','x2:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(8,'circle_visited',2,'awarded','visit:3','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,5);
INSERT INTO "thrive_points_pointshistory" VALUES(4,'tutorial_completed',14,'awarded','tutorial:2','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','x2:b','[["base",14,null],["today",1,10],["final",14,null]]','{}',NULL,NULL,'a finished tutorial',1,0,NULL,6);
INSERT INTO "thrive_points_pointshistory" VALUES(5,'circle_visited',2,'awarded','visit:3','2026-06-15 09:00:00','2026-06-15 09:00:00','2026-06-15','code:415a53ca','[["base",2,null],["today",1,1],["final",2,null]]','{}',NULL,NULL,'a visit to your circle',1,0,NULL,6);
CREATE TABLE "thrive_points_ruleexperiment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "activity_type" varchar(100) NOT NULL, "arms" text NOT NULL CHECK ((JSON_VALID("arms") OR "arms" IS NULL)), "starts_at" datetime NOT NULL, "ends_at" datetime NOT NULL, "stopped_at" datetime NULL, "reason" varchar(300) NOT NULL, "stop_reason" varchar(300) NOT NULL, "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "author_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "stopped_by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "thrive_points_experiment_span" CHECK ("ends_at" > ("starts_at")));
INSERT INTO "thrive_points_ruleexperiment" VALUES(1,'Longer','tutorial_completed','[{"name": "a", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "category": "learning", "effort": "medium", "impact": "medium", "frequency": "often", "base_points": 10, "max_per_day": 10}}, {"name": "b", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "category": "learning", "effort": "medium", "impact": "medium", "frequency": "often", "base_points": 14, "max_per_day": 10}}]','2026-06-08 09:00:05','2026-07-31 09:00:00','2026-06-09 09:00:05','try','the text was wrong','2026-06-08 09:00:05',5,5);
INSERT INTO "thrive_points_ruleexperiment" VALUES(2,'Longer again','tutorial_completed','[{"name": "a", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "category": "learning", "effort": "medium", "impact": "medium", "frequency": "often", "base_points": 10, "max_per_day": 10}}, {"name": "b", "share": 50, "definition": {"label": "a finished tutorial", "notes": "Guided, so half of what a quiz pays.", "category": "learning", "effort": "medium", "impact": "medium", "frequency": "often", "base_points": 14, "max_per_day": 10}}]','2026-06-10 09:00:05','2026-07-31 09:00:00',NULL,'try','','2026-06-10 09:00:05',NULL,NULL);
CREATE TABLE "thrive_points_rulewithdrawal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "effective_from" datetime NOT NULL, "reason" varchar(300) NOT NULL, "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "author_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "revision_id" bigint NOT NULL UNIQUE REFERENCES "thrive_points_pointrule" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "thrive_points_rulewithdrawal" VALUES(1,'2026-06-10 09:00:05','shared by all again','2026-06-10 09:00:05',5,2);
CREATE TABLE "thrive_points_userthriveprofile" ("user_id" integer NOT NULL PRIMARY KEY, "total_xp" bigint NOT NULL, "week" date NULL, "week_xp" bigint NOT NULL, "streaks" text NOT NULL CHECK ((JSON_VALID("streaks") OR "streaks" IS NULL)), "last_number" bigint NOT NULL);
INSERT INTO "thrive_points_userthriveprofile" VALUES(1,133,'2026-06-15',12,'{"active_weeks":[105681,105683,3],"circle_weeks":[105683,105683,1],"login":[739768,739774,7]}',18);
INSERT INTO "thrive_points_userthriveprofile" VALUES(2,287,'2026-06-15',16,'{"active_weeks":[105681,105683,3],"circle_weeks":[105683,105683,1]}',21);
INSERT INTO "thrive_points_userthriveprofile" VALUES(3,168,'2026-06-15',16,'{"active_weeks":[105681,105683,3],"circle_weeks":[105683,105683,1]}',15);
INSERT INTO "thrive_points_userthriveprofile" VALUES(4,97,'2026-06-15',16,'{"active_weeks":[105681,105683,3],"circle_weeks":[105683,105683,1]}',8);
INSERT INTO "thrive_points_userthriveprofile" VALUES(5,97,'2026-06-15',16,'{"active_weeks":[105681,105683,3],"circle_weeks":[105683,105683,1]}',8);
INSERT INTO "thrive_points_userthriveprofile" VALUES(6,46,'2026-06-15',16,'{"login":[739775,739775,1],"active_weeks":[105682,105683,2],"circle_weeks":[105683,105683,1]}',5);
CREATE TABLE "thrive_points_xpevent" ("number" bigint NOT NULL, "amount" bigint NOT NULL, "source" varchar(100) NOT NULL, "description" varchar(300) NOT NULL, "created_at" datetime NOT NULL, "user_id" integer NOT NULL, PRIMARY KEY ("user_id", "number"));
INSERT INTO "thrive_points_xpevent" VALUES(1,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(2,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(3,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(4,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(5,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(6,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(7,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(8,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(9,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(10,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(1,10,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(2,10,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(3,10,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(4,10,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(5,10,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(6,25,'feedback_week_goal','giving feedback five times in a week','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(7,5,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(8,5,'feedback_given','feedback on a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(1,10,'project_created','creating a project','2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(2,2,'circle_visited','a visit to your circle','2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(3,30,'side_quest_completed','a completed side quest','2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(13,10,'project_created','creating a project','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(14,2,'circle_visited','a visit to your circle','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(15,30,'side_quest_completed','a completed side quest','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(9,10,'project_created','creating a project','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(10,2,'circle_visited','a visit to your circle','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(11,30,'side_quest_completed','a completed side quest','2026-06-01 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(1,10,'project_created','creating a project','2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(2,2,'circle_visited','a visit to your circle','2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(3,30,'side_quest_completed','a completed side quest','2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(1,10,'project_created','creating a project','2026-06-01 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(2,2,'circle_visited','a visit to your circle','2026-06-01 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(3,30,'side_quest_completed','a completed side quest','2026-06-01 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(4,10,'side_quest_completed','a completed side quest','2026-06-01 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(4,5,'daily_login','today''s first visit','2026-06-01 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(5,5,'daily_login','today''s first visit','2026-06-02 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(6,5,'daily_login','today''s first visit','2026-06-03 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(7,5,'daily_login','today''s first visit','2026-06-04 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(8,5,'daily_login','today''s first visit','2026-06-05 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(9,5,'daily_login','today''s first visit','2026-06-06 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(10,5,'daily_login','today''s first visit','2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(11,25,'week_streak','seven days in a row','2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(16,-20,'quiz_completed','the same answers again','2026-06-07 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(17,20,'quiz_completed','a completed quiz','2026-06-01 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(12,40,'adjustment','moderated the forum','2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(13,-15,'adjustment','wrong member','2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(14,-40,'adjustment','given twice','2026-06-07 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(4,10,'tutorial_completed','a finished tutorial','2026-06-02 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(1,5,'daily_login','today''s first visit','2026-06-08 09:00:00',6);
INSERT INTO "thrive_points_xpevent" VALUES(15,20,'project_shared','sharing a project','2026-06-09 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(16,14,'tutorial_completed','a finished tutorial','2026-06-09 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(18,15,'project_shared','sharing a project','2026-06-09 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(19,14,'tutorial_completed','a finished tutorial','2026-06-09 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(12,15,'project_shared','sharing a project','2026-06-09 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(13,10,'tutorial_completed','a finished tutorial','2026-06-09 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(5,15,'project_shared','sharing a project','2026-06-09 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(6,14,'tutorial_completed','a finished tutorial','2026-06-09 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(5,15,'project_shared','sharing a project','2026-06-09 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(6,14,'tutorial_completed','a finished tutorial','2026-06-09 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(2,15,'project_shared','sharing a project','2026-06-09 09:00:00',6);
INSERT INTO "thrive_points_xpevent" VALUES(3,10,'tutorial_completed','a finished tutorial','2026-06-09 09:00:00',6);
INSERT INTO "thrive_points_xpevent" VALUES(17,10,'tutorial_completed','a finished tutorial','2026-06-15 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(18,2,'circle_visited','a visit to your circle','2026-06-15 09:00:00',1);
INSERT INTO "thrive_points_xpevent" VALUES(20,14,'tutorial_completed','a finished tutorial','2026-06-15 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(21,2,'circle_visited','a visit to your circle','2026-06-15 09:00:00',2);
INSERT INTO "thrive_points_xpevent" VALUES(14,14,'tutorial_completed','a finished tutorial','2026-06-15 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(15,2,'circle_visited','a visit to your circle','2026-06-15 09:00:00',3);
INSERT INTO "thrive_points_xpevent" VALUES(7,14,'tutorial_completed','a finished tutorial','2026-06-15 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(8,2,'circle_visited','a visit to your circle','2026-06-15 09:00:00',4);
INSERT INTO "thrive_points_xpevent" VALUES(7,14,'tutorial_completed','a finished tutorial','2026-06-15 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(8,2,'circle_visited','a visit to your circle','2026-06-15 09:00:00',5);
INSERT INTO "thrive_points_xpevent" VALUES(4,14,'tutorial_completed','a finished tutorial','2026-06-15 09:00:00',6);
INSERT INTO "thrive_points_xpevent" VALUES(5,2,'circle_visited','a visit to your circle','2026-06-15 09:00:00',6);
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_user_groups_user_id_group_id_94350c0c_uniq" ON "auth_user_groups" ("user_id", "group_id");
CREATE INDEX "auth_user_groups_user_id_6a12ed8b" ON "auth_user_groups" ("user_id");
CREATE INDEX "auth_user_groups_group_id_97559544" ON "auth_user_groups" ("group_id");
CREATE UNIQUE INDEX "auth_user_user_permissions_user_id_permission_id_14a6b632_uniq" ON "auth_user_user_permissions" ("user_id", "permission_id");
CREATE INDEX "auth_user_user_permissions_user_id_a95ead1b" ON "auth_user_user_permissions" ("user_id");
CREATE INDEX "auth_user_user_permissions_permission_id_1fbb5f2c" ON "auth_user_user_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE INDEX "thrive_points_pointrule_author_id_ad9422ef" ON "thrive_points_pointrule" ("author_id");
CREATE INDEX "thrive_points_arm_entry" ON "thrive_points_pointshistory" ("rule_revision", "user_id") WHERE ("rule_revision" >= 'x' AND "rule_revision" < 'y');
CREATE INDEX "thrive_points_ruleexperiment_author_id_b867ce17" ON "thrive_points_ruleexperiment" ("author_id");
CREATE INDEX "thrive_points_ruleexperiment_stopped_by_id_5e429d4b" ON "thrive_points_ruleexperiment" ("stopped_by_id");
CREATE INDEX "thrive_points_xp_time" ON "thrive_points_xpevent" ("user_id", "created_at");
CREATE INDEX "thrive_circles_membership_circle_id_c781cb98" ON "thrive_circles_membership" ("circle_id");
CREATE INDEX "thrive_points_short_entry" ON "thrive_points_pointshistory" ("user_id", "activity_type", "day", "occurred_at") WHERE ("outcome" = 'capped' OR "outcome" = 'reduced' OR "outcome" = 'promoted' OR "outcome" = 'reversed');
CREATE INDEX "thrive_points_rulewithdrawal_author_id_c910c4d0" ON "thrive_points_rulewithdrawal" ("author_id");
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
END;
CREATE TRIGGER thrive_points_no_delete_v1 BEFORE DELETE ON thrive_points_pointshistory
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointshistory is append-only: DELETE refused');
END;
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
END;
CREATE TRIGGER thrive_points_event_no_update_v1 BEFORE UPDATE ON thrive_points_xpevent
WHEN NOT (
    NEW.user_id = OLD.user_id AND NEW.number = OLD.number AND NEW.amount = OLD.amount
    AND NEW.source = OLD.source AND NEW.created_at = OLD.created_at AND NEW.rowid = OLD.rowid
    AND NEW.description IN (OLD.description, '')
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_xpevent is append-only: UPDATE refused');
END;
CREATE TRIGGER thrive_points_event_no_delete_v1 BEFORE DELETE ON thrive_points_xpevent
WHEN EXISTS (
    SELECT 1 FROM thrive_points_pointshistory AS entry
    WHERE entry.user_id = OLD.user_id AND entry.number = OLD.number
        AND points = OLD.amount AND points <> 0 AND activity_type = OLD.source
        AND description = OLD.description AND CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END = OLD.created_at
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_xpevent is append-only: DELETE refused');
END;
CREATE TRIGGER thrive_points_event_no_replace_v1 BEFORE INSERT ON thrive_points_xpevent
WHEN EXISTS (
    SELECT 1 FROM thrive_points_xpevent AS event
    WHERE event.user_id = NEW.user_id AND event.number = NEW.number
) OR NEW.rowid > 0 AND EXISTS (
    SELECT 1 FROM thrive_points_xpevent AS event WHERE event.rowid = NEW.rowid
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_xpevent is append-only: it has such an event');
END;
CREATE TRIGGER thrive_points_own_entries_v1 BEFORE INSERT ON thrive_points_pointshistory
WHEN NEW.reverses IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM thrive_points_pointshistory AS entry
        WHERE entry.user_id = NEW.user_id AND entry.number = NEW.reverses)
    OR NEW.cause IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM thrive_points_pointshistory AS entry
        WHERE entry.user_id = NEW.user_id AND entry.number = NEW.cause)
BEGIN
    SELECT RAISE(ABORT, 'reverses and cause name an entry of the same member');
END;
CREATE TRIGGER thrive_points_rule_no_update_v1 BEFORE UPDATE ON thrive_points_pointrule
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: UPDATE refused');
END;
CREATE TRIGGER thrive_points_rule_no_replace_v1 BEFORE INSERT ON thrive_points_pointrule
WHEN EXISTS (
    SELECT 1 FROM thrive_points_pointrule AS rule
    WHERE rule.id = NEW.id OR rule.activity_type = NEW.activity_type
        AND rule.revision = NEW.revision
)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: it has such a revision');
END;
CREATE TRIGGER thrive_points_rule_no_delete_v1 BEFORE DELETE ON thrive_points_pointrule
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_pointrule is immutable: DELETE refused');
END;
CREATE TRIGGER thrive_points_experiment_no_delete_v1 BEFORE DELETE ON thrive_points_ruleexperiment
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: DELETE refused');
END;
CREATE TRIGGER thrive_points_experiment_no_replace_v1 BEFORE INSERT ON thrive_points_ruleexperiment
WHEN EXISTS (SELECT 1 FROM thrive_points_ruleexperiment AS other WHERE other.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: it has such an experiment');
END;
CREATE TRIGGER thrive_points_experiment_immutable_v1
BEFORE UPDATE OF id, name, activity_type, arms, starts_at, ends_at, author_id, reason, created_at
ON thrive_points_ruleexperiment
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: UPDATE refused');
END;
CREATE TRIGGER thrive_points_experiment_stopped_once_v1 BEFORE UPDATE ON thrive_points_ruleexperiment
WHEN OLD.stopped_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_ruleexperiment is immutable: stopped already');
END;
CREATE TRIGGER thrive_points_one_experiment_v1 BEFORE INSERT ON thrive_points_ruleexperiment
WHEN EXISTS (
    SELECT 1 FROM thrive_points_ruleexperiment AS other
    WHERE other.activity_type = NEW.activity_type
        AND other.starts_at < COALESCE(MIN(NEW.ends_at, NEW.stopped_at), NEW.ends_at)
        AND NEW.starts_at < COALESCE(MIN(other.ends_at, other.stopped_at), other.ends_at)
)
BEGIN
    SELECT RAISE(ABORT, 'another experiment on this activity runs at that time');
END;
CREATE TRIGGER thrive_points_withdrawal_no_update_v1 BEFORE UPDATE ON thrive_points_rulewithdrawal
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_rulewithdrawal is immutable: UPDATE refused');
END;
CREATE TRIGGER thrive_points_withdrawal_no_delete_v1 BEFORE DELETE ON thrive_points_rulewithdrawal
BEGIN
    SELECT RAISE(ABORT, 'thrive_points_rulewithdrawal is immutable: DELETE refused');
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('django_migrations',21);
INSERT INTO "sqlite_sequence" VALUES('django_content_type',14);
INSERT INTO "sqlite_sequence" VALUES('auth_permission',54);
INSERT INTO "sqlite_sequence" VALUES('auth_group',0);
INSERT INTO "sqlite_sequence" VALUES('auth_user',6);
INSERT INTO "sqlite_sequence" VALUES('thrive_circles_circle',2);
INSERT INTO "sqlite_sequence" VALUES('thrive_points_pointrule',2);
INSERT INTO "sqlite_sequence" VALUES('thrive_points_ruleexperiment',2);
INSERT INTO "sqlite_sequence" VALUES('thrive_points_rulewithdrawal',1);
COMMIT;
