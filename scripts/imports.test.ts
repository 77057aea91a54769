import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';

const summary = (source: string) => importsOf(source).map(({ from, kind, line }) => `${line} ${kind} ${from}`);

describe('importsOf', () => {
  it('tells values from types', () => {
    const source = [
      "import { a, type B } from './a.ts';",
      "import type { C } from './c.ts';",
      "import * as tf from '@tensorflow/tfjs';",
      "import React, { useState } from 'react';",
      "export { d } from './d.ts';",
      "export type { E } from './e.ts';",
      "export * from './f.ts';",
      "import './g.css';",
    ];
    expect(summary(source.join('\n'))).toEqual([
      '1 value ./a.ts',
      '2 type ./c.ts',
      '3 value @tensorflow/tfjs',
      '4 value react',
      '5 value ./d.ts',
      '6 type ./e.ts',
      '7 value ./f.ts',
      '8 value ./g.css',
    ]);
  });

  it('reads imports over several lines, dynamic ones and worker addresses', () => {
    const source =
      "import {\n  a,\n  b,\n} from './ab.ts';\nconst v = await import('./v.ts');\nnew Worker(new URL('./w.worker.ts', import.meta.url));";
    expect(summary(source)).toEqual(['1 value ./ab.ts', '5 value ./v.ts', '6 worker ./w.worker.ts']);
  });

  it('is not taken in by comments or by addresses in strings', () => {
    const source =
      "// import { a } from './a.ts';\n/* import './b.ts';\n */ const url = 'https://x'; import { c } from './c.ts';";
    expect(summary(source)).toEqual(['3 value ./c.ts']);
  });

  it('does not run from one export into the next import', () => {
    expect(
      summary("export const x = 1;\nimport { y } from './y.ts';\nexport function from() {}\nimport z from 'z';"),
    ).toEqual(['2 value ./y.ts', '4 value z']);
  });
});
