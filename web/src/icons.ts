/** One small picture per category, so that colour is never the only way to tell them apart. */
import { svg, type SVGTemplateResult } from "lit";

/** Drawn as lines in a 16 by 16 square. */
const LINES: Readonly<Record<string, string>> = {
  // A pencil.
  creation: "M3 13l.7-3L10.5 3.2a1.4 1.4 0 0 1 2.3 2.3L6 12.3zM9.3 4.4l2.3 2.3",
  // An open book.
  learning: "M8 4.5C6.5 3.2 4.5 3 2.5 3v9c2 0 4 .2 5.5 1.5 1.5-1.3 3.5-1.5 5.5-1.5V3c-2 0-4 .2-5.5 1.5zv9",
  // Two people.
  community: "M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM2 13c0-2.3 1.7-3.7 4-3.7s4 1.4 4 3.7M10.8 3.4a2.1 2.1 0 0 1 0 3.9M11.5 9.6c1.6.4 2.5 1.6 2.5 3.4",
  // A calendar day, ticked.
  participation: "M3 4.5h10v8.5H3zM5.5 2.5v3M10.5 2.5v3M5.7 9.2l1.7 1.7 3-3.2",
  // Two arrows going round.
  consistency: "M13 7a5 5 0 0 0-9-2L2.7 6.5M2.7 3v3.5h3.5M3 9a5 5 0 0 0 9 2l1.3-1.5M13.3 13V9.5H9.8",
  // A flag.
  challenge: "M4 14V2.5M4 3.2c3-1.5 5 1.5 8.5 0v5.6c-3.5 1.5-5.5-1.5-8.5 0",
};
const OTHER = "M8 3l1.5 3.2 3.5.4-2.6 2.4.7 3.5L8 10.7l-3.1 1.8.7-3.5L3 6.6l3.5-.4z";

export function icon(slot: string, x: number, y: number, size: number): SVGTemplateResult {
  const scale = size / 16;
  return svg`<g class="icon" transform="translate(${x - size / 2} ${y - size / 2}) scale(${scale})">
    <circle class="pad pattern" cx="8" cy="8" r="10" /><path d=${LINES[slot] ?? OTHER} /></g>`;
}
