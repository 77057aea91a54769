import { parseSync, Visitor, type ESTree } from 'vite';

/** One import as it stands in a source. */
export interface Import {
  /** As written: './pixels.ts', 'comlink', '../workers/trainer.worker.ts'. */
  readonly from: string;
  /** From 1. */
  readonly line: number;
  /** 'type' vanishes when compiled, or is the text of a file (`?raw`); 'worker' is `new URL(…, import.meta.url)`, which loads but shares no code. */
  readonly kind: 'value' | 'type' | 'worker';
}

export interface ModuleSyntax {
  /** In the order of their lines: static, dynamic, re-exports, types in `import('…')` and worker addresses. */
  readonly imports: readonly Import[];
  readonly exportsDefault: boolean;
  /** Hands on what other files export: by `export *`, or by exporting nothing of its own. */
  readonly isBarrel: boolean;
  /** The source with its comments blanked, line by line as long as before. */
  readonly code: string;
}

/** What a source imports and exports, by Vite's own parser. `path` tells TypeScript from TSX. Throws Error on a syntax error. */
export function moduleSyntax(path: string, source: string): ModuleSyntax {
  const { program, comments, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  return {
    imports: importsOf(program, source),
    exportsDefault: program.body.some(exportsDefault),
    isBarrel: program.body.some(({ type }) => type === 'ExportAllDeclaration') || onlyReExports(program),
    code: comments.reduce((code, { start, end }) => blank(code, start, end), source),
  };
}

function importsOf(program: ESTree.Program, source: string): Import[] {
  const found: Import[] = [];
  const add = (kind: Import['kind'], from: string, at: number): void => {
    found.push({ from, kind: from.endsWith('?raw') ? 'type' : kind, line: source.slice(0, at).split('\n').length });
  };
  const kindOf = (kind: string | undefined): Import['kind'] => (kind === 'type' ? 'type' : 'value');
  new Visitor({
    ImportDeclaration: ({ importKind, source: { value }, start }) => add(kindOf(importKind), value, start),
    ExportNamedDeclaration: ({ exportKind, source: from, start }) => from && add(kindOf(exportKind), from.value, start),
    ExportAllDeclaration: ({ exportKind, source: { value }, start }) => add(kindOf(exportKind), value, start),
    TSImportType: ({ source: { value }, start }) => add('type', value, start),
    ImportExpression: ({ source: from, start }) => {
      const text = textOf(from);
      if (text !== null) add('value', text, start);
    },
    NewExpression: ({ callee, arguments: [address, base], start }) => {
      const text = address ? textOf(address) : null;
      const isUrl = callee.type === 'Identifier' && callee.name === 'URL';
      if (isUrl && text !== null && base && source.slice(base.start, base.end) === 'import.meta.url')
        add('worker', text, start);
    },
  }).visit(program);
  return found.sort((a, b) => a.line - b.line);
}

/** The text of a string or of a template without gaps; null for what is known only at run time. */
function textOf(node: ESTree.Node): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.quasis.length === 1) return node.quasis[0]!.value.cooked;
  return null;
}

function exportsDefault(statement: ESTree.Program['body'][number]): boolean {
  if (statement.type === 'ExportDefaultDeclaration') return true;
  return (
    statement.type === 'ExportNamedDeclaration' &&
    statement.specifiers.some(
      ({ exported }) => (exported.type === 'Literal' ? exported.value : exported.name) === 'default',
    )
  );
}

function onlyReExports({ body }: ESTree.Program): boolean {
  const exports = body.filter(({ type }) => type !== 'ImportDeclaration');
  return (
    exports.length > 0 &&
    exports.every((statement) => statement.type === 'ExportNamedDeclaration' && !statement.declaration)
  );
}

function blank(code: string, start: number, end: number): string {
  return code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + code.slice(end);
}
