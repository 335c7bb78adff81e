/** Every word the element says, in English; a page replaces any of them through `element.strings`. */

export const ENGLISH = {
  region: "How you are earning points",
  windows: "Time shown",
  last_7_days: "7 days",
  last_30_days: "30 days",
  last_90_days: "90 days",
  all_time: "All time",
  points_one: "{points} point",
  points_other: "{points} points",
  unit_one: "point",
  unit_other: "points",
  ofTotal: "of {total}",
  categories: "Categories",
  toggleHint: "Press a category to hide it or show it again.",
  donut: "Points by category: {points} in all",
  donutItem: "{category}: {points}, {share}",
  timeline_day: "Points per day",
  timeline_week: "Points per week",
  timeline_month: "Points per month",
  timelineHint: "Use the arrow keys to move from one to the next.",
  average_day: "{average} a day on average",
  average_week: "{average} a week on average",
  average_month: "{average} a month on average",
  best: "most on {date}: {points}",
  best_week: "most in the week {date}: {points}",
  best_month: "most in {date}: {points}",
  bucketItem: "{date}: {points}.",
  bucketPart: "{category} {points}",
  nothing: "no points",
  showTable: "Show as table",
  tableCaption: "Points by category, {span}",
  date: "Date",
  total: "Total",
  adjustments: "Corrections by our staff: {points}. They belong to no category and are not in the charts.",
  loading: "Loading your points",
  loaded: "{window}: {points}",
  emptyTitle: "Nothing here yet",
  emptyText: "Finish a quiz, share a project or give someone feedback: your first points show up here at once.",
  emptyWindowText: "No points in this time. If you earned some before, choose a longer time above.",
  allHidden: "Every category is hidden. Press one below to show it.",
  signedOutTitle: "You are signed out",
  signedOutText: "Sign in to see where your points come from.",
  signIn: "Sign in",
  unreachableTitle: "We could not reach the server",
  unreachableText: "Check your connection, then try again. Your points are safe.",
  unreadableTitle: "Something is wrong on our side",
  unreadableText: "We could not read the answer. Try again in a minute. Your points are safe.",
  refusedTitle: "Your points could not be loaded",
  refusedText: "Try again in a minute. Your points are safe.",
  retry: "Try again",
  nudgeTitle: "What to do next",
};

/** Plural forms follow `Intl.PluralRules`: add `points_few`, `unit_many` and so on where needed. */
export type Strings = typeof ENGLISH & Record<string, string>;

/** The form of `name` that goes with `count` in this locale. */
export function plural(
  strings: Strings,
  name: "points" | "unit",
  count: number,
  rules: Intl.PluralRules,
): string {
  return strings[`${name}_${rules.select(count)}`] ?? strings[`${name}_other`];
}
