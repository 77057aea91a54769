import type { Random } from '../random.ts';
import type { RainLayer, RainRecipe } from './streaks.ts';

/** Light that a layer adds per pixel, up to a constant. */
export function lightOf({ density, length, width, strength }: RainLayer): number {
  return density * length * width * strength;
}

/**
 * A recipe with what real rain has besides straight, sharp streaks: its direction turns by up to 4° over the image, ends are soft,
 * wide streaks evenly bright; perhaps wide, faint streaks in front of the focus, fine ones behind it that fade into the
 * veil, and streaks through which the sky shines. The strongest layer, and so the label, stays.
 */
export function varied(recipe: RainRecipe, random: Random): RainRecipe {
  const strongest = recipe.layers.reduce((a, b) => (lightOf(b) > lightOf(a) ? b : a));
  const layers: RainLayer[] = recipe.layers.map((layer) => ({
    ...layer,
    plateau: random.between(0, layer.width > 4 ? 12 : 1),
    softEnds: random.between(0.3, 1),
  }));
  if (strongest.width < 6 && random.uniform() < 0.4) layers.push(inFront(strongest, random));
  const far = random.uniform() < 0.5;
  if (far) layers.push(behind(strongest, random));
  const amount = recipe.veil.amount + (far ? random.between(0.02, 0.1) : 0);
  const sky = random.uniform() < 0.4 ? { sky: random.between(0.8, 1) } : {};
  return {
    ...recipe,
    layers,
    veil: { ...recipe.veil, amount, ...sky },
    bend: { degrees: random.between(0, 4), towards: random.between(0, 360) },
  };
}

/** Streaks nearer than the focus: wide, soft and faint, few. */
function inFront(main: RainLayer, random: Random): RainLayer {
  return withLight(random.between(0.05, 0.35) * lightOf(main), {
    angle: main.angle + random.between(-3, 3),
    spread: main.spread + 1,
    length: main.length * random.between(1.5, 3),
    width: main.width * random.between(2, 3.5),
    strength: main.strength * random.between(0.25, 0.6),
    softEnds: 1,
  });
}

/** Streaks beyond the focus: thin, short and faint, many. */
function behind(main: RainLayer, random: Random): RainLayer {
  return withLight(random.between(0.1, 0.4) * lightOf(main), {
    angle: main.angle + random.between(-2, 2),
    spread: main.spread + 0.5,
    length: Math.max(7, main.length * random.between(0.3, 0.6)),
    width: Math.max(1.2, main.width * random.between(0.4, 0.7)),
    strength: main.strength * random.between(0.25, 0.5),
    softEnds: 0.8,
  });
}

/** A layer of the density that adds this much light. */
function withLight(light: number, layer: Omit<RainLayer, 'density'>): RainLayer {
  return { ...layer, density: light / lightOf({ ...layer, density: 1 }) };
}
