/**
 * Renders the sample scenes, clean and in the rain:
 * `npm run scenes [-- NAME…] [--width 1600] [--samples 2] [--rain-only] [--out public/scenes]`.
 * With --rain-only the clean images stay as they are, and the rain alone is drawn anew.
 * Writes NAME-clean.webp, NAME-rainy.webp and scenes.json, whose recipe draws each rain map again to the last bit
 * (drawRain at the entry's width and height). The scenes are our own geometry; nothing in them is anybody's photo.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { sampleRecipe } from '../../src/core/rain/presets.ts';
import { makeRainyPair } from '../../src/core/rain/rainyPair.ts';
import { drawRain } from '../../src/core/rain/streaks.ts';
import type { RainRecipe } from '../../src/core/rain/streaks.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { forest } from './forest.ts';
import { garden } from './garden.ts';
import { harbour } from './harbour.ts';
import { lake } from './lake.ts';
import { market } from './market.ts';
import { fallingRain } from './rain.ts';
import { street } from './street.ts';
import { render } from './tracer.ts';
import type { Scene } from './tracer.ts';

/** One sample scene as the page reads it from scenes.json. */
export interface SceneEntry {
  readonly name: string;
  readonly title: string;
  /** File names beside scenes.json. */
  readonly clean: string;
  readonly rainy: string;
  readonly width: number;
  readonly height: number;
  readonly recipe: RainRecipe;
  /** Label of the rain, 0…17. */
  readonly direction: number;
}

/** What a scene is shipped as. */
interface Plan {
  readonly build: () => Scene;
  readonly rain: RainRecipe;
  /** Whether leaves fill it: such images take the most bytes, so they get more room and a little softness, as of a lens. */
  readonly leafy?: boolean;
}

const plans: readonly Plan[] = [
  { build: street, rain: fallingRain({ angle: 108, amount: 1.1, near: 1, veil: 0.03, grey: 0.5, seed: 51 }) },
  { build: forest, rain: sampleRecipe('veil', randomFromSeed(15)), leafy: true },
  { build: harbour, rain: fallingRain({ angle: 68, amount: 0.8, near: 0.5, veil: 0.03, grey: 0.7, seed: 63 }) },
  {
    build: garden,
    rain: fallingRain({ angle: 76, amount: 1, near: 3.5, veil: 0.03, grey: 0.7, seed: 9 }),
    leafy: true,
  },
  {
    build: lake,
    rain: fallingRain({
      angle: 80,
      amount: 1.3,
      near: 1,
      veil: 0.05,
      grey: 0.7,
      gust: { angle: 92, amount: 0.7 },
      seed: 90,
    }),
  },
  { build: market, rain: fallingRain({ angle: 97, amount: 2.2, near: 1.5, veil: 0.05, grey: 0.7, seed: 173 }) },
];
/** Bytes aimed at for an image of 1600 × 1067; with what dense rain needs even at the lowest quality, all twelve stay under 2 MB. */
const room = { clean: 150_000, rainy: 155_000, leafyClean: 190_000, leafyRainy: 200_000 } as const;
const softness = 0.75; // pixels, standard deviation

/** Writes an image as WebP, at the best of a few qualities that fits. */
async function write(
  rgb: Float32Array,
  width: number,
  height: number,
  path: string,
  bytes: number,
  soft: boolean,
): Promise<void> {
  const sharpest = sharp(Buffer.from(Uint8Array.from(rgb, (value) => Math.round(value * 255))), {
    raw: { width, height, channels: 3 },
  });
  const image = soft ? sharpest.blur(softness) : sharpest;
  let coded = Buffer.alloc(0);
  for (const quality of [76, 68, 60, 52, 44, 36, 28]) {
    coded = await image.clone().webp({ quality, effort: 5, smartSubsample: true }).toBuffer();
    if (coded.length <= bytes) break;
  }
  writeFileSync(path, coded);
}

/** An image as it was written, [height · width · 3] in 0..1. */
async function read(path: string): Promise<Float32Array> {
  return Float32Array.from(await sharp(path).removeAlpha().raw().toBuffer(), (value) => value / 255);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1600' },
    samples: { type: 'string', default: '2' },
    'rain-only': { type: 'boolean', default: false },
    out: { type: 'string', default: 'public/scenes' },
  },
});
const width = Number(values.width);
const height = Math.round(width / 1.5);
mkdirSync(values.out, { recursive: true });
const index = join(values.out, 'scenes.json');
for (const { build, rain, leafy = false } of plans) {
  const started = Date.now();
  const name = build.name;
  if (positionals.length && !positionals.includes(name)) continue;
  const scene = build();
  const entry: SceneEntry = {
    name,
    title: scene.title,
    clean: `${name}-clean.webp`,
    rainy: `${name}-rainy.webp`,
    width,
    height,
    recipe: rain,
    direction: rain.direction,
  };
  const cleanPath = join(values.out, entry.clean);
  if (!values['rain-only']) {
    const rendered = render(scene, width, height, Number(values.samples));
    await write(rendered, width, height, cleanPath, leafy ? room.leafyClean : room.clean, leafy);
  }
  // Rain is added to the image as it ships, so that the pair differs by the rain and not by two codings.
  const { rainy } = makeRainyPair(await read(cleanPath), drawRain(rain, width, height), rain.veil);
  await write(rainy, width, height, join(values.out, entry.rainy), leafy ? room.leafyRainy : room.rainy, false);
  // Read again just before writing, so that scenes rendered side by side by several processes all stay in the list.
  const known: SceneEntry[] = existsSync(index) ? (JSON.parse(readFileSync(index, 'utf8')) as SceneEntry[]) : [];
  const entries = [...known.filter((other) => other.name !== name), entry];
  writeFileSync(
    index,
    `${JSON.stringify(
      entries.sort((a, b) => sceneOrder(a) - sceneOrder(b)),
      null,
      2,
    )}\n`,
  );
  console.log(`${scene.title}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

function sceneOrder({ name }: SceneEntry): number {
  return plans.findIndex(({ build }) => build.name === name);
}
