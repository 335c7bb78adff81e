/** How the donut, the legend and their place beside the timeline look. */
import { css } from "lit";

export const chartStyles = css`
  .charts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2rem;
  }
  .whole {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.25rem;
    align-items: center;
  }
  .donut {
    position: relative;
    inline-size: min(100%, 15rem);
    margin-inline: auto;
  }
  .donut svg {
    display: block;
    inline-size: 100%;
    overflow: visible;
  }
  .track {
    fill: none;
    stroke: var(--_fill);
  }
  .fill {
    fill: var(--_colour);
  }
  .slice {
    outline: none;
    cursor: default;
    transition: opacity 0.15s, transform 0.15s;
  }
  .slice.active {
    transform: scale(1.035);
  }
  .quiet {
    opacity: 0.32;
  }
  .slice:focus-visible .fill {
    stroke: var(--_ink);
    stroke-width: 2.5;
  }
  .pattern {
    display: none;
    pointer-events: none;
  }
  .hatch {
    fill: none;
    stroke: var(--_surface);
    stroke-width: 1.5;
    stroke-linecap: round;
  }
  .pad {
    fill: var(--_colour);
    stroke: none;
  }
  :host([patterns]) .pattern {
    display: inline;
  }
  .middle {
    position: absolute;
    inset: 22%;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    text-align: center;
    pointer-events: none;
  }
  .middle strong {
    font-size: 2.5rem;
    font-weight: 700;
    line-height: 1.1;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .middle .medium {
    font-size: 2rem;
  }
  .middle .small {
    font-size: 1.5rem;
  }
  .middle .what {
    color: var(--_soft);
    font-size: 0.875rem;
    line-height: 1.25;
  }

  .legend ul {
    display: grid;
    gap: 0.125rem;
    margin-inline: -0.625rem;
  }
  .legend button {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto minmax(2.75rem, auto);
    gap: 0.75rem;
    align-items: center;
    inline-size: 100%;
    padding: 0.4375rem 0.625rem;
    border: 0;
    border-radius: 0.625rem;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    cursor: pointer;
    transition: background-color 0.15s;
  }
  .legend button:hover,
  .legend button.active {
    background: var(--_fill);
  }
  .legend .swatch {
    inline-size: 1.5rem;
    block-size: 1.5rem;
  }
  .legend .name {
    overflow-wrap: anywhere;
  }
  .legend .value {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .legend .share {
    color: var(--_soft);
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .legend button[aria-pressed="false"] {
    color: var(--_soft);
  }
  .legend button[aria-pressed="false"] .swatch .fill {
    fill: none;
    stroke: var(--_soft);
    stroke-width: 1.5;
  }
  .legend button[aria-pressed="false"] .icon {
    stroke: var(--_soft);
  }
  .legend button[aria-pressed="false"] .name {
    text-decoration: line-through;
  }
  .legend button[aria-pressed="false"] .value {
    font-weight: 400;
  }

  @container (min-width: 34rem) {
    .chart-both .whole,
    .chart-donut .whole {
      grid-template-columns: 15rem minmax(0, 1fr);
      gap: 2.5rem;
    }
    .chart-bars .legend ul,
    .chart-area .legend ul {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      column-gap: 1.5rem;
    }
  }
  @container (min-width: 60rem) {
    .chart-both {
      grid-template-columns: 19rem minmax(0, 1fr);
      gap: 4rem;
    }
    .chart-both .plot {
      block-size: 26rem;
    }
    .chart-both .whole {
      grid-template-columns: minmax(0, 1fr);
      gap: 1.25rem;
    }
  }
  @media (prefers-contrast: more), (forced-colors: active) {
    .pattern {
      display: inline;
    }
    .slice .fill,
    .column .fill {
      stroke: var(--_ink);
      stroke-width: 1;
    }
  }
`;
