/** The small card beside a bucket that says what it holds. What it says is in the bucket's label too. */
import { html, nothing, type TemplateResult } from "lit";
import { points, label, sum, visible, type View } from "./view.ts";

export function renderReadout(view: View): TemplateResult | typeof nothing {
  const row = view.active?.row;
  const entry = row === null || row === undefined ? undefined : view.report.series[row];
  if (!entry) return nothing;
  const values = visible(entry.values, view.shown);
  const parts = values.flatMap((value, i) => (value === 0 ? [] : [{ value, i }])).reverse();
  return html`<div class="readout" aria-hidden="true">
    <p class="when">${view.format.bucketName(entry.date, view.report.bucket)}</p>
    <p class="sum">${parts.length === 0 ? view.strings.nothing : points(view, sum(values))}</p>
    ${parts.map(
      ({ value, i }) => html`<p class="part cat-${view.slots[i]}">
        <svg class="dot" viewBox="0 0 10 10"><rect class="fill" width="10" height="10" rx="3" /></svg>
        <span class="name">${label(view, i)}</span><span class="value">${view.format.number(value)}</span>
      </p>`,
    )}
  </div>`;
}

/** Left edge of a card of `size` beside the bucket at `x`: on its far side from the nearer edge. */
export function readoutLeft(x: number, size: number, width: number, distance: number): number {
  const right = x + distance;
  const left = x - distance - size;
  const place = right + size <= width ? right : left >= 0 ? left : right;
  return Math.max(0, Math.min(width - size, place));
}
