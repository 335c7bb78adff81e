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
  creation: { light: "#3645d4", dark: "#6d8dfd" },
  learning: { light: "#c65a16", dark: "#fab647" },
  community: { light: "#0f8c5d", dark: "#69eead" },
  participation: { light: "#169cbc", dark: "#69c8e1" },
  consistency: { light: "#8e299a", dark: "#d273c0" },
  challenge: { light: "#992b32", dark: "#ec5343" },
};

/** For categories this element does not know by name, in the order in which they come. */
export const SPARE: readonly Colour[] = [
  { light: "#5b6472", dark: "#a3adbb" },
  { light: "#7a6a00", dark: "#c9b458" },
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
