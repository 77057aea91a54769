/** The documents name files, symbols and commands; each must exist, or a stranger is led astray. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './prepare.mjs';

const FOLDERS = ['docs', 'src', 'cli', 'workers', 'e2e', 'scripts', 'tools', 'public'];
const documents = [
  ...readdirSync(ROOT),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

const LINK = /\[[^\]]*\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)/g;
/** A source that is linked and the words in backticks behind it, up to the next link, cell or sentence. */
const SOURCE_AND_SYMBOLS = /\]\(([^)#\s]+\.tsx?)\)\*{0,2}((?:,? `\w+`)+)/g;

/** What is not British spelling with -ize, as the documents and the page have it. */
const OTHER_SPELLING =
  /\b(?:colors?|behaviors?|neighbors?|gray|labeled|canceled|(?:recogn|normal|optim|general|minim|maxim|custom|random|serial|regular|organ|initial|visual|special)is(?:e[drs]?|ing|ation))\b/gi;

const commands = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;

describe.each(documents)('$path', ({ path, text }) => {
  const at = (link: string): string => join(ROOT, dirname(path), link);

  it('links to what exists', () => {
    const broken = [...text.matchAll(LINK)].map(([, link]) => link!).filter((link) => !existsSync(at(link)));
    expect(broken.map((link) => `${path} links to ${link}, which is gone: link to where it is now.`)).toEqual([]);
  });

  it('names symbols that the file beside them exports', () => {
    const missing = [...text.matchAll(SOURCE_AND_SYMBOLS)].flatMap(([, link, symbols]) => {
      if (!existsSync(at(link!)) || statSync(at(link!)).isDirectory()) return [];
      const source = readFileSync(at(link!), 'utf8');
      return [...symbols!.matchAll(/`(\w+)`/g)]
        .filter(([, symbol]) => !exportsOf(source).has(symbol!))
        .map(([, symbol]) => `${path}: ${relative(ROOT, at(link!))} exports no ${symbol}: write its name of today.`);
    });
    expect(missing).toEqual([]);
  });

  it('shows changes to files that are there, beside lines that they hold', () => {
    const stale = [...text.matchAll(/```diff\n([^]*?)```/g)].flatMap(([, diff]) => staleLines(diff!));
    expect(stale.map((line) => `${path} shows ${line}: show it as it is today.`)).toEqual([]);
  });

  it('is in British spelling with -ize', () => {
    const prose = text.replaceAll(/```[^]*?```|`[^`\n]*`|\]\([^)]*\)/g, '');
    expect(prose.match(OTHER_SPELLING) ?? []).toEqual([]);
  });

  it('names commands that package.json has', () => {
    const named = [...text.matchAll(/`?npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in commands))).toEqual([]);
  });
});

it('has the table from equation to code, every row with a symbol', () => {
  const { text } = documents.find(({ path }) => path === 'README.md')!;
  const table = text.slice(text.indexOf('| equation | code |')).split('\n\n')[0]!.split('\n').slice(2);
  expect(table.length).toBeGreaterThanOrEqual(9);
  for (const row of table) expect([...row.matchAll(SOURCE_AND_SYMBOLS)].length, row).toBeGreaterThan(0);
});

/** What a diff names that is gone: files that it does not call new, and lines of theirs that it leaves or takes out. */
function staleLines(diff: string): string[] {
  let source: string | null = null;
  return diff.split('\n').flatMap((line) => {
    const file = /^\+\+\+ (\S+)(.*)/.exec(line);
    if (file) {
      const isNew = /^\s*\/\/ new\b/.test(file[2]!);
      source = !isNew && existsSync(join(ROOT, file[1]!)) ? readFileSync(join(ROOT, file[1]!), 'utf8') : null;
      return isNew || source !== null ? [] : [file[1]!];
    }
    const isHeld = source === null || !/^[ -]\s*\S/.test(line) || source.includes(line.slice(1).trim());
    return isHeld ? [] : [line];
  });
}

function exportsOf(source: string): Set<string> {
  const declared = source.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm);
  return new Set([...declared].map(([, name]) => name!));
}
