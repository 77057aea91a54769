/** An image of the project's own to try things on. */
export interface Sample {
  readonly title: string;
  readonly rainy: string;
  /** The same scene without rain. */
  readonly clean: string | null;
}

const FOLDER = 'scenes/';
let list: Promise<readonly Sample[]> | null = null;

/** The sample images; none when there are none, or they cannot be reached. */
export function listSamples(): Promise<readonly Sample[]> {
  list ??= read().catch(() => {
    list = null;
    return [];
  });
  return list;
}

/** A sample's files. Rejects when they cannot be reached. */
export async function readSample({ title, rainy, clean }: Sample): Promise<{ name: string; file: Blob; truth?: Blob }> {
  const [file, truth] = await Promise.all([download(rainy), clean ? download(clean) : null]);
  const ending = rainy.slice(rainy.lastIndexOf('.'));
  return { name: `${title}${ending}`, file, ...(truth ? { truth } : {}) };
}

async function read(): Promise<readonly Sample[]> {
  const response = await fetch(`${FOLDER}scenes.json`);
  if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) return [];
  const value: unknown = await response.json();
  const scenes: unknown = Array.isArray(value) ? value : (value as { scenes?: unknown } | null)?.scenes;
  return Array.isArray(scenes) ? scenes.flatMap(sampleOf) : [];
}

function sampleOf(value: unknown): Sample[] {
  const { title, name, rainy, clean } = (value ?? {}) as Record<string, unknown>;
  const shown = typeof title === 'string' ? title : name;
  if (typeof shown !== 'string' || typeof rainy !== 'string') return [];
  return [{ title: shown, rainy: FOLDER + rainy, clean: typeof clean === 'string' ? FOLDER + clean : null }];
}

async function download(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.blob();
}
