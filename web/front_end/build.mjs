// Bundle every room's script and the map's worker into web/static/built, with names that change with the content.
//
// A room's entry is src/<room>.ts; what several rooms use goes into chunks of its own, so that the map library is loaded
// by pages with a map only. Beside each file lie .br and .gz, and manifest.json says what "map.js" is called this time.
// The checkpoint's service worker is made last, as it is told the names of everything that it keeps.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(HERE, "..", "static", "built");
const ROOMS = [
  "shell", "thread", "transport", "firm", "driver", "checkpoint", "township", "headquarters", "supervision", "planner",
  "map", "jobs", "orders", "trips", "certificates", "verifier",
];
/** Fetched by map.js once it runs; pages with a map ask for it at once. */
const LIBRARY = "src/map/county_map.ts";
/** Whose scripts, and what else of web/static, the checkpoint's page needs without a network. */
const KEPT_ENTRIES = ["src/checkpoint.ts", "src/shell.ts"];
const KEPT_STATIC = ["shell.css", "checkpoint.css", "sign.svg"];
const COMPRESSED = new Set([".js", ".css", ".wasm", ".json"]);
const SMALLEST_BYTES = 512;

async function entries() {
  const found = new Set((await readdir(join(HERE, "src"))).map((name) => name.replace(/\.ts$/, "")));
  const rooms = ROOMS.filter((room) => found.has(room)).map((room) => ({ in: `src/${room}.ts`, out: room }));
  return [
    ...rooms,
    { in: "maplibre-gl/dist/maplibre-gl-worker.mjs", out: "map-worker" },
    { in: "maplibre-gl/dist/maplibre-gl.css", out: "maplibre" },
  ];
}

async function bundle() {
  await rm(BUILT, { recursive: true, force: true });
  const done = await build({
    absWorkingDir: HERE,
    entryPoints: await entries(),
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    outdir: BUILT,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: ["es2020"],
    charset: "utf8",
    legalComments: "linked",
    loader: { ".wasm": "file" },
    metafile: true,
    logLevel: "warning",
  });
  return done.metafile.outputs;
}

/** Return the names of everything that some entries lead to. */
function reachedFrom(outputs) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, external } of outputs[path].imports) if (!external && outputs[next]) visit(next);
  };
  for (const [path, output] of Object.entries(outputs)) if (KEPT_ENTRIES.includes(output.entryPoint)) visit(path);
  for (const path of Object.keys(outputs)) if (extname(path) === ".wasm") found.add(path);
  return [...found].map((path) => basename(path)).sort();
}

async function buildWorker(outputs) {
  const built = reachedFrom(outputs);
  const hash = createHash("sha256").update(built.join());
  for (const name of KEPT_STATIC) hash.update(await readFile(join(BUILT, "..", name)));
  hash.update(await readFile(join(HERE, "src", "worker.ts")));
  const kept = [...built.map((name) => `built/${name}`), ...KEPT_STATIC];
  await build({
    absWorkingDir: HERE,
    entryPoints: [{ in: "src/worker.ts", out: "checkpoint-worker" }],
    outdir: BUILT,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020"],
    define: { KEPT_FILES: JSON.stringify(kept), VERSION: JSON.stringify(hash.digest("hex").slice(0, 16)) },
    logLevel: "warning",
  });
}

async function buildTripWorker() {
  await build({
    absWorkingDir: HERE,
    entryPoints: [{ in: "src/trip_worker.ts", out: "trip-worker" }],
    outdir: BUILT,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020"],
    logLevel: "warning",
  });
}

function manifestOf(outputs) {
  const names = {};
  for (const [path, output] of Object.entries(outputs)) {
    const name = basename(path);
    const [stem] = name.split(/-[A-Z0-9]{8}\./);
    if (output.entryPoint === LIBRARY) names["map-library.js"] = name;
    if (extname(name) === ".wasm" || (output.entryPoint !== undefined && stem !== "chunk")) names[`${stem}${extname(name)}`] = name;
  }
  return Object.fromEntries(Object.entries(names).sort());
}

async function compress(name) {
  const content = await readFile(join(BUILT, name));
  if (!COMPRESSED.has(extname(name)) || content.length < SMALLEST_BYTES) return;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(join(BUILT, `${name}.br`), await promisify(brotliCompress)(content, quality));
  await writeFile(join(BUILT, `${name}.gz`), await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
}

const outputs = await bundle();
await Promise.all(Object.keys(outputs).map((path) => compress(basename(path))));
await buildWorker(outputs);
await buildTripWorker();
await writeFile(join(BUILT, "manifest.json"), `${JSON.stringify(manifestOf(outputs), null, 1)}\n`);
