/** Adam's update and the moving average, in one pass over memory. */
import { loadPart, madd, storePart } from './lanes';
import { Adam } from './task';

/** Numbers in one chunk. */
const CHUNK: i32 = 8192;

export function adamChunks(size: i32): i32 {
  return (size + CHUNK - 1) / CHUNK;
}

/** m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate · m̂ / (√v̂ + ε), average ← d·average + (1−d)·w, for one chunk. */
export function updateAdam(task: Adam, chunk: i32): void {
  const beta1 = f32x4.splat(task.beta1), rest1 = f32x4.splat(1 - task.beta1);
  const beta2 = f32x4.splat(task.beta2), rest2 = f32x4.splat(1 - task.beta2);
  const correction1 = f32x4.splat(task.correction1), correction2 = f32x4.splat(task.correction2);
  const rate = f32x4.splat(task.rate), epsilon = f32x4.splat(task.epsilon);
  const decay = f32x4.splat(task.averageDecay), rest = f32x4.splat(1 - task.averageDecay);
  const end = min(task.size, (chunk + 1) * CHUNK);
  for (let i = chunk * CHUNK; i < end; i += 4) {
    const at = <usize>i << 2;
    const count = min(4, end - i);
    const g = loadPart(task.gradient + at, count);
    const m = madd(beta1, loadPart(task.m + at, count), f32x4.mul(rest1, g));
    const v = madd(beta2, loadPart(task.v + at, count), f32x4.mul(rest2, f32x4.mul(g, g)));
    const root = f32x4.add(f32x4.sqrt(f32x4.div(v, correction2)), epsilon);
    const change = f32x4.mul(rate, f32x4.div(f32x4.div(m, correction1), root));
    const w = f32x4.sub(loadPart(task.w + at, count), change);
    storePart(task.newM + at, m, count);
    storePart(task.newV + at, v, count);
    storePart(task.newW + at, w, count);
    storePart(task.newAverage + at, madd(decay, loadPart(task.average + at, count), f32x4.mul(rest, w)), count);
  }
}
