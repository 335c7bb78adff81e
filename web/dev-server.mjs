// Serves demo.html and made-up answers of the endpoint, to look at the element without the site.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

const KEYS = ["creation", "learning", "community", "participation", "consistency", "challenge"];
const DAYS = { last_7_days: 7, last_30_days: 30, last_90_days: 90, all_time: 500 };
const TODAY = Date.UTC(2025, 2, 30);
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);
const file = (path) => readFile(new URL(path, import.meta.url));

function noise(seed) {
  const x = Math.sin(seed * 127.1) * 43758.5453;
  return x - Math.floor(x);
}

function pointsOf(day, key, story) {
  const n = day * 7 + key;
  if (story === "empty") return 0;
  if (story === "quiet" && noise(day) < 0.7) return 0;
  if (noise(day + 0.5) < 0.13) return 0;
  const usual = [[0.5, 40], [0.6, 60], [0.25, 20], [0.9, 15], [0.14, 25], [0.1, 75]][key];
  let value = noise(n) < usual[0] ? Math.ceil((noise(n + 0.3) * usual[1]) / 5) * 5 : 0;
  const back = Math.round((TODAY / 86_400_000) - day);
  if (story === "spike" && back === 9) value = [420, 310, 90, 30, 0, 150][key];
  if (story === "spike" && back > 9) value = Math.min(value, 5);
  if (story === "negative" && (back === 4 || back === 12) && key < 2) value = -60 + key * 30;
  if (story === "large") value *= 4321;
  return value;
}

function startOf(ms, bucket) {
  const date = new Date(ms);
  if (bucket === "week") return ms - ((date.getUTCDay() + 6) % 7) * 86_400_000;
  return bucket === "month" ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) : ms;
}

function report(window, bucket, story) {
  const rows = new Map();
  const totals = Object.fromEntries(KEYS.map((key) => [key, 0]));
  for (let i = (DAYS[window] ?? 30) - 1; i >= 0; i--) {
    const ms = TODAY - i * 86_400_000;
    const date = iso(startOf(ms, bucket));
    const row = rows.get(date) ?? { date, ...Object.fromEntries(KEYS.map((key) => [key, 0])) };
    KEYS.forEach((key, k) => {
      const value = pointsOf(ms / 86_400_000, k, story);
      row[key] += value;
      totals[key] += value;
    });
    rows.set(date, row);
  }
  return {
    window, bucket, totals,
    series: bucket === "none" ? [] : [...rows.values()],
    categories: KEYS.map((key) => ({ key, label: key[0].toUpperCase() + key.slice(1) })),
    adjustments: story === "negative" ? -20 : 0,
    nudge: {
      category: "community",
      message: "Most of your points come from learning on your own. Helping others earns as well, and it is more fun together.",
      suggestions: [
        { activity_type: "feedback_given", label: "Give feedback on a project", points: 10, url: "#feedback" },
        { activity_type: "project_shared", label: "Share one of your projects", points: 15, url: "#share" },
        { activity_type: "circle_reaction", label: "Cheer in your circle", points: 1 },
      ],
    },
  };
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const send = (status, type, body) => response.writeHead(status, { "Content-Type": type }).end(body);
  if (url.pathname.startsWith("/points/")) {
    const story = url.pathname.split("/")[2];
    if (story === "slow") return;
    if (story === "signed-out") return send(401, "application/problem+json", "{}");
    if (story === "refused") {
      return send(400, "application/problem+json", JSON.stringify({ title: "Unknown window", detail: "Use last_7_days, last_30_days, last_90_days or all_time." }));
    }
    const { window, bucket = { all_time: "month", last_90_days: "week" }[window] ?? "day" } = Object.fromEntries(url.searchParams);
    return send(200, "application/json", JSON.stringify(report(window, bucket, story)));
  }
  if (url.pathname === "/points-by-category.js") {
    return send(200, "text/javascript", await file("../src/thrive_points/static/thrive_points/points-by-category.js"));
  }
  return send(200, "text/html; charset=utf-8", await file("demo.html"));
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/?story=usual`);
});
