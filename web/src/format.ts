/** Numbers and dates in the reader's own way of writing them. Pure: no clock, no page. */
import type { Bucket } from "./types.ts";

const DAY_MS = 86_400_000;

/** An ISO day as the instant that `Intl` formats as that same day in UTC. */
export function parseDay(iso: string): Date {
  return new Date(`${iso}T00:00:00Z`);
}

/** The last day of the bucket that begins on `start`. */
export function bucketEnd(start: Date, bucket: Bucket): Date {
  if (bucket === "week") return new Date(start.getTime() + 6 * DAY_MS);
  if (bucket === "month") {
    return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0));
  }
  return start;
}

/**
 * Whole percentages that add up to exactly 100 (largest remainder), for the positive values.
 *
 * Negative values and an empty sum have no share: they answer 0.
 */
export function wholeShares(values: readonly number[]): number[] {
  const parts = values.map((value) => Math.max(0, value));
  const sum = parts.reduce((a, b) => a + b, 0);
  if (sum === 0) return parts;
  const exact = parts.map((part) => (part / sum) * 100);
  const shares = exact.map(Math.floor);
  let missing = 100 - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((share, i) => ({ i, rest: share - Math.floor(share) }));
  byRemainder.sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of byRemainder) {
    if (missing <= 0) break;
    shares[i] = (shares[i] ?? 0) + 1;
    missing -= 1;
  }
  return shares;
}

/** Replace `{name}` in a sentence with the given words; the same words for every translation. */
export function fill(sentence: string, words: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}

/** Everything the element writes as a number or a date, for one locale. */
export class Formatter {
  readonly locale: string;
  readonly plurals: Intl.PluralRules;
  private readonly plain: Intl.NumberFormat;
  private readonly tenths: Intl.NumberFormat;
  private readonly short: Intl.NumberFormat;
  private readonly signedNumber: Intl.NumberFormat;
  private readonly share: Intl.NumberFormat;

  constructor(locale: string) {
    this.locale = supported(locale);
    this.plurals = new Intl.PluralRules(this.locale);
    this.plain = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0 });
    this.tenths = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 });
    this.short = new Intl.NumberFormat(this.locale, {
      notation: "compact",
      maximumFractionDigits: 1,
    });
    this.signedNumber = new Intl.NumberFormat(this.locale, { signDisplay: "exceptZero" });
    this.share = new Intl.NumberFormat(this.locale, { style: "percent" });
  }

  number(value: number): string {
    return this.plain.format(value);
  }

  /** A mean: with one decimal while a whole number would say too little. */
  mean(value: number): string {
    return Math.abs(value) < 10 ? this.tenths.format(value) : this.number(value);
  }

  /** An amount beside the grid: in full up to four digits, then short. */
  axis(value: number): string {
    return Math.abs(value) < 10_000 ? this.number(value) : this.compact(value);
  }

  /** Short, for places a few characters wide. */
  compact(value: number): string {
    return this.short.format(value);
  }

  signed(value: number): string {
    return this.signedNumber.format(value);
  }

  /** `share` in whole percent. A share above nothing that rounds to 0 reads as under 1 %. */
  percent(share: number, value: number): string {
    return share === 0 && value > 0 ? `<${this.share.format(0.01)}` : this.share.format(share / 100);
  }

  /** The bucket's full name: a day, the days of a week, or a month. */
  bucketName(iso: string, bucket: Bucket): string {
    const start = parseDay(iso);
    if (bucket === "month") return this.date(start, { month: "long", year: "numeric" });
    if (bucket === "week") {
      return this.dates({ day: "numeric", month: "short", year: "numeric" }).formatRange(
        start,
        bucketEnd(start, bucket),
      );
    }
    return this.date(start, { weekday: "short", day: "numeric", month: "long" });
  }

  /** The bucket's name on the axis; `narrow` series of a week are named by their weekday. */
  axisLabel(iso: string, bucket: Bucket, narrow: boolean): string {
    const start = parseDay(iso);
    if (bucket === "month") {
      const january = start.getUTCMonth() === 0;
      return this.date(start, january ? { year: "numeric" } : { month: "short" });
    }
    if (narrow && bucket === "day") return this.date(start, { weekday: "short" });
    return this.date(start, { day: "numeric", month: "short" });
  }

  /** From the first to the last day of a series, as one range. */
  span(first: string, last: string, bucket: Bucket): string {
    return this.dates({ day: "numeric", month: "short", year: "numeric" }).formatRange(
      parseDay(first),
      bucketEnd(parseDay(last), bucket),
    );
  }

  private dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.locale, { ...options, timeZone: "UTC" });
  }

  private date(value: Date, options: Intl.DateTimeFormatOptions): string {
    return this.dates(options).format(value);
  }
}

/** The locale itself when `Intl` knows it, else the reader's default: a typo must not break a page. */
function supported(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? new Intl.NumberFormat().resolvedOptions().locale;
  } catch {
    return new Intl.NumberFormat().resolvedOptions().locale;
  }
}
