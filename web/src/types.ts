/** What the by-category endpoint answers, and the words the element's attributes accept. */

export const WINDOWS = ["last_7_days", "last_30_days", "last_90_days", "all_time"] as const;
export const BUCKETS = ["none", "day", "week", "month"] as const;
export const CHARTS = ["both", "donut", "bars", "area"] as const;

export type WindowKey = (typeof WINDOWS)[number];
export type Bucket = (typeof BUCKETS)[number];
export type ChartKind = (typeof CHARTS)[number];

export interface Category {
  readonly key: string;
  readonly label: string;
}

/** One bucket of time: its first day and the points of every category, in category order. */
export interface Row {
  readonly date: string;
  readonly values: readonly number[];
}

export interface Suggestion {
  readonly activityType: string;
  readonly label: string;
  readonly points: number;
  readonly url: string | null;
}

export interface Nudge {
  readonly category: string;
  readonly message: string;
  readonly suggestions: readonly Suggestion[];
}

export interface Report {
  readonly window: string;
  /** First and last day, where the answer names them. */
  readonly span: readonly [string, string] | null;
  readonly bucket: Bucket;
  readonly categories: readonly Category[];
  /** Points of the whole window, in category order. */
  readonly totals: readonly number[];
  readonly series: readonly Row[];
  readonly adjustments: number;
  readonly nudge: Nudge | null;
}

/** What the reader's pointer or focus is on. */
export interface Active {
  /** Index of the bucket, or null when a slice of the donut or a legend entry is meant. */
  readonly row: number | null;
  /** Index of the category, or null for a whole bucket. */
  readonly category: number | null;
}
