/** The categories with their values and shares; each is a button that hides or shows its own. */
import { html, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import type { View } from "./view.ts";

export function renderLegend(view: View, toggle: (category: number) => void): TemplateResult {
  return html`<div class="legend" part="legend">
    <p id="hint" class="hidden-visually">${view.strings.toggleHint}</p>
    <ul role="list" aria-label=${view.strings.categories}>
      ${view.report.categories.map((category, i) => {
        const value = view.report.totals[i] ?? 0;
        const on = view.shown[i] ?? true;
        const here = { row: null, category: i };
        return html`<li>
          <button type="button" aria-pressed=${on} aria-describedby="hint"
            class="cat-${view.slots[i]} ${view.active?.category === i ? "active" : ""}"
            @click=${() => toggle(i)}
            @pointerenter=${(event: PointerEvent) => event.pointerType === "mouse" && on && view.touch(here)}
            @pointerleave=${() => view.touch(null)}
            @focus=${() => on && view.touch(here)} @blur=${() => view.touch(null)}>
            <svg class="swatch" viewBox="0 0 24 24" aria-hidden="true">
              <rect class="fill" x="1" y="1" width="22" height="22" rx="7" /><rect class="pattern" x="1" y="1" width="22" height="22" rx="7"
                fill="url(#hatch-${view.slots[i]})" />${icon(view.slots[i] ?? "", 12, 12, 15)}
            </svg>
            <span class="name">${category.label}</span>
            <span class="value">${view.format.number(value)}</span>
            <span class="share">${on ? view.format.percent(view.shares[i] ?? 0, value) : "–"}</span>
          </button>
        </li>`;
      })}
    </ul>
  </div>`;
}
