/** Where the arrow keys lead inside a chart. Pure. */

/**
 * The next stop for `key`, or null when the key means nothing here.
 *
 * A row of buckets ends at both ends and follows the writing direction; a ring (`round`) goes round.
 */
export function nextStop(
  key: string,
  index: number,
  count: number,
  rightToLeft: boolean,
  round: boolean,
): number | null {
  const ahead = rightToLeft && !round ? "ArrowLeft" : "ArrowRight";
  const back = rightToLeft && !round ? "ArrowRight" : "ArrowLeft";
  const to = (next: number): number =>
    round ? (next + count) % count : Math.max(0, Math.min(count - 1, next));
  switch (key) {
    case ahead:
    case "ArrowDown":
      return to(index + 1);
    case back:
    case "ArrowUp":
      return to(index - 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
