/** Words in lines no wider than `width` by `measure`. A word that is wider, as the name of a file may be, is broken, after a hyphen where there is one. */
export function wrapWords(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (part: string, space: string): void => {
    const longer = line === '' ? part : line + space + part;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = part;
    } else line = longer;
  };
  for (const word of text.split(' ')) {
    if (measure(word) <= width) add(word, ' ');
    else broken(word, width, measure).forEach((part, i) => add(part, i === 0 ? ' ' : ''));
  }
  return line === '' ? lines : [...lines, line];
}

/** A word in parts that each fit: at its hyphens, and anywhere in what is still too wide. */
function broken(word: string, width: number, measure: (text: string) => number): string[] {
  return word.split(/(?<=[-_])/).flatMap((part) => (measure(part) <= width ? [part] : [...part]));
}
