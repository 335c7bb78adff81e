/** How the donut, the legend and the timeline look, and the shapes that stand in while they load. */
import { css } from "lit";

export const chartStyles = css`
  .charts {
    display: grid;
    gap: 2rem;
  }
  .whole {
    display: grid;
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
    font-size: 2.625rem;
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
    grid-template-columns: auto 1fr auto 3.25rem;
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

  .timeline {
    min-inline-size: 0;
  }
  .timeline .summary {
    min-block-size: 1.45em;
    color: var(--_soft);
    font-size: 0.875rem;
  }
  .plot {
    position: relative;
    block-size: 14.5rem;
    margin-block-start: 0.75rem;
  }
  .chart {
    display: block;
    overflow: visible;
    touch-action: pan-y;
  }
  .grid line {
    stroke: var(--_line);
    stroke-dasharray: 2 4;
    shape-rendering: crispEdges;
  }
  .grid line.zero {
    stroke-dasharray: none;
    stroke: light-dark(#c3c9d3, #454c59);
  }
  .grid text {
    fill: var(--_soft);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }
  .amount {
    text-anchor: end;
  }
  .when {
    text-anchor: middle;
  }
  .column,
  .instant {
    outline: none;
  }
  .column,
  .column > g,
  .layer {
    transition: opacity 0.15s;
  }
  .band {
    fill: transparent;
  }
  .column.active .band {
    fill: var(--_fill);
  }
  :is(.column, .instant):focus-visible .band {
    stroke: var(--_accent);
    stroke-width: 2;
  }
  .none {
    fill: light-dark(#c3c9d3, #454c59);
  }
  .layer,
  .column > g {
    pointer-events: none;
  }
  .layer .fill {
    stroke: var(--_surface);
    stroke-width: 1.5;
  }
  .cursor {
    stroke: var(--_ink);
    stroke-width: 1.5;
  }

  .readout {
    position: absolute;
    inset-block-start: 0;
    left: 0;
    z-index: 1;
    min-inline-size: 9.5rem;
    max-inline-size: 100%;
    padding: 0.625rem 0.75rem;
    border: 1px solid var(--_line);
    border-radius: 0.75rem;
    background: var(--_surface);
    box-shadow: 0 6px 20px rgb(0 0 0 / 0.16);
    font-size: 0.8125rem;
    pointer-events: none;
    white-space: nowrap;
  }
  .readout .when {
    color: var(--_soft);
  }
  .readout .sum {
    margin-block-end: 0.25rem;
    font-size: 1rem;
    font-weight: 650;
  }
  .part {
    display: flex;
    gap: 0.5rem;
    align-items: center;
  }
  .part .name {
    flex: 1;
  }
  .part .value {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .dot {
    flex: none;
    inline-size: 0.625rem;
    block-size: 0.625rem;
  }

  .skeleton {
    display: grid;
    gap: 2rem;
    animation: breathe 1.6s ease-in-out infinite;
  }
  .skeleton .ring {
    inline-size: 15rem;
    aspect-ratio: 1;
    margin-inline: auto;
    border: 2.125rem solid var(--_fill);
    border-radius: 50%;
  }
  .skeleton .lines {
    display: grid;
    gap: 0.875rem;
    align-content: center;
  }
  .skeleton .lines span {
    block-size: 1.5rem;
    border-radius: 0.5rem;
    background: var(--_fill);
  }
  .skeleton .columns {
    display: flex;
    gap: 2.5%;
    align-items: end;
    block-size: 14.5rem;
  }
  .skeleton .columns span {
    flex: 1;
    block-size: 38%;
    border-radius: 0.375rem 0.375rem 0.125rem 0.125rem;
    background: var(--_fill);
  }
  .skeleton .columns .h1 {
    block-size: 62%;
  }
  .skeleton .columns .h2 {
    block-size: 24%;
  }
  .skeleton .columns .h3 {
    block-size: 80%;
  }
  .skeleton .columns .h4 {
    block-size: 46%;
  }
  .skeleton .columns .h5 {
    block-size: 92%;
  }
  .skeleton .columns .h6 {
    block-size: 55%;
  }
  @keyframes breathe {
    50% {
      opacity: 0.5;
    }
  }

  @container (min-width: 34rem) {
    .chart-both .whole,
    .chart-donut .whole {
      grid-template-columns: 15rem 1fr;
      gap: 2.5rem;
    }
    .chart-bars .legend ul,
    .chart-area .legend ul {
      grid-template-columns: 1fr 1fr;
      column-gap: 1.5rem;
    }
    .skeleton {
      grid-template-columns: 15rem 1fr;
      gap: 2rem 2.5rem;
    }
    .skeleton .columns {
      grid-column: 1 / -1;
    }
  }
  @container (min-width: 60rem) {
    .chart-both {
      grid-template-columns: 19rem 1fr;
      gap: 4rem;
    }
    .chart-both .plot {
      block-size: 26rem;
    }
    .skeleton {
      grid-template: auto 1fr / 19rem 1fr;
      gap: 1.75rem 4rem;
    }
    .skeleton .columns {
      grid-area: 1 / 2 / span 2;
      block-size: 100%;
    }
    .chart-both .whole {
      grid-template-columns: 1fr;
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
