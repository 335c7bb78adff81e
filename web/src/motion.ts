/** Moves the charts from what they showed to what they show next. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { between } from "./geometry.ts";

const DURATION_MS = 420;

/** What the charts draw: the donut's values and the rows of the timeline. */
export interface Frame {
  readonly totals: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

const EMPTY: Frame = { totals: [], rows: [] };

/** Fast at first, settling gently. */
export const ease = (t: number): number => 1 - (1 - t) ** 3;

export function frameBetween(from: Frame, to: Frame, progress: number): Frame {
  return {
    totals: between(from.totals, to.totals, progress),
    rows: to.rows.map((row, i) => between(from.rows[i] ?? [], row, progress)),
  };
}

/** Holds the frame to draw now; honours `prefers-reduced-motion`. */
export class Motion implements ReactiveController {
  private from = EMPTY;
  private to = EMPTY;
  private started = 0;
  private request = 0;
  current = EMPTY;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** Head for `to`; `sameRows` says that its rows are the same buckets as those on show. */
  aim(to: Frame, sameRows: boolean): void {
    cancelAnimationFrame(this.request);
    this.from = { totals: this.current.totals, rows: sameRows ? this.current.rows : [] };
    this.to = to;
    if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.current = to;
      return;
    }
    this.started = performance.now();
    this.current = frameBetween(this.from, to, 0);
    this.request = requestAnimationFrame(this.step);
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.request);
    this.current = this.to;
  }

  private readonly step = (now: number): void => {
    const t = Math.min(1, Math.max(0, now - this.started) / DURATION_MS);
    this.current = t === 1 ? this.to : frameBetween(this.from, this.to, ease(t));
    this.host.requestUpdate();
    if (t < 1) this.request = requestAnimationFrame(this.step);
  };
}
