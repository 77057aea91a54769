/** An exported function of a source file with its docstring; null when the file has none of that name. */
export function functionSource(file: string, name: string): string | null {
  const start = file.search(new RegExp(`^export function ${name}\\b`, 'm'));
  if (start < 0) return null;
  const end = file.indexOf('\n}', start);
  const before = file.slice(0, start);
  const docstring = /\/\*\*(?:(?!\*\/)[^])*\*\/\n$/.exec(before)?.[0] ?? '';
  return docstring + file.slice(start, end < 0 ? undefined : end + 2);
}
