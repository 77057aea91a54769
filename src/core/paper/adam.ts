import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import { adamUpdate } from '../ops/adamUpdate.ts';
import type { Hyperparameters } from './hyperparameters.ts';

/** First and second moment of one variable under one kind of update. */
interface Moments {
  m: Tensor;
  v: Tensor;
}

/**
 * Adam (β₁, β₂, ε of the hyperparameters) whose moments belong to variables by name, one set for each kind of update:
 * `update` is 'synthetic', 'real', 'student' or 'joint'. It also keeps the moving average of the weights.
 */
export interface Adam {
  /** Applies one update in place. `gradients` has the keys of `variables`; they are not disposed. */
  update(
    update: string,
    variables: ReadonlyMap<string, Variable>,
    gradients: ReadonlyMap<string, Tensor>,
    learningRate: number,
    h: Pick<Hyperparameters, 'beta1' | 'beta2' | 'epsilon' | 'ema'>,
  ): void;
  /** Moving averages by variable name; owned by Adam. */
  readonly averages: ReadonlyMap<string, Tensor>;
  /** Everything it remembers: tensors by name (owned by Adam) and the number of updates of each kind. */
  state(): { readonly tensors: ReadonlyMap<string, Tensor>; readonly counts: Readonly<Record<string, number>> };
  /** Takes over a state saved earlier. Tensors are cloned. */
  restore(tensors: ReadonlyMap<string, Tensor>, counts: Readonly<Record<string, number>>): void;
  dispose(): void;
}

/**
 * Choice: the average follows quickly at first, with min(ema, (1 + t) / (10 + t)) kept at its t-th update, so that a short
 * run is not validated on its initial weights.
 */
export function averageDecay(ema: number, t: number): number {
  return Math.min(ema, (1 + t) / (10 + t));
}

/** An Adam without memory. The averages start as copies of the variables' values. */
export function createAdam(variables: ReadonlyMap<string, Variable>): Adam {
  const moments = new Map<string, Moments>(); // by `${update}/${variable}`
  const averages = new Map<string, Tensor>();
  const counts: Record<string, number> = {};
  const averageCounts: Record<string, number> = {};
  for (const [name, variable] of variables) averages.set(name, tf.keep(tf.clone(variable)));

  const momentsOf = (key: string, like: Tensor): Moments => {
    const known = moments.get(key);
    if (known) return known;
    const fresh = { m: tf.keep(tf.zerosLike(like)), v: tf.keep(tf.zerosLike(like)) };
    moments.set(key, fresh);
    return fresh;
  };

  return {
    averages,
    update(update, updated, gradients, learningRate, h) {
      const step = (counts[update] = (counts[update] ?? 0) + 1);
      tf.tidy(() => {
        for (const [name, variable] of updated) {
          const old = momentsOf(`${update}/${name}`, variable);
          const average = averages.get(name)!;
          const t = (averageCounts[name] = (averageCounts[name] ?? 0) + 1);
          const [w, m, v, newAverage] = adamUpdate(
            { w: variable, gradient: gradients.get(name)!, m: old.m, v: old.v, average },
            {
              learningRate,
              beta1: h.beta1,
              beta2: h.beta2,
              epsilon: h.epsilon,
              step,
              averageDecay: averageDecay(h.ema, t),
            },
          );
          variable.assign(w);
          tf.dispose([old.m, old.v, average]);
          moments.set(`${update}/${name}`, { m: tf.keep(m), v: tf.keep(v) });
          averages.set(name, tf.keep(newAverage));
        }
      });
    },
    state() {
      const tensors = new Map<string, Tensor>();
      for (const [key, { m, v }] of moments) tensors.set(`m/${key}`, m).set(`v/${key}`, v);
      for (const [name, average] of averages) tensors.set(`average/${name}`, average);
      const averaged = Object.fromEntries(Object.entries(averageCounts).map(([name, t]) => [`average/${name}`, t]));
      return { tensors, counts: { ...counts, ...averaged } };
    },
    restore(tensors, saved) {
      this.dispose();
      for (const [name, count] of Object.entries(saved)) {
        if (name.startsWith('average/')) averageCounts[name.slice(8)] = count;
        else counts[name] = count;
      }
      for (const [key, tensor] of tensors) {
        const kept = tf.keep(tf.clone(tensor));
        const rest = key.slice(key.indexOf('/') + 1);
        if (key.startsWith('average/')) averages.set(rest, kept);
        else if (key.startsWith('m/')) moments.set(rest, { v: moments.get(rest)?.v ?? kept, m: kept });
        else moments.set(rest, { m: moments.get(rest)?.m ?? kept, v: kept });
      }
    },
    dispose() {
      for (const { m, v } of moments.values()) tf.dispose([m, v]);
      tf.dispose([...averages.values()]);
      moments.clear();
      averages.clear();
      for (const name of Object.keys(counts)) delete counts[name];
      for (const name of Object.keys(averageCounts)) delete averageCounts[name];
    },
  };
}
