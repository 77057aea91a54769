import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** An image, and what a published network made of it. */
export interface GoldenFile {
  readonly system: string;
  readonly variant: string;
  /** File of weights, from the golden file's folder. */
  readonly weights: string;
  readonly width: number;
  readonly height: number;
  /** [h · w · 3], RGB in 0..1; the output may leave that range. */
  readonly input: Float32Array;
  readonly output: Float64Array;
  /** The rain map, where the network estimates one and the file holds it. */
  readonly rain: Float64Array | null;
  /** Largest difference that a faithful implementation may show. */
  readonly tolerance: number;
}

/** The golden files of a folder whose names begin in some way, in order. Rejects with an Error when there are none. */
export async function listGoldenFiles(folder: string, beginning: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && name.startsWith(beginning));
  if (names.length === 0) throw new Error(`There are no golden files in ${folder}.`);
  return names.sort().map((name) => join(folder, name));
}

/** Rejects with an Error that says what is missing. */
export async function readGolden(file: string): Promise<GoldenFile> {
  const json = JSON.parse(await readFile(file, 'utf8')) as Partial<Record<keyof GoldenFile, unknown>>;
  const text = (name: keyof GoldenFile): string => {
    if (typeof json[name] === 'string') return json[name];
    throw new Error(`${file} has no ${name}.`);
  };
  const number = (name: keyof GoldenFile): number => {
    if (typeof json[name] === 'number' && json[name] > 0) return json[name];
    throw new Error(`${file} has no ${name}.`);
  };
  const [width, height] = [number('width'), number('height')];
  const numbers = (name: keyof GoldenFile): number[] => {
    const values = json[name];
    if (
      Array.isArray(values) &&
      values.length === width * height * 3 &&
      values.every((value) => Number.isFinite(value))
    )
      return values as number[];
    throw new Error(`The ${name} of ${file} is not ${width} × ${height} × 3 numbers.`);
  };
  const { rain } = (json as { maps?: { rain?: { channels?: unknown; data?: unknown } } }).maps ?? {};
  return {
    rain: rain?.channels === 3 && Array.isArray(rain.data) ? Float64Array.from(rain.data as number[]) : null,
    system: text('system'),
    variant: text('variant'),
    weights: text('weights'),
    width,
    height,
    input: Float32Array.from(numbers('input')),
    output: Float64Array.from(numbers('output')),
    tolerance: number('tolerance'),
  };
}
