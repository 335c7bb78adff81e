import assert from "node:assert/strict";
import { test } from "node:test";
import { nextStop } from "../src/keys.ts";
import { ease, frameBetween } from "../src/motion.ts";
import { isLight } from "../src/page.ts";
import { readoutLeft } from "../src/readout.ts";
import { timeAxis } from "../src/timeline.ts";

test("arrows follow the writing direction along time and stop at its ends", () => {
  assert.equal(nextStop("ArrowRight", 3, 7, false, false), 4);
  assert.equal(nextStop("ArrowRight", 3, 7, true, false), 2);
  assert.equal(nextStop("ArrowLeft", 3, 7, true, false), 4);
  assert.equal(nextStop("ArrowRight", 6, 7, false, false), 6);
  assert.equal(nextStop("ArrowLeft", 0, 7, false, false), 0);
});

test("arrows go round a ring", () => {
  assert.equal(nextStop("ArrowRight", 5, 6, false, true), 0);
  assert.equal(nextStop("ArrowUp", 0, 6, false, true), 5);
  assert.equal(nextStop("ArrowRight", 1, 6, true, true), 2);
});

test("Home and End lead to the ends, other keys nowhere", () => {
  assert.equal(nextStop("Home", 3, 7, false, false), 0);
  assert.equal(nextStop("End", 3, 7, false, false), 6);
  assert.equal(nextStop("Tab", 3, 7, false, false), null);
});

test("time runs from the gutter to the far edge, and back in right-to-left pages", () => {
  const ltr = timeAxis(340, 30, 40, false);
  const rtl = timeAxis(340, 30, 40, true);
  assert.equal(ltr.x(0), 45);
  assert.equal(rtl.x(0), 295);
  for (const axis of [ltr, rtl]) {
    for (let row = 0; row < 30; row++) assert.equal(axis.rowAt(axis.x(row)), row);
    assert.equal(axis.rowAt(-50), axis === ltr ? 0 : 29);
    assert.equal(axis.rowAt(900), axis === ltr ? 29 : 0);
  }
});

test("bars leave air between them and are never too fat", () => {
  assert.equal(timeAxis(740, 7, 40, false).bar, 44);
  const { bar, step } = timeAxis(280, 90, 30, false);
  assert.ok(bar < step && bar >= 1);
});

test("the card beside a bucket stays inside the plot", () => {
  for (const width of [240, 320, 700]) {
    for (let x = 0; x <= width; x += 10) {
      const left = readoutLeft(x, 160, width, 12);
      assert.ok(left >= 0 && left + 160 <= width, `${width} ${x}: ${left}`);
    }
  }
  assert.equal(readoutLeft(100, 160, 700, 12), 112);
  assert.equal(readoutLeft(600, 160, 700, 12), 428);
});

test("a page that writes in light letters is dark", () => {
  assert.equal(isLight("rgb(241, 243, 247)"), true);
  assert.equal(isLight("rgb(21, 24, 30)"), false);
  assert.equal(isLight("rgba(255, 255, 255, 0.9)"), true);
});

test("motion begins at rest, ends at the goal and never overshoots", () => {
  assert.equal(ease(0), 0);
  assert.equal(ease(1), 1);
  const from = { totals: [10], rows: [[1], [2]] };
  const to = { totals: [20], rows: [[5], [6], [7]] };
  assert.deepEqual(frameBetween(from, to, 1), to);
  assert.deepEqual(frameBetween(from, to, 0), { totals: [10], rows: [[1], [2], [0]] });
  for (let t = 0; t <= 1; t += 0.05) assert.ok(ease(t) >= 0 && ease(t) <= 1);
});
