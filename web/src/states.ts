/** What is on show while there is nothing to chart: loading, failed, empty. */
import { html, type TemplateResult } from "lit";
import type { LoadError } from "./api.ts";
import type { Strings } from "./strings.ts";

export function renderSkeleton(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">
    <div class="ring"></div>
    <div class="lines">${[1, 2, 3, 4, 5, 6].map(() => html`<span></span>`)}</div>
    <div class="columns">${Array.from({ length: 14 }, (_, i) => html`<span class="h${(i * 5) % 7}"></span>`)}</div>
  </div>`;
}

/** Title and advice for a failure: the server's own words first, ours where it sent none. */
export function explain(error: LoadError, strings: Strings): { title: string; text: string } {
  switch (error.failure) {
    case "signed-out":
      return { title: strings.signedOutTitle, text: strings.signedOutText };
    case "unreachable":
      return { title: strings.unreachableTitle, text: strings.unreachableText };
    case "unreadable":
      return { title: strings.unreadableTitle, text: strings.unreadableText };
    case "refused":
      return {
        title: error.title || strings.refusedTitle,
        text: error.detail || strings.refusedText,
      };
  }
}

export function renderError(
  error: LoadError,
  strings: Strings,
  signInUrl: string,
  retry: () => void,
): TemplateResult {
  const { title, text } = explain(error, strings);
  const signIn = error.failure === "signed-out" && signInUrl !== "";
  return html`<div class="state error" role="alert" part="error">
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="20" /><path d="M24 14v13M24 33v.01" />
    </svg>
    <p class="title">${title}</p>
    <p>${text}</p>
    ${
      signIn
        ? html`<a class="action" href=${signInUrl}>${strings.signIn}</a>`
        : html`<button type="button" class="action" @click=${retry}>${strings.retry}</button>`
    }
  </div>`;
}

export function renderEmpty(strings: Strings, everEarned: boolean): TemplateResult {
  return html`<div class="state empty" part="empty">
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <path d="M24 42V20M24 30c-9 0-12-5-12-11 7 0 12 3 12 11zM24 24c0-8 4-12 12-13 0 8-4 13-12 13z" />
    </svg>
    <p class="title">${strings.emptyTitle}</p>
    <p>${everEarned ? strings.emptyWindowText : strings.emptyText}</p>
  </div>`;
}
