import assert from "node:assert/strict";
import { test } from "node:test";
import { between, column, donut, extent, labelled, layers, roundedRect, spread, stacked, verticalScale } from "../src/geometry.ts";

const RING = { outer: 100, inner: 70, gap: 0.03, least: 0.05, corner: 4 };
const TURN = Math.PI * 2;
const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
const numbers = (path: string): number[] => (path.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
/** Height of a rounded rectangle: its upper corners, its straight part, its lower corners. */
function height(path: string): number {
  const radii = [...path.matchAll(/a([\d.]+),/g)].map(([, radius]) => Number(radius));
  return (radii[0] ?? NaN) + Number(/v([\d.]+)/.exec(path)?.[1]) + (radii[2] ?? NaN);
}
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test("slices and the gaps between them fill the ring exactly", () => {
  const slices = donut([420, 310, 90, 150, 80, 200], RING);
  close(total(slices.map(({ start, end }) => end - start)) + 6 * RING.gap, TURN);
});

test("slices are in proportion to their values", () => {
  const [a, b] = donut([300, 100], RING);
  assert.ok(a && b);
  close((a.end - a.start) / (b.end - b.start), 3);
});

test("a single category closes the ring", () => {
  const slices = donut([0, 50, 0], RING);
  assert.equal(slices.length, 1);
  assert.equal(slices[0]?.category, 1);
  close((slices[0]?.end ?? 0) - (slices[0]?.start ?? 0), TURN);
});

test("one point beside a thousand is still seen", () => {
  const small = donut([1000, 1], RING)[1];
  assert.ok(small);
  close(small.end - small.start, RING.least);
});

test("nothing and less than nothing get no slice, and no path is broken", () => {
  assert.deepEqual(donut([0, 0], RING), []);
  assert.deepEqual(donut([], RING), []);
  const slices = donut([-50, 20, 0, 30], RING);
  assert.deepEqual(slices.map(({ category }) => category), [1, 3]);
  for (const { path, middle } of slices) {
    assert.ok(!path.includes("NaN"));
    assert.ok(Math.hypot(...middle) > RING.inner && Math.hypot(...middle) < RING.outer);
  }
});

test("spreading gives away all of the room and nobody less than the least", () => {
  const parts = spread([1, 1, 998], 100, 5);
  close(total(parts), 100);
  assert.deepEqual(parts.slice(0, 2), [5, 5]);
  const crowded = spread([1, 1, 1, 1], 4, 5);
  close(total(crowded), 4);
  assert.deepEqual(spread([0, 0], 10, 1), [0, 0]);
});

test("the extent adds up what is above and what is below nothing", () => {
  assert.deepEqual(extent([[10, -5, 20], [3, -9, -1], [0, 0, 0]]), { low: -10, high: 30 });
  assert.deepEqual(extent([]), { low: 0, high: 0 });
});

test("the scale ends on whole round numbers and covers everything", () => {
  for (const high of [1, 3, 7, 65, 999, 1000, 123_456]) {
    for (const low of [0, -1, -60, -high]) {
      const { ticks, y } = verticalScale({ low, high }, 10, 200);
      assert.ok(ticks.length >= 2 && ticks.length <= 9, `${low}..${high}: ${ticks}`);
      assert.ok(ticks.every(Number.isInteger) && ticks.includes(0), `${low}..${high}: ${ticks}`);
      assert.ok(y(high) >= 10 - 1e-9 && y(low) <= 200 + 1e-9);
      close(y(ticks[0] ?? NaN), 200);
      close(y(ticks.at(-1) ?? NaN), 10);
    }
  }
});

test("a window without points still has a scale", () => {
  const { ticks, y } = verticalScale({ low: 0, high: 0 }, 10, 200);
  assert.equal(ticks[0], 0);
  assert.equal(y(0), 200);
});

test("layers lie on one another, below nothing they hang, and zeros never dive", () => {
  assert.deepEqual(stacked([[10, 0, 5], [-4, 6, -2]], 3), [
    [[0, 10], [-4, 0]],
    [[10, 10], [0, 6]],
    [[10, 15], [-6, -4]],
  ]);
});

const SCALE = verticalScale({ low: 0, high: 1000 }, 0, 200);
const OPTIONS = { x: 10, width: 12, scale: SCALE, least: 3, gap: 1.5, radius: 5 };

test("a column is as high as its sum and has a segment for every category above nothing", () => {
  const segments = column([400, 0, 600], OPTIONS);
  assert.deepEqual(segments.map(({ category }) => category), [0, 2]);
  const tops = segments.map(({ path }) => numbers(path)[1] ?? NaN);
  assert.ok(Math.min(...tops) >= 0 && Math.min(...tops) <= OPTIONS.radius);
});

test("five points on a scale of a thousand can be seen", () => {
  const [segment] = column([5], OPTIONS);
  assert.ok(segment);
  close(height(segment.path), OPTIONS.least);
});

test("a column of many categories is as high as the scale says", () => {
  const segments = column([200, 100, 300, 50, 150, 200], OPTIONS);
  const sum = total(segments.map(({ path }) => height(path))) + 5 * OPTIONS.gap;
  assert.ok(Math.abs(sum - 200) < 0.05, `${sum}`);
});

test("a day without points has no segment", () => {
  assert.deepEqual(column([0, 0, 0], OPTIONS), []);
});

test("reversals hang below the zero line", () => {
  const scale = verticalScale({ low: -100, high: 100 }, 0, 200);
  const [above, below] = column([50, -50], { ...OPTIONS, scale });
  assert.ok(above && below);
  assert.ok((numbers(above.path)[1] ?? NaN) < scale.y(0));
  assert.ok((numbers(below.path)[1] ?? NaN) >= scale.y(0));
});

test("no column ever has a broken or an inside-out path", () => {
  for (const width of [1, 2.3, 12, 34]) {
    for (const values of [[1, 1, 1, 1, 1, 1], [1000], [1, 999], [-3, 5, -1], [0.4, 0.2]]) {
      for (const { path } of column(values, { ...OPTIONS, width })) {
        assert.ok(!/NaN|Infinity/.test(path), path);
        const height = Number(/v(-?[\d.]+)/.exec(path)?.[1]);
        assert.ok(height >= 0, path);
      }
    }
  }
});

test("a rounded rectangle comes back to where it began", () => {
  assert.equal(
    roundedRect(0, 0, 10, 20, 2, 1),
    "M0,2a2,2 0 0 1 2,-2h6a2,2 0 0 1 2,2v17a1,1 0 0 1 -1,1h-8a1,1 0 0 1 -1,-1z",
  );
});

test("areas have one whole path per category", () => {
  const paths = layers(stacked([[1, 2], [0, 0], [3, -1]], 2), (i) => i * 10, (v) => 100 - v);
  assert.equal(paths.length, 2);
  assert.ok(paths.every((path) => path.startsWith("M") && path.endsWith("Z") && !path.includes("NaN")));
});

test("labels never overlap and the last bucket always has one", () => {
  for (const [count, step, room] of [[30, 7.6, 52], [30, 20, 52], [7, 80, 40], [13, 20, 60], [1, 300, 50]] as const) {
    const chosen = labelled(count, step, room);
    const width = count * step;
    const middles = chosen.map((row) => Math.min(width - room / 2, (row + 0.5) * step));
    assert.equal(chosen.at(-1), count - 1);
    middles.forEach((x, i) => i > 0 && assert.ok(x - (middles[i - 1] ?? 0) >= room - 1e-9, `${count} ${step} ${chosen}`));
  }
  assert.deepEqual(labelled(0, 10, 50), []);
});

test("what is on its way starts where it was and ends where it should", () => {
  assert.deepEqual(between([10, 20], [30, 0], 0), [10, 20]);
  assert.deepEqual(between([10, 20], [30, 0], 0.5), [20, 10]);
  assert.deepEqual(between([], [8], 0.25), [2]);
  assert.deepEqual(between([1, 2, 3], [4], 1), [4]);
});
