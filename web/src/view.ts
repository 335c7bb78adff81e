/** What every part of the picture is drawn from, and the few words they share. */
import { fill, type Formatter } from "./format.ts";
import type { Frame } from "./motion.ts";
import { plural, type Strings } from "./strings.ts";
import type { Active, ChartKind, Report } from "./types.ts";

export interface View {
  readonly report: Report;
  readonly chart: ChartKind;
  /** Per category: is it on show, or hidden through the legend? */
  readonly shown: readonly boolean[];
  /** Per category: the name of its CSS class and icon. */
  readonly slots: readonly string[];
  /** Per category: its whole percentage of what is on show. */
  readonly shares: readonly number[];
  /** The sum of what is on show. */
  readonly total: number;
  readonly frame: Frame;
  readonly format: Formatter;
  readonly strings: Strings;
  readonly links: Readonly<Record<string, string>>;
  readonly active: Active | null;
  readonly rightToLeft: boolean;
  /** Size of the timeline in pixels; 0 until it has been measured. */
  readonly width: number;
  readonly height: number;
  /** The slice and the bucket that the Tab key reaches. */
  readonly sliceStop: number;
  readonly rowStop: number;
  readonly touch: (active: Active | null) => void;
}

export function points(view: Pick<View, "format" | "strings">, value: number, signed = false): string {
  const { format, strings } = view;
  const number = signed ? format.signed(value) : format.number(value);
  return fill(plural(strings, "points", value, format.plurals), { points: number });
}

export function label(view: View, category: number): string {
  return view.report.categories[category]?.label ?? "";
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The values with nothing in place of what is hidden. */
export function visible(values: readonly number[], shown: readonly boolean[]): number[] {
  return values.map((value, i) => (shown[i] ? value : 0));
}
