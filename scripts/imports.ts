/** One import as it stands in a source. */
export interface Import {
  /** As written: './pixels.ts', 'comlink', '../workers/trainer.worker.ts'. */
  readonly from: string;
  /** From 1. */
  readonly line: number;
  /** 'type' vanishes when compiled; 'worker' is `new URL(…, import.meta.url)`, which loads but shares no code. */
  readonly kind: 'value' | 'type' | 'worker';
}

const PATTERNS: readonly { readonly pattern: RegExp; readonly worker?: true }[] = [
  {
    pattern:
      /\b(?:import|export)\s+(?<type>type\s+(?!from\b))?(?:[\w$*{}\s,]+?\s+from\s+|[{*][\w$*{}\s,]*?\bfrom\s*)(?<quote>['"])(?<from>[^'"\n]+)\k<quote>/g,
  },
  { pattern: /\bimport\s*(?<quote>['"])(?<from>[^'"\n]+)\k<quote>/g },
  { pattern: /\bimport\s*\(\s*(?<quote>['"])(?<from>[^'"\n]+)\k<quote>/g },
  { pattern: /\bnew\s+URL\(\s*(?<quote>['"])(?<from>[^'"\n]+)\k<quote>\s*,\s*import\.meta\.url/g, worker: true },
];

/** All imports of a TypeScript source, in the order of their lines: static, dynamic, re-exports and worker URLs. */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  const found: Import[] = [];
  for (const { pattern, worker } of PATTERNS) {
    for (const match of code.matchAll(pattern)) {
      const { type, from } = match.groups as { type?: string; from: string };
      found.push({
        from,
        line: code.slice(0, match.index).split('\n').length,
        kind: worker ? 'worker' : type ? 'type' : 'value',
      });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

const STRING_OR_COMMENT = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The source with its comments blanked, line by line as long as before. */
export function withoutComments(source: string): string {
  return source.replace(
    STRING_OR_COMMENT,
    (text, literal: string | undefined) => literal ?? text.replace(/[^\n]/g, ' '),
  );
}
