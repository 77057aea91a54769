import type { StoredModelFile } from '../../browser/desk/storedDesk.ts';
import { listModels, readModel, watchModels } from '../../browser/models.ts';
import type { ModelSummary, UserError } from '../../protocol/derainer.ts';
import { ask, onDerainerDeath } from './derainer.ts';
import { useDesk } from './deskStore.ts';
import type { ModelChoice } from './deskStore.ts';

/** An entry of `students/index.json`. */
interface ShippedStudent {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly bytes: number;
  readonly parameters: number;
  /** What it is good for, in a sentence. */
  readonly about: string;
}

const SHIPPED = 'students/';
const files = new Map<string, { readonly title: string; readonly file: Blob; readonly summary: ModelSummary }>();
const loaded = new Set<string>();
/** Counts the files that were opened; several may be read at once. */
let lastFile = 0;
/** Loads under way, so that none is made twice: a second one would take the first one's weights away. */
const loading = new Map<string, Promise<ModelSummary | UserError>>();
let shipped: Promise<readonly ShippedStudent[]> | null = null;
let watching = false;

onDerainerDeath(() => loaded.clear());

/** Reads the lists of models and follows their changes from then on. */
export async function openModelShelf(): Promise<void> {
  await refresh();
  if (watching) return;
  watching = true;
  watchModels(() => void refresh());
}

/** Makes a model ready in the worker. The summary, or why it cannot be used. */
export async function prepareModel(id: string): Promise<ModelSummary | UserError> {
  const known = useDesk.getState().summaries[id];
  if (loaded.has(id) && known) return known;
  const before = loading.get(id);
  if (before) return before;
  const answer = load(id).finally(() => loading.delete(id));
  loading.set(id, answer);
  return answer;
}

async function load(id: string): Promise<ModelSummary | UserError> {
  const file = await fileOf(id);
  if (!(file instanceof Blob)) return file;
  const answer = await ask((api) => api.loadModel(id, file));
  if (!answer.refused) remember(id, answer);
  return answer;
}

/** Takes a model file in. The new choice's id, or why it is refused. */
export async function addModelFile(
  file: File,
): Promise<{ readonly refused: false; readonly id: string; readonly role: ModelSummary['role'] } | UserError> {
  const id = `file:${++lastFile}`;
  const answer = await ask((api) => api.loadModel(id, file));
  if (answer.refused) return answer;
  files.set(id, { title: file.name.replace(/\.safetensors$/i, ''), file, summary: answer });
  remember(id, answer);
  await refresh();
  return { refused: false, id, role: answer.role };
}

/** The model files that were opened in this visit, or brought back from an earlier one. */
export function openedModelFiles(): StoredModelFile[] {
  return [...files].map(([id, entry]) => ({ id, ...entry }));
}

/** Puts model files of an earlier visit back on the shelf, under the ids that they had. The worker reads them when they are used. */
export function restoreModelFiles(stored: readonly StoredModelFile[]): void {
  for (const { id, title, file, summary } of stored) {
    files.set(id, { title, file, summary });
    lastFile = Math.max(lastFile, Number(id.slice('file:'.length)));
  }
}

function remember(id: string, summary: ModelSummary): void {
  loaded.add(id);
  useDesk.setState(({ summaries }) => ({ summaries: { ...summaries, [id]: summary } }));
}

async function fileOf(id: string): Promise<Blob | UserError> {
  const [kind, key = ''] = id.split(/:(.*)/s);
  if (kind === 'file') {
    const entry = files.get(id);
    return entry
      ? entry.file
      : gone('This link speaks of a file that was opened in another visit.', 'Choose the file again.');
  }
  if (kind === 'mine')
    return (
      (await readModel(key)) ?? gone('This student is not stored in this browser (any more).', 'Choose another one.')
    );
  const entry = (await shippedStudents()).find(({ name }) => name === key);
  if (!entry) return gone('There is no such student.', 'Choose another one.');
  try {
    const response = await fetch(SHIPPED + entry.file);
    if (!response.ok) throw new Error(`${response.status}`);
    return await response.blob();
  } catch {
    return gone(`The student “${entry.title}” could not be loaded.`, 'Check the connection and try again.');
  }
}

function gone(reason: string, advice: string): UserError {
  return { refused: true, reason, advice };
}

async function refresh(): Promise<void> {
  const [ready, mine] = await Promise.all([shippedStudents(), listModels()]);
  const models: ModelChoice[] = [
    ...ready.map(({ name, title, parameters, about }) => ({
      id: `shipped:${name}`,
      title,
      role: 'student' as const,
      parameters,
      about,
      stored: null,
    })),
    ...mine.map((stored) => ({
      id: `mine:${stored.id}`,
      title: stored.title,
      role: stored.role,
      parameters: stored.parameters,
      about: null,
      stored,
    })),
    ...[...files].map(([id, { title, summary }]) => ({
      id,
      title,
      role: summary.role,
      parameters: summary.parameters,
      about: null,
      stored: null,
    })),
  ];
  useDesk.setState({ models });
}

/** An empty list when none are shipped, or none can be reached. */
function shippedStudents(): Promise<readonly ShippedStudent[]> {
  shipped ??= readShipped().catch(() => {
    shipped = null; // Ask again next time.
    return [];
  });
  return shipped;
}

async function readShipped(): Promise<readonly ShippedStudent[]> {
  const response = await fetch(`${SHIPPED}index.json`);
  if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) return [];
  const list: unknown = await response.json();
  return Array.isArray(list) ? list.filter(isShipped) : [];
}

function isShipped(value: unknown): value is ShippedStudent {
  const { name, title, file, parameters, about } = (value ?? {}) as Record<string, unknown>;
  return [name, title, file, about].every((text) => typeof text === 'string') && typeof parameters === 'number';
}
