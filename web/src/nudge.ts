/** The gentle push towards a fuller balance, beneath the charts. */
import { html, nothing, type TemplateResult } from "lit";
import { safeUrl } from "./api.ts";
import { icon } from "./icons.ts";
import type { Nudge, Suggestion } from "./types.ts";
import { points, type View } from "./view.ts";

export function renderNudge(view: View, nudge: Nudge): TemplateResult {
  const index = view.report.categories.findIndex(({ key }) => key === nudge.category);
  const slot = view.slots[index] ?? "spare-1";
  return html`<section class="nudge cat-${slot}" part="nudge" aria-labelledby="nudge-title">
    <svg class="swatch" viewBox="0 0 40 40" aria-hidden="true">
      <rect class="fill" width="40" height="40" rx="12" />${icon(slot, 20, 20, 22)}
    </svg>
    <div>
      <p id="nudge-title" class="title">${view.strings.nudgeTitle}</p>
      <p class="message"><bdi>${nudge.message}</bdi></p>
      ${
        nudge.suggestions.length > 0
          ? html`<ul role="list">${nudge.suggestions.map((suggestion) => renderSuggestion(view, suggestion))}</ul>`
          : nothing
      }
    </div>
  </section>`;
}

function renderSuggestion(view: View, suggestion: Suggestion): TemplateResult {
  const url = suggestion.url ?? safeUrl(view.links[suggestion.activityType]);
  const inside = html`<span class="name">${suggestion.label}</span>
    <span class="worth">${points(view, suggestion.points, true)}</span>`;
  return html`<li>
    ${url === null ? html`<span class="suggestion">${inside}</span>` : html`<a class="suggestion" href=${url}>${inside}</a>`}
  </li>`;
}
