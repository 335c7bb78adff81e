/** Shapes from numbers. Pure: every function takes values and sizes and answers coordinates. */
import { ticks, tickStep } from "d3-array";
import { arc, area, curveMonotoneX } from "d3-shape";

export interface Slice {
  readonly category: number;
  readonly start: number;
  readonly end: number;
  readonly path: string;
  /** Middle of the ring under this slice, where an icon fits. */
  readonly middle: readonly [number, number];
}

export interface Ring {
  readonly outer: number;
  readonly inner: number;
  /** Air between two slices, in radians. */
  readonly gap: number;
  /** A slice above nothing is never thinner than this, in radians: one point must be seen. */
  readonly least: number;
  readonly corner: number;
}

/**
 * Lay the positive values around a ring, clockwise from twelve o'clock, in their own order.
 *
 * Zero and negative values get no slice. A single slice closes the ring without a gap.
 */
export function donut(values: readonly number[], ring: Ring): Slice[] {
  const present = values.flatMap((value, category) => (value > 0 ? [{ value, category }] : []));
  const gap = present.length > 1 ? ring.gap : 0;
  const spans = spread(present.map(({ value }) => value), Math.PI * 2 - gap * present.length, ring.least);
  const draw = arc<{ from: number; to: number }>()
    .innerRadius(ring.inner)
    .outerRadius(ring.outer)
    .cornerRadius(present.length > 1 ? ring.corner : 0)
    .startAngle((d) => d.from)
    .endAngle((d) => d.to);
  let angle = gap / 2;
  return present.map(({ category }, i) => {
    const start = angle;
    const end = start + (spans[i] ?? 0);
    angle = end + gap;
    const span = { from: start, to: end };
    return { category, start, end, path: draw(span) ?? "", middle: draw.centroid(span) };
  });
}

/** Share `room` out in proportion to `values`, nobody getting less than `least`. */
export function spread(values: readonly number[], room: number, least: number): number[] {
  const sum = values.reduce((a, b) => a + b, 0);
  if (sum <= 0) return values.map(() => 0);
  const floor = Math.min(least, room / values.length);
  const small = values.map((value) => (value / sum) * room < floor);
  const rest = room - floor * small.filter(Boolean).length;
  const big = values.reduce((total, value, i) => (small[i] ? total : total + value), 0);
  return values.map((value, i) => (small[i] || big === 0 ? floor : (value / big) * rest));
}

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Highest sum of what is above nothing and lowest sum of what is below it, over all rows. */
export function extent(rows: readonly (readonly number[])[]): Extent {
  let low = 0;
  let high = 0;
  for (const row of rows) {
    high = Math.max(high, row.reduce((sum, value) => sum + Math.max(0, value), 0));
    low = Math.min(low, row.reduce((sum, value) => sum + Math.min(0, value), 0));
  }
  return { low, high };
}

export interface Scale {
  /** Whole numbers worth a grid line, lowest first. */
  readonly ticks: readonly number[];
  readonly y: (value: number) => number;
}

/** A vertical scale from `top` to `bottom` that ends on whole, round numbers. */
export function verticalScale({ low, high }: Extent, top: number, bottom: number, lines = 3): Scale {
  const reach = high === 0 && low === 0 ? 10 : high;
  const step = Math.max(1, tickStep(low, reach, lines));
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(reach / step) * step;
  const y = (value: number): number => bottom - ((value - from) / (to - from)) * (bottom - top);
  return { ticks: ticks(from, to, Math.round((to - from) / step)), y };
}

export interface Segment {
  readonly category: number;
  readonly path: string;
}

/**
 * Stack every row's values into one layer per category: positive ones upwards from nothing, negative
 * ones downwards. A value of nothing lies on top of what is beneath it, so that areas never dive.
 */
export function stacked(rows: readonly (readonly number[])[], count: number): [number, number][][] {
  const result: [number, number][][] = Array.from({ length: count }, () => []);
  for (const row of rows) {
    let above = 0;
    let below = 0;
    result.forEach((layer, i) => {
      const value = row[i] ?? 0;
      if (value < 0) {
        layer.push([below + value, below]);
        below += value;
      } else {
        layer.push([above, above + value]);
        above += value;
      }
    });
  }
  return result;
}

export interface ColumnOptions {
  readonly x: number;
  readonly width: number;
  readonly scale: Scale;
  /** A value above nothing is never lower than this, in pixels: 5 beside 1,000 must be seen. */
  readonly least: number;
  readonly gap: number;
  readonly radius: number;
}

/** One column of stacked, round-ended segments; what is below nothing hangs from the zero line. */
export function column(values: readonly number[], options: ColumnOptions): Segment[] {
  return [...pile(values, 1, options), ...pile(values, -1, options)];
}

function pile(values: readonly number[], sign: 1 | -1, options: ColumnOptions): Segment[] {
  const { x, width, scale, least, gap, radius } = options;
  const present = values.flatMap((value, category) =>
    value * sign > 0 ? [{ size: value * sign, category }] : [],
  );
  if (present.length === 0) return [];
  const zero = scale.y(0);
  const sum = present.reduce((total, { size }) => total + size, 0);
  const room = Math.max(Math.abs(scale.y(sum * sign) - zero), least);
  const air = room > present.length * (gap + 2) ? gap : 0;
  const heights = spread(present.map(({ size }) => size), room - air * (present.length - 1), Math.min(1.5, least));
  let edge = zero;
  return present.map(({ category }, i) => {
    const height = heights[i] ?? 0;
    const y = sign > 0 ? edge - height : edge;
    edge -= sign * (height + air);
    const outer = i === present.length - 1 ? Math.min(radius, width / 2, height) : 0;
    const first = i === 0 ? Math.min(1.5, width / 2, height / 2) : 0;
    const [top, bottom] = sign > 0 ? [outer, first] : [first, outer];
    return { category, path: roundedRect(x, y, width, height, top, Math.min(bottom, height - top)) };
  });
}

/** A rectangle with its own radius for the upper and for the lower corners. */
export function roundedRect(
  x: number,
  y: number,
  width: number,
  height: number,
  top: number,
  bottom: number,
): string {
  const n = (value: number): number => Math.round(value * 100) / 100;
  return (
    `M${n(x)},${n(y + top)}a${n(top)},${n(top)} 0 0 1 ${n(top)},${n(-top)}h${n(width - 2 * top)}` +
    `a${n(top)},${n(top)} 0 0 1 ${n(top)},${n(top)}v${n(height - top - bottom)}` +
    `a${n(bottom)},${n(bottom)} 0 0 1 ${n(-bottom)},${n(bottom)}h${n(-(width - 2 * bottom))}` +
    `a${n(bottom)},${n(bottom)} 0 0 1 ${n(-bottom)},${n(-bottom)}z`
  );
}

/** One path per category over the middles of the buckets. */
export function layers(
  stack: readonly (readonly [number, number][])[],
  x: (row: number) => number,
  y: (value: number) => number,
): string[] {
  const draw = area<[number, number]>()
    .x((_, i) => x(i))
    .y0(([from]) => y(from))
    .y1(([, to]) => y(to))
    .curve(curveMonotoneX);
  return stack.map((layer) => draw([...layer]) ?? "");
}

/**
 * Which buckets get a label: the last one and every so many before it.
 *
 * `step` is a bucket's width and `room` a label's, both in pixels. The last label is pushed inwards
 * where it would stand over the edge, so its neighbour must leave it that much more room.
 */
export function labelled(count: number, step: number, room: number): number[] {
  if (count === 0) return [];
  const every = Math.max(1, Math.ceil((room + Math.max(0, room - step) / 2) / step));
  const fits = Math.ceil(room / step) <= 1 ? 1 : every;
  const last = count - 1;
  return Array.from({ length: Math.floor(last / fits) + 1 }, (_, i) => last - i * fits).reverse();
}

/** The values at `progress` (0 to 1) on the way from `from` to `to`; what is new grows from nothing. */
export function between(from: readonly number[], to: readonly number[], progress: number): number[] {
  return to.map((value, i) => (from[i] ?? 0) + (value - (from[i] ?? 0)) * progress);
}
