/**
 * A seeded, splittable source of random numbers (sfc32, seeded through splitmix32). Everything random in this project
 * comes from one of these, so a seed reproduces a run. Never `Math.random`.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Uniform integer in [0, count). `count` must be a positive integer. */
  below(count: number): number;
  /** Standard normal (mean 0, variance 1), Box–Muller. */
  normal(): number;
  /** An independent stream named by `label`; the same label gives the same stream, and taking it advances nothing. */
  split(label: string | number): Random;
  /** The state, to be stored in a checkpoint and given back to `randomFromState`. */
  state(): RandomState;
}

/** Four 32-bit words of generator state, the seed that `split` derives from, and the spare normal deviate if one is held. */
export interface RandomState {
  readonly seed: number;
  readonly words: readonly [number, number, number, number];
  readonly spareNormal: number | null;
}

/** A stream from an integer seed (taken modulo 2³²). */
export function randomFromSeed(seed: number): Random {
  const next = splitmix32(seed);
  const words: [number, number, number, number] = [next(), next(), next(), 1];
  const random = new Sfc32(seed >>> 0, words, null);
  for (let i = 0; i < 12; i++) random.word();
  return random;
}

/** The stream exactly as it was when `state()` was taken. */
export function randomFromState(state: RandomState): Random {
  return new Sfc32(state.seed, [...state.words], state.spareNormal);
}

class Sfc32 implements Random {
  constructor(
    private readonly seed: number,
    private readonly words: [number, number, number, number],
    private spareNormal: number | null,
  ) {}

  word(): number {
    const w = this.words;
    const sum = (w[0] + w[1] + w[3]) | 0;
    w[3] = (w[3] + 1) | 0;
    w[0] = w[1] ^ (w[1] >>> 9);
    w[1] = (w[2] + (w[2] << 3)) | 0;
    w[2] = (w[2] << 21) | (w[2] >>> 11);
    w[2] = (w[2] + sum) | 0;
    return sum >>> 0;
  }

  uniform(): number {
    return this.word() / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  split(label: string | number): Random {
    let hash = (this.seed ^ 0x9e3779b9) >>> 0;
    for (const character of String(label)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    return randomFromSeed(splitmix32(hash)());
  }

  state(): RandomState {
    return { seed: this.seed, words: [...this.words], spareNormal: this.spareNormal };
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
