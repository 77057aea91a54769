/** Letters that variants are named with, as a folder spells them. */
const spelled: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  ε: 'epsilon',
  λ: 'lambda',
  σ: 'sigma',
  φ: 'phi',
  '°': 'deg',
  '×': 'x',
  '−': '-',
};

/**
 * A folder for each variant, distinct, in letters that every shell takes: 'λ 0.4' → 'lambda-0.4', 'without (5)' → 'without-5'; settings
 * as they are: 'lambda=0'. One that `exists` under the name that earlier versions gave it keeps that.
 */
export function variantFolders(
  variants: readonly string[],
  exists: (folder: string) => boolean,
): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  for (const variant of variants) {
    const earlier = variant.replaceAll(/[^\w.=+-]/g, '_');
    const isEarlier = !taken.has(earlier) && exists(earlier);
    const folder = isEarlier ? earlier : distinct(folderName(variant), taken);
    folders.set(variant, folder);
    taken.add(folder);
  }
  return folders;
}

function folderName(variant: string): string {
  const ascii = [...variant].map((letter) => spelled[letter] ?? letter).join('');
  const name = ascii
    .replaceAll(/ *= +/g, '-')
    .replaceAll(/[^\w.=+-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .replaceAll(/^[-.]+|-+$/g, '');
  return name || 'variant';
}

function distinct(name: string, taken: ReadonlySet<string>): string {
  let folder = name;
  for (let i = 2; taken.has(folder); i++) folder = `${name}-${i}`;
  return folder;
}
