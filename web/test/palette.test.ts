import assert from "node:assert/strict";
import { test } from "node:test";
import { type Colour, NAMED, paletteCss, slots, SPARE, SURFACE } from "../src/palette.ts";

type Rgb = [number, number, number];
type Matrix = [Rgb, Rgb, Rgb];

/** Linear-light simulation of full colour blindness (Machado, Oliveira and Fernandes, 2009). */
const EYES: Record<string, Matrix> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const MODES = ["light", "dark"] as const;
/** In OKLab, where 0.02 is about the smallest difference that is noticed side by side. */
const APART = 0.07;

function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const dot = (a: Rgb, b: Rgb): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const luminance = (hex: string): number => dot(linear(hex), [0.2126, 0.7152, 0.0722]);

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function oklab(rgb: Rgb): Rgb {
  const safe = rgb.map((value) => Math.min(1, Math.max(0, value))) as Rgb;
  const l = Math.cbrt(dot(safe, [0.4122214708, 0.5363325363, 0.0514459929]));
  const m = Math.cbrt(dot(safe, [0.2119034982, 0.6806995451, 0.1073969566]));
  const s = Math.cbrt(dot(safe, [0.0883024619, 0.2817188376, 0.6299787005]));
  return [
    dot([l, m, s], [0.2104542553, 0.793617785, -0.0040720468]),
    dot([l, m, s], [1.9779984951, -2.428592205, 0.4505937099]),
    dot([l, m, s], [0.0259040371, 0.7827717662, -0.808675766]),
  ];
}

function seen(hex: string, eyes: Matrix): Rgb {
  const rgb = linear(hex);
  return oklab([dot(eyes[0], rgb), dot(eyes[1], rgb), dot(eyes[2], rgb)]);
}

const everyColour: [string, Colour][] = [
  ...Object.entries(NAMED),
  ...SPARE.map((colour, i): [string, Colour] => [`spare-${i + 1}`, colour]),
];

for (const mode of MODES) {
  test(`every colour has a contrast of 3:1 with the ${mode} surface`, () => {
    for (const [name, colour] of everyColour) {
      const ratio = contrast(colour[mode], SURFACE[mode]);
      assert.ok(ratio >= 3, `${name}: ${ratio.toFixed(2)}`);
    }
  });

  for (const [name, eyes] of Object.entries(EYES)) {
    test(`no two ${mode} colours look alike to eyes with ${name} sight`, () => {
      const colours = Object.entries(NAMED);
      colours.forEach(([a, one], i) => {
        for (const [b, other] of colours.slice(i + 1)) {
          const [x, y] = [seen(one[mode], eyes), seen(other[mode], eyes)];
          const distance = Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
          assert.ok(distance >= APART, `${a} and ${b}: ${distance.toFixed(3)}`);
        }
      });
    });
  }
}

test("known categories keep their colour, unknown ones share the spare ones in turn", () => {
  assert.deepEqual(slots(["learning", "wellbeing", "creation", "travel", "music"]), [
    "learning",
    "spare-1",
    "creation",
    "spare-2",
    "spare-1",
  ]);
});

test("every colour can be replaced by the page", () => {
  for (const [name, { light, dark }] of everyColour) {
    assert.ok(paletteCss().includes(`var(--points-color-${name},light-dark(${light},${dark}))`));
  }
});
