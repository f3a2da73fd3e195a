import {
  type Declaration,
  declarationsOf,
  type GraphModule,
  homeOf,
  type ModuleGraph,
} from './graph.ts';

/** The files of a graph, by their names. */
export function renderGraph(graph: ModuleGraph): Map<string, string> {
  const files = new Map([['package.json', '{ "name": "generated" }\n']]);
  for (const module of graph.modules) files.set(module.file, renderModule(graph, module));
  const modules = graph.modules.filter(({ isCommonJs }) => !isCommonJs);
  files.set(
    'renamed.mjs',
    modules.map(({ file, declarations }) => reExport(file, declarations, renamed)).join(''),
  );
  files.set(
    'list.mjs',
    modules.map(({ file, declarations }) => reExport(file, declarations, same)).join(''),
  );
  files.set('star.mjs', modules.map(({ file }) => `export * from './${file}';\n`).join(''));
  return files;
}

function reExport(
  file: string,
  declarations: readonly Declaration[],
  nameOf: (name: string) => string,
): string {
  const names = declarations.map(({ name }) => `${name} as ${nameOf(name)}`);
  return `export { ${names.join(', ')} } from './${file}';\n`;
}

function renamed(name: string): string {
  return `${name}_out`;
}

function same(name: string): string {
  return name;
}

function renderModule(graph: ModuleGraph, module: GraphModule): string {
  const { layout, declarations, isCommonJs, defaultExport } = module;
  const parts = [
    ...importsOf(graph, module),
    `const ${layout.unusedName} = () => 'nobody calls this';`,
    ...declarations.map((one) => renderDeclaration(graph, module, one)),
    ...declarations.map(({ name }) =>
      isCommonJs ? `exports.${name} = ${name};` : `export { ${name} };`,
    ),
    ...(defaultExport === undefined ? [] : [`export { ${defaultExport} as default };`]),
  ];
  const between = `\n${layout.comment === '' ? '' : `// ${layout.comment}\n`}${'\n'.repeat(layout.blankLines)}`;
  return `${parts.join(between)}\n`;
}

function importsOf(graph: ModuleGraph, module: GraphModule): string[] {
  const used = new Set(module.declarations.flatMap(({ uses, parent }) => [...uses, parent ?? '']));
  const foreign = [...used].filter((name) => module.ways.has(name)).sort();
  return [...new Set(foreign.map((name) => importOf(graph, module, name)))];
}

function importOf(graph: ModuleGraph, module: GraphModule, name: string): string {
  const { file } = homeOf(graph, name);
  const alias = expressionOf(graph, module, name);
  if (module.isCommonJs) {
    return alias === name
      ? `const { ${name} } = require('./${file}');`
      : `const ${alias} = require('./${file}').${name};`;
  }
  switch (module.ways.get(name)) {
    case 'namespace':
      return `import * as ${namespaceOf(file)} from './${file}';`;
    case 'star':
      return `import * as star from './star.mjs';`;
    case 'renamed':
      return `import { ${name}_out as ${alias} } from './renamed.mjs';`;
    case 'list':
      return `import { ${name} } from './list.mjs';`;
    case 'aliased':
      return isDefault(graph, name)
        ? `import ${alias} from './${file}';`
        : `import { ${name} as ${alias} } from './${file}';`;
    default:
      return `import { ${name} } from './${file}';`;
  }
}

function isDefault(graph: ModuleGraph, name: string): boolean {
  return homeOf(graph, name).defaultExport === name;
}

/** What a declaration is called in the code of a module. */
function expressionOf(graph: ModuleGraph, module: GraphModule, name: string): string {
  switch (module.ways.get(name)) {
    case 'namespace':
      return `${namespaceOf(homeOf(graph, name).file)}.${name}`;
    case 'star':
      return `star.${name}`;
    case 'renamed':
    case 'aliased':
      return `${name}_here`;
    default:
      return name;
  }
}

function namespaceOf(file: string): string {
  return file.replace(/\..*$/, '_all');
}

function renderDeclaration(graph: ModuleGraph, module: GraphModule, one: Declaration): string {
  const { name, kind, value, parent } = one;
  const gap = module.layout.isLoose ? '\n      ' : ' ';
  const all = new Map(declarationsOf(graph).map((each) => [each.name, each]));
  const terms = one.uses.map((used) => termOf(all.get(used), expressionOf(graph, module, used)));
  const sum = (own: string, more: readonly string[] = []): string =>
    `d <= 0 ?${gap}${own} :${gap}(${[own, ...more, ...terms].join(' + ')}) % 9973`;
  switch (kind) {
    case 'number':
      return `const ${name} = ${[value, ...one.uses].join(' + ')};`;
    case 'function':
      return `function ${name}(d) {${gap}return ${sum(`${value}`)};${gap}}`;
    case 'arrow':
      return `const ${name} = (d) =>${gap}${sum(`${value}`)};`;
    case 'object':
      return `const ${name} = { n: ${value}, run(d) {${gap}return ${sum('this.n')}; } };`;
    case 'class': {
      const base = parent === undefined ? '' : ` extends ${expressionOf(graph, module, parent)}`;
      const inherited = parent === undefined ? [] : ['super.sum(d - 1)'];
      return `class ${name}${base} {${gap}own = ${value};${gap}sum(d) { return ${sum('this.own', inherited)}; }${gap}}`;
    }
  }
}

function termOf(used: Declaration | undefined, expression: string): string {
  switch (used?.kind) {
    case 'number':
      return expression;
    case 'object':
      return `${expression}.n + ${expression}.run(d - 1)`;
    case 'class':
      return `new ${expression}().sum(d - 1)`;
    default:
      return `${expression}(d - 1)`;
  }
}
