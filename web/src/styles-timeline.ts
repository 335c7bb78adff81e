/** How the points over time and the card beside a bucket look. */
import { css } from "lit";

export const timelineStyles = css`
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
  .zero {
    stroke: var(--_faint);
    shape-rendering: crispEdges;
    pointer-events: none;
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
    fill: var(--_faint);
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
`;
