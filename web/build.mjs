// Builds the one file a page loads. With --tests it bundles the unit tests instead, so that node's
// own runner can run TypeScript on every supported node version.
import { build } from "esbuild";
import { readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 30_000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = here("../src/thrive_points/static/thrive_points/points-by-category.js");

async function buildTests() {
  await rm(here("dist/tests"), { recursive: true, force: true });
  const tests = (await readdir(here("test"))).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: tests.map((name) => here(`test/${name}`)),
    outdir: here("dist/tests"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
  });
}

async function buildElement() {
  await build({
    entryPoints: [here("src/element.ts")],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox121", "safari17.5"],
    legalComments: "inline",
    logLevel: "warning",
  });
  const bytes = gzipSync(await readFile(outfile), { level: 9 }).length;
  console.log(`points-by-category.js: ${(bytes / 1000).toFixed(1)} kB gzip (limit ${LIMIT_BYTES / 1000} kB)`);
  if (bytes > LIMIT_BYTES) {
    console.error("The bundle is over its limit: take something out before you put more in.");
    process.exitCode = 1;
  }
}

await (process.argv.includes("--tests") ? buildTests() : buildElement());
