import type { PhotoFormat } from '../../protocol/derainer.ts';

const endings: Readonly<Record<PhotoFormat, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

/** `rain.jpg` with the suffix `-derained` as PNG: `rain-derained.png`. */
export function resultName(name: string, suffix: string, format: PhotoFormat): string {
  const stem = name.replace(/\.[a-z0-9]{1,5}$/i, '') || 'photo';
  return `${stem}${cleanSuffix(suffix)}.${endings[format]}`;
}

/** The names with a number added where one comes again; two names differ in more than capitals. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    let candidate = name;
    for (let n = 2; taken.has(candidate.toLowerCase()); n++)
      candidate = `${name.slice(0, dot)} (${n})${name.slice(dot)}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

/** Without what file systems refuse. */
export function cleanSuffix(suffix: string): string {
  return suffix.replace(/[\\/:*?"<>|\p{Cc}]/gu, '').slice(0, 40);
}
