#!/usr/bin/env node
// ECMAScript 5, so that any Node can parse it and an old one can be told what to do.
// biome-ignore-all lint/style/useTemplate: templates came later
'use strict';
var wanted = 24;
var found = process.versions.node;
var advice = '; install it, or run: npm exec --package=node@24 -- scatter\n';
if (Number(found.split('.')[0]) < wanted) {
  process.stderr.write('scatter needs Node ' + wanted + ' or newer and this is ' + found + advice);
  process.exit(2);
} else {
  require('./start.cjs');
}
