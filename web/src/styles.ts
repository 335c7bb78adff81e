/** How it looks. Every colour and measure a page may want to change is a custom property. */
import { css, unsafeCSS } from "lit";
import { paletteCss, SURFACE } from "./palette.ts";
import { chartStyles } from "./styles-charts.ts";
import { stateStyles } from "./styles-states.ts";
import { timelineStyles } from "./styles-timeline.ts";

const base = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  :host([hidden]) {
    display: none;
  }
  .card {
    --_surface: var(--points-surface, light-dark(${unsafeCSS(SURFACE.light)}, ${unsafeCSS(SURFACE.dark)}));
    --_ink: var(--points-ink, light-dark(#15181e, #f1f3f7));
    --_soft: var(--points-ink-soft, light-dark(#5a6270, #a6afbd));
    --_line: var(--points-line, light-dark(#e4e7ec, #2b303a));
    --_faint: color-mix(in oklab, var(--_soft) 40%, var(--_surface));
    --_fill: var(--points-fill, light-dark(#f2f4f7, #22262f));
    --_accent: var(--points-accent, light-dark(#0b5fab, #8cc2ff));
    --_on-accent: var(--points-on-accent, light-dark(#ffffff, #10131a));
    box-sizing: border-box;
    padding: var(--points-padding, 1.5rem);
    border: 1px solid var(--points-border, var(--_line));
    border-radius: var(--points-radius, 1.25rem);
    background: var(--points-background, var(--_surface));
    color: var(--_ink);
    font-family: var(--points-font, inherit);
    font-size: 0.9375rem;
    line-height: 1.45;
    text-align: start;
  }
  .scheme-light {
    color-scheme: light;
  }
  .scheme-dark {
    color-scheme: dark;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  p,
  ul,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    list-style: none;
  }
  .hidden-visually {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .title {
    font-weight: 650;
    font-size: 1rem;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.75rem 1.5rem;
  }
  ::slotted([slot="heading"]) {
    margin: 0;
  }
  .windows {
    display: flex;
    flex: 0 1 auto;
    min-inline-size: 0;
    padding: 3px;
    border-radius: 0.75rem;
    background: var(--_fill);
  }
  .windows label {
    position: relative;
    flex: 1 1 auto;
    cursor: pointer;
  }
  .windows input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .windows span {
    display: block;
    padding: 0.4375rem 0.875rem;
    border-radius: 0.5625rem;
    color: var(--_soft);
    font-size: 0.875rem;
    font-weight: 550;
    text-align: center;
    white-space: nowrap;
    unicode-bidi: plaintext;
    transition: background-color 0.2s, color 0.2s;
  }
  .windows input:checked + span {
    background: light-dark(var(--_surface), color-mix(in oklab, var(--_ink) 18%, var(--_surface)));
    color: var(--_ink);
    box-shadow: 0 1px 2px rgb(0 0 0 / 0.16);
  }
  .windows input:hover + span {
    color: var(--_ink);
  }
  .windows input:focus-visible + span {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }

  .body {
    transition: opacity 0.2s;
  }
  .body:not(:empty) {
    margin-block-start: 1.5rem;
  }
  .body.loading > :not(.skeleton) {
    opacity: 0.5;
  }
  .adjustments {
    margin-block-start: 1rem;
    color: var(--_soft);
    font-size: 0.875rem;
  }

  .swatch .fill {
    fill: var(--_colour);
  }
  .icon {
    fill: none;
    stroke: var(--_surface);
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
    pointer-events: none;
  }

  .nudge {
    display: flex;
    gap: 0.875rem;
    margin-block-start: 1.5rem;
    padding: 1rem 1.125rem;
    border-radius: 1rem;
    background: color-mix(in oklab, var(--_colour) 9%, var(--_surface));
  }
  .nudge .swatch {
    flex: none;
    width: 2.5rem;
    height: 2.5rem;
  }
  .nudge > div {
    flex: 1;
    min-width: 0;
  }
  .nudge ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }
  .suggestion {
    display: flex;
    gap: 0.625rem;
    align-items: baseline;
    padding: 0.5rem 0.875rem;
    border: 1px solid color-mix(in oklab, var(--_colour) 30%, var(--_surface));
    border-radius: 2rem;
    background: var(--_surface);
    color: var(--_ink);
    font-size: 0.875rem;
    font-weight: 550;
    text-decoration: none;
  }
  .suggestion .worth {
    color: var(--_soft);
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  a.suggestion:hover .name {
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }

  .table {
    margin-block-start: 1.25rem;
  }
  .table summary {
    inline-size: fit-content;
    padding-block: 0.25rem;
    color: var(--_soft);
    font-size: 0.875rem;
    cursor: pointer;
  }
  .scroller {
    max-block-size: 24rem;
    margin-block-start: 0.5rem;
    overflow: auto;
    border: 1px solid var(--_line);
    border-radius: 0.75rem;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding: 0.625rem 0.875rem;
    color: var(--_soft);
    text-align: start;
  }
  th,
  td {
    padding: 0.4375rem 0.875rem;
    border-block-start: 1px solid var(--_line);
    text-align: end;
    white-space: nowrap;
    font-weight: 400;
  }
  th:first-child {
    text-align: start;
  }
  thead th,
  tfoot :is(th, td) {
    font-weight: 600;
  }

  @container (max-width: 30rem) {
    .card {
      padding: var(--points-padding, 1.125rem);
    }
    .windows {
      flex-basis: 100%;
    }
    .windows span {
      padding-inline: 0.25rem;
      font-size: 0.8125rem;
    }
    .nudge {
      padding: 1rem;
    }
    .nudge .swatch {
      display: none;
    }
    .nudge li {
      flex: 1 1 100%;
    }
    .suggestion {
      justify-content: space-between;
      border-radius: 0.875rem;
    }
  }
  @media (forced-colors: active) {
    .windows input:checked + span {
      background: SelectedItem;
      color: SelectedItemText;
      forced-color-adjust: none;
    }
    .card .grid text {
      fill: CanvasText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

export const styles = [base, chartStyles, timelineStyles, stateStyles, unsafeCSS(paletteCss())];
