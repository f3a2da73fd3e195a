#!/usr/bin/env node
// Parses on any Node, so that an old one can be told what to do.
var wanted = 24;
if (Number(process.versions.node.split('.')[0]) < wanted) {
  process.stderr.write(
    'scatter needs Node ' +
      wanted +
      ' or newer and this is ' +
      process.versions.node +
      '; install it, or run: npm exec --package=node@24 -- scatter\n',
  );
  process.exit(2);
} else {
  import('./main.js');
}
