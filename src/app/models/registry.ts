import { create } from 'zustand';
import { haveSameContent, listModels, readModel, watchModels } from '../../browser/models.ts';
import type { StoredModel } from '../../browser/models.ts';
import type { StoredModelFile } from '../../browser/storage/queueDatabase.ts';
import type { ModelSummary, UserError } from '../../protocol/derainer.ts';

/** A student or teacher that can be chosen. */
export interface ModelChoice {
  /** `shipped:<name>`, `mine:<id>`, `file:<number>`, or `compared:<name>` of what is there for comparison only. */
  readonly id: string;
  readonly title: string;
  readonly role: 'student' | 'teacher';
  readonly parameters: number;
  /** What a bundled model is good for, in a sentence. */
  readonly about: string | null;
  readonly stored: StoredModel | null;
  /** It can be run, but not trained, adapted, averaged over flips or taught by. */
  readonly format?: 'onnx';
  /** It was adapted in this visit and is neither kept nor discarded yet. */
  readonly isPassing?: true;
}

interface ModelsState {
  /** Null until the lists were read. */
  readonly models: readonly ModelChoice[] | null;
  /** Those, and what ships for comparison only: published systems in a training of ours. */
  readonly comparable: readonly ModelChoice[] | null;
  /** Of models that were read in this visit. */
  readonly summaries: Readonly<Record<string, ModelSummary>>;
}

export const useModels = create<ModelsState>(() => ({ models: null, comparable: null, summaries: {} }));

/** An entry of `students/index.json` or `compared/index.json`: a student, where it does not say that it is a teacher. */
interface ShippedModel {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly bytes: number;
  readonly parameters: number;
  readonly role?: 'teacher';
  /** What it is good for, in a sentence. */
  readonly about: string;
}

const SHIPPED = 'students/';
const COMPARED = 'compared/';
interface OpenedFile {
  readonly title: string;
  readonly file: Blob;
  readonly summary: ModelSummary;
  /** It goes with this visit; the queue does not restore it. */
  readonly passing: boolean;
}
const files = new Map<string, OpenedFile>();
/** Counts the files that were opened; several may be read at once. */
let lastFile = 0;
/** Lists of models that ship with the page, by their folders. */
const lists = new Map<string, Promise<readonly ShippedModel[]>>();
let refreshed: Promise<void> = Promise.resolve();
let watching = false;

/** Reads the lists of models and follows their changes from then on. */
export async function openModels(): Promise<void> {
  await refresh();
  if (watching) return;
  watching = true;
  watchModels(() => void refresh());
}

/** An id for a model file that is about to be read. */
export function nextFileId(): string {
  return `file:${++lastFile}`;
}

/** Lists a model file that was read under `id`; a `passing` one until this visit ends. */
export async function addModelFile(id: string, file: File, summary: ModelSummary, passing: boolean): Promise<void> {
  files.set(id, { title: distinctTitle(file.name.replace(/\.(safetensors|onnx)$/i, '')), file, summary, passing });
  await refresh();
}

/** A title that no opened file has yet: many published files have the same name. */
function distinctTitle(title: string): string {
  const taken = new Set([...files.values()].map((opened) => opened.title));
  let candidate = title;
  for (let n = 2; taken.has(candidate); n++) candidate = `${title} (${n})`;
  return candidate;
}

/** Takes a model file off the list. */
export async function removeModelFile(id: string): Promise<void> {
  files.delete(id);
  await refresh();
}

/** The model files that were opened in this visit, or restored from an earlier one. */
export function openedModelFiles(): StoredModelFile[] {
  return [...files].flatMap(([id, { passing, ...entry }]) => (passing ? [] : [{ id, ...entry }]));
}

/** Lists model files of an earlier visit again, under the ids that they had. */
export function restoreModelFiles(stored: readonly StoredModelFile[]): void {
  for (const { id, title, file, summary } of stored) {
    files.set(id, { title, file, summary, passing: false });
    lastFile = Math.max(lastFile, Number(id.slice('file:'.length)));
  }
}

/** The listed model that a file holds byte for byte; null when there is none. */
export async function listedModelOf(file: Blob): Promise<ModelChoice | null> {
  const { comparable: models } = useModels.getState();
  const [ready, compared] = await Promise.all([shippedModels(SHIPPED), shippedModels(COMPARED)]);
  const sizes = new Map<string, number>([
    ...ready.map(({ name, bytes }) => [`shipped:${name}`, bytes] as const),
    ...compared.map(({ name, bytes }) => [`compared:${name}`, bytes] as const),
    ...[...files].map(([id, opened]) => [id, opened.file.size] as const),
  ]);
  for (const model of models ?? []) {
    if ((model.stored?.bytes ?? sizes.get(model.id)) !== file.size) continue;
    const listed = await readModelFile(model.id);
    if (!('refused' in listed) && (await haveSameContent(listed, file))) return model;
  }
  return null;
}

/** What a model's file says of it. */
export function rememberSummary(id: string, summary: ModelSummary): void {
  useModels.setState(({ summaries }) => ({ summaries: { ...summaries, [id]: summary } }));
}

/** A model's file, or why there is none. */
export async function readModelFile(id: string): Promise<Blob | UserError> {
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
  const folder = kind === 'compared' ? COMPARED : SHIPPED;
  const entry = (await shippedModels(folder)).find(({ name }) => name === key);
  if (!entry) return gone('There is no such student.', 'Choose another one.');
  const load = async (): Promise<Blob> => {
    const response = await fetch(folder + entry.file);
    if (!response.ok) throw new Error(`${response.status}`);
    return response.blob();
  };
  try {
    return await load().catch(load); // On a first visit a service worker may take over while the file comes, and cut it off.
  } catch {
    return gone(`The student “${entry.title}” could not be loaded.`, 'Check the connection and try again.');
  }
}

function gone(reason: string, hint: string): UserError {
  return { refused: true, reason, hint };
}

/** Refreshes wait for one another: of two at a time the older list could arrive last and hide a model. */
function refresh(): Promise<void> {
  refreshed = refreshed.then(listAgain);
  return refreshed;
}

async function listAgain(): Promise<void> {
  // Where the browser blocks this site's data there are the bundled students at least.
  const [ready, compared, mine] = await Promise.all([
    shippedModels(SHIPPED),
    shippedModels(COMPARED),
    listModels().catch(() => []),
  ]);
  const models: ModelChoice[] = [
    ...ready.map((entry) => shippedChoice('shipped', entry)),
    ...mine.map((stored) => ({
      id: `mine:${stored.id}`,
      title: stored.title,
      role: stored.role,
      parameters: stored.parameters,
      about: null,
      stored,
    })),
    ...[...files].map(([id, { title, summary, passing }]) => ({
      id,
      title,
      role: summary.role,
      parameters: summary.parameters,
      about: null,
      stored: null,
      ...(summary.format && { format: summary.format }),
      ...(passing && { isPassing: passing }),
    })),
  ];
  const comparable = [...models, ...compared.map((entry) => shippedChoice('compared', entry))];
  useModels.setState({ models, comparable });
}

function shippedChoice(
  kind: 'shipped' | 'compared',
  { name, title, role, parameters, about }: ShippedModel,
): ModelChoice {
  return { id: `${kind}:${name}`, title, role: role ?? 'student', parameters, about, stored: null };
}

/** An empty list when none are shipped, or none can be reached. */
function shippedModels(folder: string): Promise<readonly ShippedModel[]> {
  const known = lists.get(folder);
  if (known) return known;
  const list = readShipped(folder).catch(() => {
    lists.delete(folder); // Ask again next time.
    return [];
  });
  lists.set(folder, list);
  return list;
}

async function readShipped(folder: string): Promise<readonly ShippedModel[]> {
  const response = await fetch(`${folder}index.json`);
  if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) return [];
  const list: unknown = await response.json();
  return Array.isArray(list) ? list.filter(isShipped) : [];
}

function isShipped(value: unknown): value is ShippedModel {
  const { name, title, file, parameters, about } = (value ?? {}) as Record<string, unknown>;
  return [name, title, file, about].every((text) => typeof text === 'string') && typeof parameters === 'number';
}
