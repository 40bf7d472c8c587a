// Whether built scripts are old enough for the browsers that get them: node age.mjs <folder>
// Every script is read by a parser that knows no newer syntax; one line for each thing found, none is good.
import { readdir, readFile } from "node:fs/promises";
import { parse } from "acorn";

// What came into Chromium after version 86, and after version 94. Logical assignment (2021) is in 86 already.
const AFTER_94 = ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "structuredClone", "fromAsync", "groupBy", "withResolvers"];
const AFTER_86 = [...AFTER_94, "at", "hasOwn"];
const PHONES = { ecmaVersion: 2021, names: AFTER_86 }; // Chromium 86
const MAPS = { ecmaVersion: 2022, names: AFTER_94 }; // Chromium 94
const AGES = { "pages.js": PHONES };

function* calls(node) {
  if (Array.isArray(node)) for (const each of node) yield* calls(each);
  else if (node && typeof node.type === "string") {
    if (node.type === "CallExpression") yield node;
    for (const key of Object.keys(node)) yield* calls(node[key]);
  }
}

function named({ callee }) {
  if (callee.type === "Identifier") return callee.name;
  return callee.type === "MemberExpression" && !callee.computed ? callee.property.name : "";
}

function faults(text, { ecmaVersion, names }) {
  try {
    const tree = parse(text, { ecmaVersion, sourceType: "module" });
    return [...new Set([...calls(tree)].map(named).filter((name) => names.includes(name)))].map((name) => `${name}()`);
  } catch (error) {
    return [error.message];
  }
}

const folder = process.argv[2];
for (const name of (await readdir(folder)).filter((each) => each.endsWith(".js")).sort())
  for (const fault of faults(await readFile(`${folder}/${name}`, "utf8"), AGES[name] ?? MAPS)) console.log(`${name}: ${fault}`);
