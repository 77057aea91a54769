import type { PhotoFormat } from '../../protocol/derainer.ts';

const endings: Readonly<Record<PhotoFormat, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

/** What a file name can tell of a result. */
export interface NameFacts {
  /** Of the photo's own file. */
  readonly name: string;
  /** The model's title. */
  readonly model: string;
  readonly role: 'student' | 'teacher';
  /** Percent. */
  readonly strength: number;
  /** Place in the queue, counted from 1. */
  readonly number: number;
}

/**
 * `{name}-derained` for `rain.jpg` as PNG: `rain-derained.png`; by a teacher, `rain-derained-teacher.png`. Placeholders are the
 * facts in braces.
 */
export function resultName(pattern: string, format: PhotoFormat, facts: NameFacts): string {
  const stem = facts.name.replace(/\.[a-z0-9]{1,5}$/i, '');
  const teacher = facts.role === 'teacher' ? '-teacher' : '';
  const values: Readonly<Record<string, string>> = {
    name: stem || 'photo',
    model: `${facts.model}${teacher}`,
    strength: String(facts.strength),
    number: String(facts.number).padStart(3, '0'),
  };
  const filled = pattern.replace(/\{(name|model|strength|number)\}/g, (_, name: string) => values[name]!);
  const given = [filled, values['name']!, 'photo'].map(portable).find((name) => name !== '');
  const suffix = pattern.includes('{model}') ? '' : teacher;
  return `${given}${suffix}.${endings[format]}`;
}

/** Bytes of a name without its ending: of the 255 that disks take some are left for an ending and a number. */
const MAX_STEM_BYTES = 235;
/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(?:\.|$))/i;

/** A name without ending that Windows, macOS and Linux take, composed (NFC), as near to `text` as may be; '' where nothing is left. */
function portable(text: string): string {
  const clean = withoutForbidden(text.normalize('NFC').replace(/\p{Cs}/gu, ''))
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(DEVICE, '$1_');
  const encoder = new TextEncoder();
  let bytes = 0;
  const characters = [...clean];
  const end = characters.findIndex((character) => (bytes += encoder.encode(character).length) > MAX_STEM_BYTES);
  return end < 0 ? clean : characters.slice(0, end).join('').trimEnd();
}

/** Without what file systems refuse. */
export function withoutForbidden(text: string): string {
  return [...text.replace(/[\\/:*?"<>|\p{Cc}]/gu, '')].slice(0, 160).join('');
}

/** The names with a number added where one comes again; two names differ in more than capitals and how accents are composed. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  // The last number that each name came to: what was found taken once is not tried again.
  const reached = new Map<string, number>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const numbered = (n: number): string => (n === 1 ? name : `${name.slice(0, dot)} (${n})${name.slice(dot)}`);
    let n = reached.get(folded(name)) ?? 1;
    while (taken.has(folded(numbered(n)))) n++;
    reached.set(folded(name), n);
    taken.add(folded(numbered(n)));
    return numbered(n);
  });
}

/** Equal for names that some disk takes for one. */
function folded(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}
