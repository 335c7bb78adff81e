import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { NAMED, SPARE } from "../src/palette.ts";
import { BUCKETS, CHARTS, WINDOWS } from "../src/types.ts";

// npm runs the tests in web/, wherever their bundles lie.
const guide = readFileSync("../docs/how-to/embed-the-chart.md", "utf8");
const sources = readdirSync("src").map((name) => readFileSync(`src/${name}`, "utf8"));
const source = sources.join("\n");

const section = (title: string): string => guide.split(`## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
const all = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, found]) => found ?? ""))].sort();

/** The attributes that the class declares, and the one that only its styles know. */
function declared(): string[] {
  const properties = [...source.matchAll(/@property\((.*?)\) (\w+)/g)]
    .filter(([, options]) => !options?.includes("attribute: false"))
    .map(([, options, name]) => /attribute: "(.+?)"/.exec(options ?? "")?.[1] ?? name ?? "");
  return [...properties, ...all(source, /:host\(\[(\w+)\]\) \./g)].sort();
}

test("the guide's table names every attribute and no other", () => {
  assert.deepEqual(all(section("Attributes"), /^\| `([\w-]+)` \|/gm), declared());
});

test("React's types name every attribute and no other", () => {
  assert.deepEqual(all(section("In a React page"), /^ {8}"?([\w-]+)"?\??: /gm), declared());
});

test("the guide names every value that an attribute takes", () => {
  for (const value of [...WINDOWS, ...BUCKETS, ...CHARTS]) {
    assert.ok(section("Attributes").includes(`\`${value}\``), value);
  }
});

test("the guide names every event", () => {
  const events = all(source, /"(points-(?:load|error|window))"/g);
  assert.equal(events.length, 3);
  assert.deepEqual(all(section("Properties, methods and events"), /^\| `(points-\w+)` \|/gm), events);
});

test("the guide names every custom property", () => {
  const looks = section("Looks");
  const used = all(source, /var\((--points-[a-z-]+[a-z])[,)]/g);
  assert.ok(used.length >= 12);
  for (const name of used) assert.ok(looks.includes(`\`${name}\``), name);
  for (const name of all(looks, /`(--points-[a-z-]+)`/g)) {
    assert.ok(used.includes(name) || name.startsWith("--points-color-"), name);
  }
  for (const name of Object.keys(NAMED)) assert.ok(looks.includes(`-${name}\``), name);
  SPARE.forEach((_, i) => assert.ok(looks.includes(`--points-color-spare-${i + 1}`)));
});

test("the guide names every part", () => {
  const sentence = /`::part\(\)` reaches (.+)\./.exec(guide)?.[1] ?? "";
  assert.deepEqual(all(sentence, /`(\w+)`/g), all(source, / part="(\w+)"/g));
});
