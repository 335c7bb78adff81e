/** The points over time: a stacked column per bucket, or stacked areas. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { fill } from "./format.ts";
import { column, extent, labelled, layers, roundedRect, stacked, verticalScale, type Scale } from "./geometry.ts";
import { renderReadout } from "./readout.ts";
import { label, points, sum, visible, type View } from "./view.ts";

const TOP = 10;
/** Height of the strip under the plot that names the buckets. */
const FOOT = 28;
/** Fewer buckets than this make no line: columns are drawn instead. */
const AREA_FROM = 3;

/** The place of everything on the time axis, mirrored where time runs from right to left. */
export interface Axis {
  readonly step: number;
  readonly bar: number;
  /** Middle of a bucket. */
  readonly x: (row: number) => number;
  /** The bucket under a pointer, counted from the plot's left edge. */
  readonly rowAt: (offset: number) => number;
  readonly mirror: (x: number) => number;
  readonly gutter: number;
}

export function timeAxis(width: number, count: number, gutter: number, rightToLeft: boolean): Axis {
  const step = (width - gutter) / Math.max(1, count);
  const mirror = (x: number): number => (rightToLeft ? width - x : x);
  const clamp = (row: number): number => Math.max(0, Math.min(count - 1, row));
  return {
    step,
    bar: Math.max(1, Math.min(44, step * 0.68)),
    x: (row) => mirror(gutter + (row + 0.5) * step),
    rowAt: (offset) => clamp(Math.floor((mirror(offset) - gutter) / step)),
    mirror,
    gutter,
  };
}

export function axisOf(view: View): Axis {
  const scale = scaleOf(view);
  const longest = Math.max(...scale.ticks.map((tick) => view.format.axis(tick).length));
  return timeAxis(view.width, view.report.series.length, longest * 7 + 12, view.rightToLeft);
}

function scaleOf(view: View): Scale {
  return verticalScale(extent(view.report.series.map(({ values }) => visible(values, view.shown))), TOP, view.height - FOOT);
}

export function renderTimeline(view: View): TemplateResult {
  const { report, strings } = view;
  const title = strings[`timeline_${report.bucket}`] ?? "";
  return html`<div class="timeline" part="timeline">
    <p class="title">${title}</p>
    <p class="summary"><bdi>${summary(view)}</bdi></p>
    <div class="plot">${view.width > 0 ? [renderPlot(view, title), renderReadout(view)] : nothing}</div>
  </div>`;
}

function summary(view: View): string {
  const { report, strings, format } = view;
  const totals = report.series.map(({ values }) => sum(visible(values, view.shown)));
  const most = Math.max(...totals);
  const best = report.series[totals.indexOf(most)];
  if (!view.shown.includes(true)) return strings.allHidden;
  if (!best || most <= 0) return "";
  const average = fill(strings[`average_${report.bucket}`] ?? "", {
    average: format.mean(sum(totals) / totals.length),
  });
  const sentence = strings[report.bucket === "day" ? "best" : `best_${report.bucket}`] ?? "";
  const words = { date: format.bucketName(best.date, report.bucket), points: format.number(most) };
  return `${average} · ${fill(sentence, words)}`;
}

function renderPlot(view: View, title: string): TemplateResult {
  const { report, width, height } = view;
  const axis = axisOf(view);
  const scale = scaleOf(view);
  const area = view.chart === "area" && report.series.length >= AREA_FROM;
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    view.touch({ row: axis.rowAt(event.clientX - box.left), category: null });
  };
  return html`<svg class="chart" role="list" width=${width} height=${height} viewBox="0 0 ${width} ${height}"
    aria-label=${title} aria-description=${view.strings.timelineHint}
    @pointermove=${point} @pointerdown=${point}
    @pointerleave=${(event: PointerEvent) => event.pointerType === "mouse" && view.touch(null)}>
    ${renderGrid(view, axis, scale)}
    ${area ? renderAreas(view, axis, scale) : nothing} ${renderZero(view, axis, scale)}
    ${report.series.map((_, row) => renderRow(view, row, axis, scale, area))}
  </svg>`;
}

function renderGrid(view: View, axis: Axis, scale: Scale): SVGTemplateResult {
  const { report, format, width } = view;
  const narrow = report.series.length <= 7;
  const names = report.series.map(({ date }) => format.axisLabel(date, report.bucket, narrow));
  const room = Math.max(...names.map((name) => name.length)) * 6.4 + 14;
  return svg`<g class="grid" aria-hidden="true">
    ${scale.ticks.map((tick) => {
      const y = Math.round(scale.y(tick)) + 0.5;
      return svg`<line y1=${y} y2=${y} x1=${axis.mirror(axis.gutter)} x2=${axis.mirror(width)} />
        <text class="amount" x=${axis.mirror(axis.gutter - 8)} y=${y} dy="0.32em">${format.axis(tick)}</text>`;
    })}
    ${labelled(report.series.length, axis.step, room).map((row) => {
      const half = room / 2 - 7;
      const x = Math.max(half, Math.min(width - half, axis.x(row)));
      return svg`<text class="when" x=${x} y=${view.height - 6}>${names[row]}</text>`;
    })}
  </g>`;
}

/** Drawn over the areas, whose outlines would hide it on days without points. */
function renderZero(view: View, axis: Axis, scale: Scale): SVGTemplateResult {
  const y = Math.round(scale.y(0)) + 0.5;
  return svg`<line class="zero" y1=${y} y2=${y} x1=${axis.mirror(axis.gutter)} x2=${axis.mirror(view.width)} />`;
}

function renderRow(view: View, row: number, axis: Axis, scale: Scale, area: boolean): SVGTemplateResult {
  const values = view.frame.rows[row] ?? [];
  const active = view.active?.row === row;
  const quiet = view.active !== null && view.active.row !== null && !active;
  const x = axis.x(row);
  const left = x - axis.step / 2;
  return svg`<g role="listitem" class="${area ? "instant" : "column"} ${active ? "active" : ""} ${quiet && !area ? "quiet" : ""}"
    tabindex=${row === view.rowStop ? 0 : -1} data-row=${row} aria-label=${rowText(view, row)}
    @focus=${() => view.touch({ row, category: null })} @blur=${() => view.touch(null)}>
    <rect class="band" x=${left} y=${TOP - 6} width=${axis.step} height=${view.height - FOOT - TOP + 10} rx=${Math.min(8, axis.step / 3)} />
    ${area ? renderCursor(view, x, active) : renderColumn(view, values, x, axis, scale)}
  </g>`;
}

function renderColumn(view: View, values: readonly number[], x: number, axis: Axis, scale: Scale): SVGTemplateResult[] {
  const width = axis.bar;
  const options = { x: x - width / 2, width, scale, least: 3, gap: width > 5 ? 1.5 : 1, radius: 5 };
  const segments = column(values, options);
  if (segments.length === 0) {
    const dot = Math.max(2, Math.min(width * 0.5, 6));
    return [svg`<path class="none" d=${roundedRect(x - dot / 2, scale.y(0) - 3, dot, 3, 1.5, 0)} />`];
  }
  return segments.map(({ category, path }) => {
    const picked = view.active?.row === null ? view.active.category : null;
    const quiet = picked !== null && picked !== category;
    return svg`<g class="cat-${view.slots[category]} ${quiet ? "quiet" : ""}"><path class="fill" d=${path} />
      <path class="pattern" d=${path} fill="url(#hatch-${view.slots[category]})" /></g>`;
  });
}

function renderAreas(view: View, axis: Axis, scale: Scale): SVGTemplateResult[] {
  const { rows } = view.frame;
  const count = view.report.categories.length;
  return layers(stacked(rows, count), axis.x, scale.y).map((path, i) => {
    const quiet = view.active?.row === null && view.active.category !== null && view.active.category !== i;
    return svg`<g class="layer cat-${view.slots[i]} ${quiet ? "quiet" : ""}"><path class="fill" d=${path} />
      <path class="pattern" d=${path} fill="url(#hatch-${view.slots[i]})" /></g>`;
  });
}

function renderCursor(view: View, x: number, active: boolean): SVGTemplateResult | typeof nothing {
  return active ? svg`<line class="cursor" x1=${x} x2=${x} y1=${TOP} y2=${view.height - FOOT} />` : nothing;
}

/** One bucket in words: its name, its points and what they are made of. */
function rowText(view: View, row: number): string {
  const { report, strings, format } = view;
  const entry = report.series[row];
  if (!entry) return "";
  const values = visible(entry.values, view.shown);
  const parts = values.flatMap((value, i) =>
    value === 0 ? [] : [fill(strings.bucketPart, { category: label(view, i), points: format.number(value) })],
  );
  const all = sum(values);
  const head = fill(strings.bucketItem, {
    date: format.bucketName(entry.date, report.bucket),
    points: all === 0 && parts.length === 0 ? strings.nothing : points(view, all),
  });
  return parts.length > 0 ? `${head} ${parts.join(", ")}` : head;
}
