/** The ring of the window's points by category, its total in the middle. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { fill } from "./format.ts";
import { donut, type Ring, type Slice } from "./geometry.ts";
import { icon } from "./icons.ts";
import { plural } from "./strings.ts";
import { label, points, sum, type View } from "./view.ts";

const RING: Ring = { outer: 104, inner: 72, gap: 0.03, least: 0.05, corner: 5 };
/** The narrowest slice, in radians, that has room for its icon. */
const ICON_SPAN = 0.27;

export function renderDonut(view: View): TemplateResult {
  const slices = donut(view.frame.totals, RING);
  const all = fill(view.strings.donut, { points: points(view, view.total) });
  return html`<div class="donut" part="donut">
    <svg viewBox="-112 -112 224 224" role=${slices.length > 0 ? "list" : "img"} aria-label=${all}
      @pointerleave=${(event: PointerEvent) => event.pointerType === "mouse" && view.touch(null)}>
      <circle class="track" r=${(RING.outer + RING.inner) / 2}
        stroke-width=${slices.length > 0 ? 0 : RING.outer - RING.inner} aria-hidden="true" />
      ${slices.map((slice) => renderSlice(view, slice, slices))}
    </svg>
    <div class="middle" aria-hidden="true">${renderMiddle(view)}</div>
  </div>`;
}

function renderSlice(view: View, slice: Slice, slices: readonly Slice[]): SVGTemplateResult {
  const { category } = slice;
  const value = view.report.totals[category] ?? 0;
  const active = view.active?.category === category;
  const quiet = view.active !== null && view.active.category !== null && !active;
  const stop = slices.some((other) => other.category === view.sliceStop)
    ? view.sliceStop
    : slices[0]?.category;
  const text = fill(view.strings.donutItem, {
    category: label(view, category),
    points: points(view, value),
    share: view.format.percent(view.shares[category] ?? 0, value),
  });
  const here = { row: null, category };
  return svg`<g role="listitem" class="slice cat-${view.slots[category]} ${active ? "active" : ""} ${quiet ? "quiet" : ""}"
    tabindex=${category === stop ? 0 : -1} data-slice=${category} aria-label=${text}
    @pointerenter=${() => view.touch(here)} @focus=${() => view.touch(here)} @blur=${() => view.touch(null)}>
    <path class="fill" d=${slice.path} />
    <path class="pattern" d=${slice.path} fill="url(#hatch-${view.slots[category]})" />
    ${slice.end - slice.start >= ICON_SPAN ? icon(view.slots[category] ?? "", ...slice.middle, 17) : nothing}
  </g>`;
}

function renderMiddle(view: View): TemplateResult {
  const { format, strings, report } = view;
  const category = view.active?.row === null ? view.active.category : null;
  const value = category === null ? view.total : (report.totals[category] ?? 0);
  const number = Math.abs(value) >= 1_000_000 ? format.compact(value) : format.number(value);
  const size = number.length > 7 ? "small" : number.length > 5 ? "medium" : "";
  if (category !== null) {
    const share = view.shown[category] ? format.percent(view.shares[category] ?? 0, value) : "";
    return html`<span class="what">${label(view, category)}</span
      ><strong class=${size}>${number}</strong><span class="what">${share}</span>`;
  }
  const whole = sum(report.totals);
  const partly = view.shown.includes(false);
  return html`<strong class=${size}>${number}</strong
    ><span class="what">${
      partly
        ? fill(strings.ofTotal, { total: points(view, whole) })
        : plural(strings, "unit", value, format.plurals)
    }</span>`;
}
