/**
 * The colours of the categories, one set for light and one for dark surroundings.
 *
 * Chosen so that every colour has a contrast of at least 3:1 against its surface and every pair
 * stays apart with protanopia, deuteranopia and tritanopia; test/palette.test.ts measures both.
 */

export interface Colour {
  readonly light: string;
  readonly dark: string;
}

export const SURFACE: Colour = { light: "#ffffff", dark: "#171a21" };

export const NAMED: Readonly<Record<string, Colour>> = {
  creation: { light: "#0c6cc0", dark: "#5ea9fb" },
  learning: { light: "#1e9c74", dark: "#49dcac" },
  community: { light: "#b75b1f", dark: "#fa915f" },
  participation: { light: "#b68804", dark: "#f0c838" },
  consistency: { light: "#72328f", dark: "#d27ac8" },
  challenge: { light: "#b32b4f", dark: "#f1657f" },
};

/** For categories this element does not know by name, in the order in which they come. */
export const SPARE: readonly Colour[] = [
  { light: "#5b6472", dark: "#a3adbb" },
  { light: "#3f5d3f", dark: "#b9c79a" },
];

/** Names of the CSS classes, and of the icons, of each category. */
export function slots(keys: readonly string[]): string[] {
  let spare = 0;
  return keys.map((key) => (key in NAMED ? key : `spare-${(spare++ % SPARE.length) + 1}`));
}

/** Every colour as a custom property a page may set, and the class that uses it. */
export function paletteCss(): string {
  const entries: [string, Colour][] = [
    ...Object.entries(NAMED),
    ...SPARE.map((colour, i): [string, Colour] => [`spare-${i + 1}`, colour]),
  ];
  return entries
    .map(
      ([name, { light, dark }]) =>
        `.cat-${name}{--_colour:var(--points-color-${name},light-dark(${light},${dark}))}`,
    )
    .join("");
}
