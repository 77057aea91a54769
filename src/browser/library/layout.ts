/**
 * Where each file of a drop belongs, decided by names alone. Folders named after what they hold are followed (`rainy/`, `gt/`,
 * RainDirection's `latent/ rainy/ streak/ direction/`), and so are names that come in twos (`rain-7.png`, `norain-7.png`).
 * Whatever the names do not settle goes to the collection that the files were dropped on.
 */
import { byName, folderOf, isClutter, stemOf } from './fileNames.ts';
import type { Collection } from '../../protocol/libraryRecord.ts';

export interface PlannedPhoto {
  readonly kind: 'photo';
  readonly collection: 'clean' | 'rainy';
  /** Index into the paths given. */
  readonly file: number;
  readonly name: string;
}

export interface PlannedPair {
  readonly kind: 'pair';
  readonly rainy: number;
  readonly clean: number;
  readonly name: string;
  /** The set it belongs to, an index into `Plan.sets`. */
  readonly set: number;
}

/** The pairs that lie in one folder. */
export interface PlannedSet {
  readonly folder: string;
  /** The folder's `direction.txt`, an index into the paths; null when there is none. */
  readonly directionFile: number | null;
  /** Stems of all its rainy images in natural order: line k of `direction.txt` speaks of the k-th. */
  readonly stems: readonly string[];
}

export interface Plan {
  readonly items: readonly (PlannedPhoto | PlannedPair)[];
  readonly sets: readonly PlannedSet[];
  /** Files dropped on Pairs whose other half was not found. */
  readonly withoutPartner: readonly number[];
}

type Role = 'clean' | 'rainy' | 'map';

const ROLES: Readonly<Record<Role, readonly string[]>> = {
  clean: [
    'clean',
    'gt',
    'gts',
    'groundtruth',
    'norain',
    'target',
    'targets',
    'latent',
    'truth',
    'reference',
    'cleanimages',
    'cleanimage',
    'hq',
  ],
  rainy: ['rainy', 'rain', 'input', 'inputs', 'rainyimage', 'rainyimages', 'degraded', 'lq'],
  map: ['streak', 'streaks', 'rainstreak', 'rainstreaks', 'rainmap', 'rainmaps', 'mask', 'masks', 'direction'],
};

const NAMED_ROLE =
  /^(norain|clean|gt|rainstreak|streak|rainy|rain|input)[-_ ](.+)$|^(.+)[-_ ](norain|clean|gt|rainstreak|streak|rainy|rain|input)$/i;

interface Candidate {
  readonly file: number;
  readonly stem: string;
  /** Folder without the component that names a role. */
  readonly set: string;
  readonly folderRole: Role | null;
  readonly nameRole: Role | null;
  /** The stem without a role in it. */
  readonly bareStem: string;
}

/** Paths use '/' and start at what was dropped. Items keep the natural order of their names. */
export function planImport(paths: readonly string[], collection: Collection): Plan {
  const candidates = paths
    .map((path, file) => ({ path, file }))
    .filter(({ path }) => !isClutter(path))
    .sort((a, b) => byName(a.path, b.path))
    .map(({ path, file }) => candidateOf(path, file));
  const directionFiles = new Map(
    candidates.filter((it) => isDirectionFile(paths[it.file]!)).map((it) => [it.set, it.file]),
  );
  const images = candidates.filter((it) => !isDirectionFile(paths[it.file]!));

  const { pairs, rest } = matchPairs(images);
  const sets = setsOf(pairs, directionFiles);
  const items: (PlannedPhoto | PlannedPair)[] = pairs.map(({ rainy, clean, name }) => ({
    kind: 'pair',
    rainy: rainy.file,
    clean: clean.file,
    name,
    set: sets.findIndex((set) => set.folder === rainy.set),
  }));
  const withoutPartner: number[] = [];
  for (const it of candidates)
    if (isDirectionFile(paths[it.file]!) && !sets.some((set) => set.directionFile === it.file)) rest.push(it); // Nobody's labels.
  for (const single of rest) {
    if (single.folderRole === 'map' && sets.some((set) => set.folder === single.set)) continue; // The map is rainy − clean.
    if (single.nameRole === 'map' && sets.some((set) => set.folder === single.set)) continue;
    const role = single.folderRole === 'map' ? null : single.folderRole;
    const target = role ?? collection;
    if (target === 'pairs') withoutPartner.push(single.file);
    else items.push({ kind: 'photo', collection: target, file: single.file, name: single.stem });
  }
  return { items, sets, withoutPartner };
}

function candidateOf(path: string, file: number): Candidate {
  const folders = folderOf(path)
    .split('/')
    .filter((part) => part !== '');
  const at = folders.findLastIndex((folder) => roleOf(folder) !== null);
  const stem = stemOf(path);
  const named = NAMED_ROLE.exec(stem);
  return {
    file,
    stem,
    set: folders.filter((_, index) => index !== at).join('/'),
    folderRole: at < 0 ? null : roleOf(folders[at]!),
    nameRole: named ? roleOf((named[1] ?? named[4])!) : null,
    bareStem: named ? (named[2] ?? named[3])! : stem,
  };
}

/** What a folder of that name holds, capitals and separators aside; null where the name does not tell. */
export function roleOf(word: string): Role | null {
  const plain = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const role of ['clean', 'rainy', 'map'] as const) if (ROLES[role].includes(plain)) return role;
  return null;
}

interface MatchedPair {
  readonly rainy: Candidate;
  readonly clean: Candidate;
  readonly name: string;
}

/** Three ways to see a partner, the plainest first; each looks only at what the ones before left over. */
const WAYS: readonly ((it: Candidate) => { role: Role | null; stem: string })[] = [
  (it) => ({ role: it.folderRole, stem: it.stem }),
  (it) => ({ role: it.folderRole, stem: it.bareStem }),
  (it) => ({ role: it.nameRole ?? it.folderRole, stem: it.bareStem }),
];

function matchPairs(candidates: readonly Candidate[]): { pairs: MatchedPair[]; rest: Candidate[] } {
  const pairs: MatchedPair[] = [];
  let rest = [...candidates];
  for (const way of WAYS) {
    const keyed = new Map<string, { rainy?: Candidate; clean?: Candidate }>();
    for (const it of rest) {
      const { role, stem } = way(it);
      if (role !== 'rainy' && role !== 'clean') continue;
      const key = `${it.set}/${stem.toLowerCase()}`;
      const halves = keyed.get(key) ?? {};
      halves[role] ??= it;
      keyed.set(key, halves);
    }
    const taken = new Set<Candidate>();
    for (const { rainy, clean } of keyed.values()) {
      if (!rainy || !clean) continue;
      pairs.push({ rainy, clean, name: way(rainy).stem });
      taken.add(rainy).add(clean);
    }
    rest = rest.filter((it) => !taken.has(it));
  }
  return { pairs, rest };
}

function setsOf(pairs: readonly MatchedPair[], directionFiles: ReadonlyMap<string, number>): PlannedSet[] {
  const folders = [...new Set(pairs.map(({ rainy }) => rainy.set))];
  return folders.map((folder) => ({
    folder,
    directionFile: directionFiles.get(folder) ?? null,
    stems: pairs
      .filter(({ rainy }) => rainy.set === folder)
      .map(({ name }) => name)
      .sort(byName),
  }));
}

function isDirectionFile(path: string): boolean {
  return /(^|\/)directions?\.txt$/i.test(path);
}
