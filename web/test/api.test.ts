import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { fetchReport, LoadError, parseReport, reportUrl } from "../src/api.ts";
import { explain } from "../src/states.ts";
import { ENGLISH, type Strings } from "../src/strings.ts";

const ANSWER = {
  window: "last_7_days",
  bucket: "day",
  totals: { creation: 40, learning: 20 },
  series: [{ date: "2025-03-01", creation: 40, learning: 20 }],
  categories: [{ key: "learning", label: "Learning" }, { key: "creation", label: "Creation" }],
  nudge: {
    category: "learning",
    message: "Learn a little more.",
    suggestions: [
      { activity_type: "quiz_completed", label: "Take a quiz", points: 20, url: "/quizzes/" },
      { activity_type: "hunt", label: "Hunt", points: 50, url: "javascript:alert(1)" },
      { activity_type: "tutorial_completed", points: 10 },
    ],
  },
};

test("numbers come in the order of the categories", () => {
  const report = parseReport(ANSWER);
  assert.deepEqual(report.totals, [20, 40]);
  assert.deepEqual(report.series, [{ date: "2025-03-01", values: [20, 40] }]);
  assert.equal(report.adjustments, 0);
});

test("suggestions keep only addresses that a link may have", () => {
  const urls = parseReport(ANSWER).nudge?.suggestions.map(({ url }) => url);
  assert.deepEqual(urls, ["/quizzes/", null, null]);
  assert.equal(parseReport(ANSWER).nudge?.suggestions[2]?.label, "Tutorial completed");
});

test("categories are named by their keys where the answer names none", () => {
  const { categories: _, nudge: __, ...bare } = ANSWER;
  const report = parseReport({ ...bare, adjustments: -20 });
  assert.deepEqual(report.categories, [
    { key: "creation", label: "Creation" },
    { key: "learning", label: "Learning" },
  ]);
  assert.equal(report.nudge, null);
  assert.equal(report.adjustments, -20);
});

test("an answer of another shape is refused whole", () => {
  const wrong = [
    null, [], "text", {}, { totals: [] },
    { ...ANSWER, series: {} },
    { ...ANSWER, series: [{ date: "yesterday" }] },
    { ...ANSWER, totals: { creation: "40" } },
    { ...ANSWER, categories: [{ label: "Nameless" }] },
  ];
  for (const answer of wrong) {
    assert.throws(() => parseReport(answer), (error: LoadError) => error.failure === "unreadable");
  }
});

test("the address keeps what the page put into it", () => {
  assert.equal(
    reportUrl("/points/?team=7", "all_time", "month", "https://site.example/page/"),
    "https://site.example/points/?team=7&window=all_time&bucket=month",
  );
});

test("without a bucket the endpoint chooses", () => {
  assert.equal(
    reportUrl("/points/", "all_time", null, "https://site.example/"),
    "https://site.example/points/?window=all_time",
  );
  assert.equal(parseReport({ ...ANSWER, bucket: "fortnight" }).bucket, "none");
  assert.equal(parseReport({ ...ANSWER, bucket: "week" }).bucket, "week");
});

test("the span is taken from the answer only when it is whole", () => {
  assert.equal(parseReport(ANSWER).span, null);
  assert.equal(parseReport({ ...ANSWER, since: "2025-03-01" }).span, null);
  const span = { since: "2025-03-01", until: "2025-03-07" };
  assert.deepEqual(parseReport({ ...ANSWER, ...span }).span, ["2025-03-01", "2025-03-07"]);
});

let server: Server;
let base: string;

before(async () => {
  server = createServer((request, response) => {
    const status = Number(request.url?.slice(1));
    const problem = { title: "Unknown window", detail: "Use last_7_days." };
    const bodies: Record<number, string> = { 200: JSON.stringify(ANSWER), 201: "<html>", 400: JSON.stringify(problem) };
    response.writeHead(status, { "Content-Type": "application/json" }).end(bodies[status] ?? "<h1>Oops</h1>");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const ask = (path: string): Promise<unknown> => fetchReport(path, "same-origin", new AbortController().signal);

test("a good answer becomes a report", async () => {
  assert.deepEqual(await ask(`${base}/200`), parseReport(ANSWER));
});

test("every failure tells the reader what to do", async () => {
  const cases: [string, string, string][] = [
    [`${base}/401`, "signed-out", ENGLISH.signedOutText],
    [`${base}/403`, "signed-out", ENGLISH.signedOutText],
    [`${base}/400`, "refused", "Use last_7_days."],
    [`${base}/500`, "refused", ENGLISH.refusedText],
    [`${base}/201`, "unreadable", ENGLISH.unreadableText],
    ["http://127.0.0.1:9/", "unreachable", ENGLISH.unreachableText],
  ];
  for (const [url, failure, text] of cases) {
    await assert.rejects(ask(url), (error: LoadError) => {
      assert.equal(error.failure, failure, url);
      assert.equal(explain(error, ENGLISH as Strings).text, text);
      return true;
    });
  }
});

test("an abandoned question is no failure to report", async () => {
  const abort = new AbortController();
  const answer = fetchReport(`${base}/200`, "same-origin", abort.signal);
  abort.abort();
  await assert.rejects(answer, { name: "AbortError" });
});
