// Everything the browser gets, built into the package: node build.mjs <folder>
import { copyFile, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const out = process.argv[2] ?? "../silin/lib/static/silin";
const PHONES = ["chrome86"]; // and the view inside WeChat
const MAPS = ["chrome94"];
const common = { bundle: true, minify: true, legalComments: "none", charset: "utf8", logLevel: "warning" };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  build({ ...common, entryPoints: ["css/silin.css"], outfile: `${out}/silin.css`, target: PHONES }),
  build({ ...common, entryPoints: ["css/desk.css"], outfile: `${out}/desk.css`, target: PHONES }),
  build({ ...common, entryPoints: ["css/wall.css"], outfile: `${out}/wall.css`, target: PHONES }),
  build({ ...common, entryPoints: ["css/grids.css"], outfile: `${out}/grids.css`, target: PHONES }),
  build({ ...common, entryPoints: ["src/pages.ts"], outfile: `${out}/pages.js`, format: "iife", target: PHONES }),
  build({ ...common, entryPoints: ["src/desk.ts"], outfile: `${out}/desk.js`, format: "iife", target: MAPS }),
  build({ ...common, entryPoints: ["src/map.ts"], outfile: `${out}/map.js`, format: "iife", target: MAPS }),
  build({ ...common, entryPoints: ["src/grids.ts"], outfile: `${out}/grids.js`, format: "iife", target: MAPS }),
  build({ ...common, entryPoints: ["src/tiles.ts"], outfile: `${out}/tiles.js`, format: "esm", target: MAPS, legalComments: "inline" }),
  build({ ...common, entryPoints: ["maplibre-gl"], outfile: `${out}/maplibre.js`, format: "esm", target: MAPS, legalComments: "inline" }),
  build({ ...common, entryPoints: ["maplibre-gl/dist/maplibre-gl-worker.mjs"], outfile: `${out}/maplibre-worker.js`, format: "esm", target: MAPS, legalComments: "inline" }),
  build({ ...common, entryPoints: ["maplibre-gl/dist/maplibre-gl.css"], outfile: `${out}/maplibre.css`, target: MAPS }),
  copyFile("icons.svg", `${out}/icons.svg`),
  copyFile("silin.svg", `${out}/silin.svg`),
  copyFile("icon-192.png", `${out}/icon-192.png`),
  copyFile("icon-512.png", `${out}/icon-512.png`),
]);
