/** Asks the by-category endpoint and turns whatever comes back into a Report or a LoadError. */
import { BUCKETS, type Category, type Nudge, type Report, type Row } from "./types.ts";

export type Failure = "signed-out" | "refused" | "unreachable" | "unreadable";

/** Why no report could be shown; `title` and `detail` are the server's own words where it sent any. */
export class LoadError extends Error {
  constructor(
    readonly failure: Failure,
    readonly title = "",
    readonly detail = "",
  ) {
    super(title || failure);
    this.name = "LoadError";
  }
}

/** The address to ask; without a bucket the endpoint picks the one that suits the window. */
export function reportUrl(
  endpoint: string,
  window: string,
  bucket: string | null,
  base: string,
): string {
  const url = new URL(endpoint, base);
  url.searchParams.set("window", window);
  if (bucket) url.searchParams.set("bucket", bucket);
  return url.href;
}

type Bag = Record<string, unknown>;

function bag(value: unknown): Bag {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LoadError("unreadable");
  }
  return value as Bag;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new LoadError("unreadable");
  return value;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function whole(value: unknown): number {
  const number = value ?? 0;
  if (typeof number !== "number" || !Number.isFinite(number)) throw new LoadError("unreadable");
  return number;
}

const isDay = (value: unknown): value is string => /^\d{4}-\d{2}-\d{2}$/.test(text(value));

const titled = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

function parseCategories(value: unknown, totals: Bag): Category[] {
  const keys = value === undefined ? Object.keys(totals).map((key) => ({ key })) : list(value);
  return keys.map((entry) => {
    const { key, label } = bag(entry);
    if (typeof key !== "string" || key === "") throw new LoadError("unreadable");
    return { key, label: text(label) || titled(key) };
  });
}

function parseNudge(value: unknown): Nudge | null {
  if (value === null || value === undefined) return null;
  const nudge = bag(value);
  const message = text(nudge["message"]);
  if (message === "") return null;
  const suggestions = list(nudge["suggestions"] ?? []).map((entry) => {
    const { activity_type, label, points, url } = bag(entry);
    return {
      activityType: text(activity_type),
      label: text(label) || titled(text(activity_type)),
      points: whole(points),
      url: safeUrl(text(url)),
    };
  });
  return { category: text(nudge["category"]), message, suggestions };
}

/** Only addresses a link may have: `javascript:` and its kin never reach an href. */
export function safeUrl(value: string | undefined): string | null {
  if (!value) return null;
  return /^[a-z][a-z0-9+.-]*:/i.test(value) && !/^https?:/i.test(value) ? null : value;
}

/**
 * Check an answer's shape and put its numbers in category order.
 *
 * @throws LoadError ("unreadable") when it is not a by-category report.
 */
export function parseReport(json: unknown): Report {
  const data = bag(json);
  const totals = bag(data["totals"]);
  const categories = parseCategories(data["categories"], totals);
  const bucket = BUCKETS.find((known) => known === data["bucket"]) ?? "none";
  const series: Row[] = list(data["series"] ?? []).map((entry) => {
    const row = bag(entry);
    const date = text(row["date"]);
    if (!isDay(date)) throw new LoadError("unreadable");
    return { date, values: categories.map(({ key }) => whole(row[key])) };
  });
  return {
    window: text(data["window"]),
    span: isDay(data["since"]) && isDay(data["until"]) ? [data["since"], data["until"]] : null,
    bucket,
    categories,
    totals: categories.map(({ key }) => whole(totals[key])),
    series,
    adjustments: whole(data["adjustments"]),
    nudge: parseNudge(data["nudge"]),
  };
}

async function refusal(response: Response): Promise<LoadError> {
  if (response.status === 401 || response.status === 403) return new LoadError("signed-out");
  let problem: Bag = {};
  try {
    problem = bag(await response.json());
  } catch {
    // An error page in HTML has nothing to quote: the status alone decides what the reader is told.
  }
  return new LoadError("refused", text(problem["title"]), text(problem["detail"]));
}

/**
 * Fetch one report.
 *
 * @throws LoadError for everything the reader can be told about; AbortError when `signal` fired.
 */
export async function fetchReport(
  url: string,
  credentials: RequestCredentials,
  signal: AbortSignal,
): Promise<Report> {
  let response: Response;
  try {
    response = await fetch(url, { credentials, signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError("unreachable");
  }
  if (!response.ok) throw await refusal(response);
  let json: unknown;
  try {
    json = await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError("unreadable");
  }
  return parseReport(json);
}
