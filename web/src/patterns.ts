/** Hatchings laid over the colours on request, in forced colours and where more contrast is wanted. */
import { html, svg, type TemplateResult } from "lit";

/** Drawn in a square of 8 by 8. */
const HATCHES = [
  "M-1,1l2,-2M0,8l8,-8M7,9l2,-2",
  "M0,4h8",
  "M2,2h.01M6,6h.01",
  "M4,0v8",
  "M-1,7l2,2M0,0l8,8M7,-1l2,2",
  "M0,4h8M4,0v8",
  "M0,1h4M4,5h4",
  "M2,0v4M6,4v4",
];

/** One set of patterns for all charts: an id is looked up in the whole shadow tree. */
export function renderPatterns(slots: readonly string[]): TemplateResult {
  return html`<svg class="hidden-visually" aria-hidden="true"><defs>${slots.map(
    (slot, i) => svg`<pattern id="hatch-${slot}" width="8" height="8" patternUnits="userSpaceOnUse">
      <path class="hatch" d=${HATCHES[i % HATCHES.length]} /></pattern>`,
  )}</defs></svg>`;
}
