import { describe, expect, it } from 'vitest';
import { moduleSyntax } from './imports.ts';

const imports = (source: string, path = 'a.ts') =>
  moduleSyntax(path, source).imports.map(({ from, kind, line }) => `${line} ${kind} ${from}`);

describe('imports', () => {
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
      "let h: import('./h.ts').H<typeof import('./i.ts')>;",
      "import { type J } from './j.ts';",
      "import text from './k.ts?raw';",
    ];
    expect(imports(source.join('\n'))).toEqual([
      '1 value ./a.ts',
      '2 type ./c.ts',
      '3 value @tensorflow/tfjs',
      '4 value react',
      '5 value ./d.ts',
      '6 type ./e.ts',
      '7 value ./f.ts',
      '8 value ./g.css',
      '9 type ./h.ts',
      '9 type ./i.ts',
      '10 value ./j.ts',
      '11 type ./k.ts?raw',
    ]);
  });

  it('reads imports over several lines, dynamic ones and worker addresses', () => {
    const source =
      "import {\n  a,\n  b,\n} from './ab.ts';\nconst v = await import('./v.ts');\nnew Worker(new URL(\n'./w.worker.ts', import.meta.url), {});" +
      "\nnew URL('./page.html', location.href);\nconst lazy = () => import(`./t.ts`);\nimport(unknown);";
    expect(imports(source)).toEqual(['1 value ./ab.ts', '5 value ./v.ts', '6 worker ./w.worker.ts', '9 value ./t.ts']);
  });

  it('is not taken in by comments, strings or regular expressions', () => {
    const source = [
      "// import { a } from './a.ts';",
      "/* import './b.ts';",
      " */ const url = 'https://x'; import { c } from './c.ts';",
      "const text = \"import x from './d.ts'\", pattern = /'/; // '",
      "const code = `${`import('./e.ts')`}`;",
    ];
    expect(imports(source.join('\n'))).toEqual(['3 value ./c.ts']);
  });

  it('reads JSX in .tsx and type arguments in .ts', () => {
    expect(imports("const a = <p>import('./no.ts')</p>; import('./yes.ts');", 'a.tsx')).toEqual(['1 value ./yes.ts']);
    expect(imports("const a = <T,>(x: T): T => x; import('./yes.ts');")).toEqual(['1 value ./yes.ts']);
  });

  it('refuses a source that does not parse', () => {
    expect(() => moduleSyntax('broken.ts', 'import { from')).toThrow('broken.ts');
  });
});

describe('exports', () => {
  it.each(['export default 1;', 'export { a as default };', "export { default } from './a.ts';"])(
    '%s is a default export',
    (source) => expect(moduleSyntax('a.ts', `const a = 1;\n${source}`).exportsDefault).toBe(true),
  );

  it.each(['export const a = "export default";', 'export { a };', '// export default 1'])('%s is none', (source) =>
    expect(moduleSyntax('a.ts', source.includes('{') ? `const a = 1;\n${source}` : source).exportsDefault).toBe(false),
  );

  it.each([
    ["export * from './a.ts';\nexport const b = 1;", true],
    ["export { a } from './a.ts';", true],
    ["import { a } from './a.ts';\nexport { a };", true],
    ["export { a } from './a.ts';\nexport const b = 1;", false],
    ["import './a.css';", false],
    ['', false],
  ])('%j is a barrel: %s', (source, expected) => expect(moduleSyntax('a.ts', source).isBarrel).toBe(expected));
});

describe('code', () => {
  it('has its comments blanked and its lines kept', () => {
    expect(moduleSyntax('a.ts', "a; // b\n/* c\n d */ e('// f');").code).toBe("a;     \n    \n      e('// f');");
  });
});
