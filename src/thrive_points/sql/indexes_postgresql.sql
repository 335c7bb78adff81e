-- Review reads days of all members, while every other index leads with the member. Rows arrive
-- nearly in the order of their day, so a block range index finds them; it holds a few rows for
-- each thousand and costs an award next to nothing, unlike a B-tree on the day.

-- name: create_history_day
CREATE INDEX thrive_points_history_day ON thrive_points_pointshistory
USING brin (day) WITH (pages_per_range = 32, autosummarize = on)

-- name: create_total_day
CREATE INDEX thrive_points_total_day ON thrive_points_pointsdailytotal
USING brin (day) WITH (pages_per_range = 32, autosummarize = on)

-- name: drop_history_day
DROP INDEX thrive_points_history_day

-- name: drop_total_day
DROP INDEX thrive_points_total_day
