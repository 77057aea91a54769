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
  const suffix = pattern.includes('{model}') ? '' : teacher;
  return `${withoutForbidden(filled).trim() || values['name']}${suffix}.${endings[format]}`;
}

/** Without what file systems refuse. */
export function withoutForbidden(text: string): string {
  return text.replace(/[\\/:*?"<>|\p{Cc}]/gu, '').slice(0, 160);
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
