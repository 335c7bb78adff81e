import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketEnd, fill, Formatter, parseDay, wholeShares } from "../src/format.ts";
import { ENGLISH, GERMAN, plural, type Strings, wordsFor } from "../src/strings.ts";

/** The spaces around a dash differ between versions of the locale data. */
const plain = (text: string): string => text.replace(/\s*–\s*/g, "–");

test("whole shares add up to 100 and go to the largest remainders", () => {
  assert.deepEqual(wholeShares([1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(wholeShares([420, 310, 90, 150, 80, 200]), [34, 25, 7, 12, 6, 16]);
});

test("what is not above nothing has no share", () => {
  assert.deepEqual(wholeShares([-50, 0, 10]), [0, 0, 100]);
  assert.deepEqual(wholeShares([0, -3]), [0, 0]);
  assert.deepEqual(wholeShares([]), []);
});

test("shares add up to 100 whatever the values", () => {
  for (let n = 1; n < 400; n += 7) {
    const shares = wholeShares([n, n * n, 3, 1000 - n, (n * 37) % 101, 1]);
    assert.equal(shares.reduce((a, b) => a + b, 0), 100);
  }
});

test("numbers are written the locale's way", () => {
  assert.equal(new Formatter("en").number(1234567), "1,234,567");
  assert.equal(new Formatter("de").number(1234567), "1.234.567");
  assert.equal(new Formatter("ar-EG").number(1234), "١٬٢٣٤");
  assert.equal(new Formatter("en").signed(15), "+15");
  assert.equal(new Formatter("en").signed(-20), "-20");
  assert.equal(new Formatter("en").signed(0), "0");
});

test("axis amounts stay in full up to four digits", () => {
  const format = new Formatter("en");
  assert.equal(format.axis(9999), "9,999");
  assert.equal(format.axis(10_000), "10K");
  assert.equal(format.axis(-2_500_000), "-2.5M");
});

test("a small mean keeps a decimal", () => {
  const format = new Formatter("en");
  assert.equal(format.mean(5 / 30), "0.2");
  assert.equal(format.mean(146.3), "146");
});

test("a share that rounds to nothing is said to be under 1 %", () => {
  const format = new Formatter("en");
  assert.equal(format.percent(34, 420), "34%");
  assert.equal(format.percent(0, 3), "<1%");
  assert.equal(format.percent(0, 0), "0%");
  assert.equal(format.percent(0, -5), "0%");
});

test("an unknown locale falls back instead of breaking the page", () => {
  assert.equal(new Formatter("not_a_locale!").number(5), "5");
});

test("days are never moved by the reader's own time zone", () => {
  const before = process.env["TZ"];
  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
    process.env["TZ"] = zone;
    assert.equal(new Formatter("en-GB").bucketName("2025-03-01", "day"), "Sat 1 March");
  }
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
});

test("buckets are named by day, by the days of the week and by month", () => {
  const format = new Formatter("en-GB");
  assert.equal(plain(format.bucketName("2025-03-03", "week")), "3–9 Mar 2025");
  assert.equal(plain(format.bucketName("2024-12-30", "week")), "30 Dec 2024–5 Jan 2025");
  assert.equal(format.bucketName("2024-02-01", "month"), "February 2024");
});

test("the axis names weekdays in a week, days in a month and the year in January", () => {
  const format = new Formatter("en-GB");
  assert.equal(format.axisLabel("2025-03-01", "day", true), "Sat");
  assert.equal(format.axisLabel("2025-03-01", "day", false), "1 Mar");
  assert.equal(format.axisLabel("2025-02-01", "month", false), "Feb");
  assert.equal(format.axisLabel("2025-01-01", "month", false), "2025");
});

test("a span ends on the last day of its last bucket", () => {
  const format = new Formatter("en-GB");
  assert.equal(plain(format.span("2025-01-01", "2025-02-01", "month")), "1 Jan–28 Feb 2025");
  assert.equal(bucketEnd(parseDay("2024-02-01"), "month").toISOString().slice(0, 10), "2024-02-29");
});

test("sentences take their words by name and keep what is unknown", () => {
  assert.equal(fill("{a} of {b}, {c}", { a: "1", b: "2" }), "1 of 2, {c}");
});

test("plural forms follow the locale and fall back to the general one", () => {
  const polish = { ...ENGLISH, points_few: "{points} punkty" } as Strings;
  const rules = new Intl.PluralRules("pl");
  assert.equal(plural(polish, "points", 3, rules), "{points} punkty");
  assert.equal(plural(polish, "points", 5, rules), "{points} points");
  assert.equal(plural(ENGLISH as Strings, "points", 1, new Intl.PluralRules("en")), "{points} point");
});

test("a language tag finds its words", () => {
  for (const tag of ["de", "de-AT", "DE"]) assert.equal(wordsFor(tag), GERMAN);
  for (const tag of ["en", "fr", "den", ""]) assert.equal(wordsFor(tag), ENGLISH);
});

test("every translation keeps the places of its sentence", () => {
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, english] of Object.entries(ENGLISH)) {
    assert.deepEqual(places(GERMAN[name as keyof typeof ENGLISH]), places(english), name);
  }
});
