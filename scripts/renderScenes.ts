/**
 * Renders the sample scenes, clean and in the rain: `npm run scenes [-- NAME…] [--width 1600] [--samples 3] [--out public/scenes]`.
 * Writes NAME-clean.webp, NAME-rainy.webp and scenes.json, whose recipe draws each rain map again to the last bit
 * (drawRain at the entry's width and height). The scenes are our own geometry; nothing in them is anybody's picture.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { sampleRecipe } from '../src/core/rain/presets.ts';
import type { RainPresetName } from '../src/core/rain/presets.ts';
import { makeRainyPair } from '../src/core/rain/rainyPair.ts';
import { drawRain } from '../src/core/rain/streaks.ts';
import type { RainRecipe } from '../src/core/rain/streaks.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { forest } from './scene/forest.ts';
import { garden } from './scene/garden.ts';
import { harbour } from './scene/harbour.ts';
import { lake } from './scene/lake.ts';
import { market } from './scene/market.ts';
import { street } from './scene/street.ts';
import { render } from './scene/tracer.ts';
import type { Scene } from './scene/tracer.ts';

/** One sample scene as the page reads it from scenes.json. */
export interface SceneEntry {
  readonly name: string;
  readonly title: string;
  /** File names beside scenes.json. */
  readonly clean: string;
  readonly rainy: string;
  readonly width: number;
  readonly height: number;
  readonly preset: RainPresetName;
  readonly recipe: RainRecipe;
  /** Label of the rain, 0…17. */
  readonly direction: number;
}

/** A scene, the kind of its rain, and the seed its recipe is drawn from. */
const scenes: readonly (readonly [() => Scene, RainPresetName, number])[] = [
  [street, 'light', 51],
  [forest, 'nearDrops', 22],
  [harbour, 'light', 63],
  [garden, 'heavy', 34],
  [lake, 'veil', 35],
  [market, 'light', 26],
];
const budget = 2_000_000; // bytes of all pictures together
const quality = { clean: 74, rainy: 62 } as const;

async function write(rgb: Float32Array, width: number, height: number, path: string, quality: number): Promise<void> {
  const bytes = Buffer.from(Uint8Array.from(rgb, (value) => Math.round(value * 255)));
  await sharp(bytes, { raw: { width, height, channels: 3 } }).webp({ quality, effort: 6, smartSubsample: true }).toFile(path);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { width: { type: 'string', default: '1600' }, samples: { type: 'string', default: '3' }, out: { type: 'string', default: 'public/scenes' } },
});
const width = Number(values.width);
const height = Math.round(width / 1.5);
mkdirSync(values.out, { recursive: true });
const index = join(values.out, 'scenes.json');
const order: string[] = [];
for (const [build, preset, seed] of scenes) {
  const started = Date.now();
  const name = build.name;
  order.push(name);
  if (positionals.length && !positionals.includes(name)) continue;
  const scene = build();
  const clean = render(scene, width, height, Number(values.samples));
  const recipe = sampleRecipe(preset, randomFromSeed(seed));
  const { rainy } = makeRainyPair(clean, drawRain(recipe, width, height), recipe.veil);
  const entry: SceneEntry = { name, title: scene.title, clean: `${name}-clean.webp`, rainy: `${name}-rainy.webp`, width, height, preset, recipe, direction: recipe.direction };
  await write(clean, width, height, join(values.out, entry.clean), quality.clean);
  await write(rainy, width, height, join(values.out, entry.rainy), quality.rainy);
  // Read again just before writing, so that scenes rendered side by side by several processes all stay in the list.
  const known: SceneEntry[] = existsSync(index) ? (JSON.parse(readFileSync(index, 'utf8')) as SceneEntry[]) : [];
  const entries = [...known.filter((other) => other.name !== name), entry];
  writeFileSync(index, `${JSON.stringify(entries.sort((a, b) => sceneOrder(a) - sceneOrder(b)), null, 2)}\n`);
  console.log(`${scene.title}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
const total = order.flatMap((name) => [`${name}-clean.webp`, `${name}-rainy.webp`]).map((file) => join(values.out, file)).filter((file) => existsSync(file)).reduce((sum, file) => sum + statSync(file).size, 0);
console.log(`${(total / 1e6).toFixed(2)} MB`);
if (total > budget) {
  console.error(`The pictures are more than the ${budget / 1e6} MB they may take: lower their quality.`);
  process.exitCode = 1;
}

function sceneOrder({ name }: SceneEntry): number {
  return scenes.findIndex(([build]) => build.name === name);
}
