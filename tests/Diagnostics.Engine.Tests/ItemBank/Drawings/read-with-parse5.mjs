// Reads a file with a JSON list of HTML pages and prints parse5's trees of them in the form that BrowserTree.cs reads.
import { readFileSync } from 'node:fs';
import { parse } from './parse5.mjs';

const tree = (node) => ({
  space: node.namespaceURI,
  name: node.tagName,
  attributes: Object.fromEntries(node.attrs.map((attribute) => [attribute.name, attribute.value])),
  children: node.childNodes.filter((child) => child.tagName).map(tree),
});

const pages = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(pages.map((page) => tree(parse(page).childNodes.find((child) => child.tagName === 'html')))));
