// Bundle every room's script and the map's worker into web/static/built, with names that change with the content.
//
// A room's entry is src/<room>.ts; what several rooms use goes into chunks of its own, so that the map library is loaded
// by pages with a map only. Beside each file lie .br and .gz, and manifest.json says what "map.js" is called this time.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(HERE, "..", "static", "built");
const ROOMS = [
  "shell", "thread", "transport", "firm", "driver", "checkpoint", "township", "headquarters", "supervision", "planner",
  "map", "jobs", "orders",
];
/** Fetched by map.js once it runs; pages with a map ask for it at once. */
const LIBRARY = "src/map/county_map.ts";
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
await writeFile(join(BUILT, "manifest.json"), `${JSON.stringify(manifestOf(outputs), null, 1)}\n`);
