// Whether built style sheets are old enough for the browsers that get them: node css-age.mjs <folder>
// What Chromium could do when stands in MDN's browser-compat-data; one line for each thing found, none is good.
import { createRequire } from "node:module";
import { readdir, readFile } from "node:fs/promises";
import { parse, walk } from "css-tree";

const { css } = createRequire(import.meta.url)("@mdn/browser-compat-data");
const PHONES = 86;
const MAPS = 94;
const AGES = { "grids.css": MAPS, "maplibre.css": MAPS };
// Only kinder where it is known; a page loses nothing without it.
const KIND = new Set([
  ...["text-autospace", "text-wrap", "text-underline-offset", "text-decoration-thickness", "text-size-adjust"],
  ...["print-color-adjust", "paint-order", "outline", "touch-callout"],
]);
const DYNAMIC = /^[dsl]v([hwib]|min|max)$/;
const CONTAINER = /^cq([hwib]|min|max)$/;

/** The first Chromium with a feature of the data; 0 where the data do not know it. */
function since(feature, prefix = "") {
  const told = [feature?.__compat?.support.chrome ?? []].flat();
  const kept = told.filter((each) => (each.prefix ?? "") === prefix && !each.flags && !each.version_removed && !each.alternative_name);
  if (!told.length) return 0;
  return Math.min(...kept.map((each) => (each.version_added ? Number.parseInt(each.version_added.replace("≤", ""), 10) : Infinity)), Infinity);
}

function ofProperty(name) {
  const [, prefix = "", bare] = /^(-webkit-)?(.*)$/.exec(name);
  return css.properties[name] ? since(css.properties[name]) : since(css.properties[bare], prefix);
}

function ofUnit(unit) {
  if (DYNAMIC.test(unit)) return since(css.types.length.viewport_percentage_units_dynamic);
  if (CONTAINER.test(unit)) return since(css.types.length.container_query_length_units);
  return since(css.types.length[unit]);
}

function ofFunction(name, property) {
  const homes = [css.properties[property], css.types, ...Object.values(css.types)];
  return since(homes.map((each) => each?.[name]).find((each) => each?.__compat));
}

/** What a declaration needs: pairs of a word and the first Chromium that knows it. */
function* needs({ property, value }) {
  if (!property.startsWith("--")) yield [property, KIND.has(property.replace("-webkit-", "")) ? 0 : ofProperty(property)];
  const found = [];
  walk(value, (node) => {
    if (node.type === "Dimension") found.push([node.unit, ofUnit(node.unit)]);
    if (node.type === "Function") found.push([`${node.name}()`, ofFunction(node.name, property)]);
    if (node.type === "Identifier" && !KIND.has(property)) found.push([`${property}: ${node.name}`, since(css.properties[property]?.[node.name])]);
  });
  yield* found;
}

/** Declarations that are too new and stand alone: no older one of the same property in the same block. */
function* inBlock(block, oldest) {
  const all = block.children.toArray().filter((node) => node.type === "Declaration");
  const judged = all.map((each) => ({ property: each.property, new: [...needs(each)].filter(([, from]) => from > oldest) }));
  for (const each of judged) {
    const older = judged.some((other) => other.property === each.property && !other.new.length);
    if (each.new.length && !older) yield* each.new.map(([word]) => word);
  }
}

/** Selectors an old browser does not know. A rule of which each selector is new is meant for new browsers only. */
function* inPrelude(prelude, oldest) {
  if (prelude.type !== "SelectorList") return;
  const lists = prelude.children.toArray().map((selector) => {
    const found = [];
    walk(selector, (node) => {
      if (/^Pseudo(Class|Element)Selector$/.test(node.type)) found.push([`:${node.name}`, since(css.selectors[node.name])]);
    });
    return found.filter(([, from]) => from > oldest).map(([word]) => word);
  });
  if (lists.some((words) => !words.length)) yield* lists.flat();
}

function* faults(text, oldest) {
  const found = [];
  walk(parse(text, { parseCustomProperty: true }), {
    enter(node) {
      if (node.type === "Atrule" && node.name === "supports") return this.skip;
      if (node.type === "Atrule" && since(css["at-rules"][node.name]) > oldest) found.push(`@${node.name}`);
      if (node.type === "FeatureRange" && since(css["at-rules"].media.range_syntax) > oldest) found.push("(a < b)");
      if (node.type === "Rule" && this.rule && since(css.selectors.nesting) > oldest) found.push("&");
      if (node.type === "Raw" && this.rule && !this.declaration) found.push(node.value.trim());
      if (node.type === "Block") found.push(...inBlock(node, oldest));
      if (node.type === "Rule") found.push(...inPrelude(node.prelude, oldest));
    },
  });
  yield* new Set(found);
}

const folder = process.argv[2];
for (const name of (await readdir(folder)).filter((each) => each.endsWith(".css")).sort())
  for (const fault of faults(await readFile(`${folder}/${name}`, "utf8"), AGES[name] ?? PHONES)) console.log(`${name}: ${fault}`);
