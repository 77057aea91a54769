import type { ReactNode } from 'react';
import type { LossTerm } from '../../../core/paper/lossTerms.ts';
import { Formula, V } from '../../ui/Formula.tsx';

export interface LossTermText {
  readonly term: LossTerm;
  /** Number of its equation in the paper; null where it has none. */
  readonly equation: number | null;
  readonly says: string;
  readonly formula: ReactNode;
  /** Key of the setting that is its weight, and the symbol of that. */
  readonly weight: string;
  readonly symbol: string;
}

/** What every loss term asks for, in the paper's order. */
export const lossTermTexts: readonly LossTermText[] = [
  {
    term: 'content',
    equation: 4,
    says: 'The rain that F₁ finds should match the rain that was added.',
    formula: (
      <Formula spoken="mean absolute difference of z syn and z g t">
        |<V of="syn">z</V> − <V of="gt">z</V>|
      </Formula>
    ),
    weight: 'content',
    symbol: 'weight',
  },
  {
    term: 'direction',
    equation: 5,
    says: 'Along and across the streaks, the rain that F₁ finds should vary as the true rain does.',
    formula: (
      <Formula spoken="sum over k parallel and k perpendicular of the mean absolute difference of k filtering z syn and k filtering z g t">
        Σ<sub>∥,⊥</sub> |<V>k</V> ⊗ <V of="syn">z</V> − <V>k</V> ⊗ <V of="gt">z</V>|
      </Formula>
    ),
    weight: 'lambda',
    symbol: 'λ',
  },
  {
    term: 'reconstruction',
    equation: 8,
    says: 'F₂’s output should match the clean image.',
    formula: (
      <Formula spoken="mean absolute difference of y syn and y g t">
        |<V of="syn">y</V> − <V of="gt">y</V>|
      </Formula>
    ),
    weight: 'reconstruction',
    symbol: 'weight',
  },
  {
    term: 'tv',
    equation: null,
    says: 'On real rain: the derained image should be smooth, without pixel noise.',
    formula: (
      <Formula spoken="mean absolute horizontal plus vertical differences of y real">
        |∂<sub>x</sub> <V of="real">y</V>| + |∂<sub>y</sub> <V of="real">y</V>|
      </Formula>
    ),
    weight: 'tv',
    symbol: 'weight',
  },
  {
    term: 'cycle',
    equation: null,
    says: 'On real rain: derained image plus the rain found should give back the input.',
    formula: (
      <Formula spoken="mean absolute difference of y real plus z real and x real">
        |<V of="real">y</V> + <V of="real">z</V> − <V of="real">x</V>|
      </Formula>
    ),
    weight: 'cycle',
    symbol: 'weight',
  },
  {
    term: 'distillReal',
    equation: 10,
    says: 'On real rain, the student F₃ should match the teacher.',
    formula: (
      <Formula spoken="mean absolute difference of F3 of x real and y real">
        |F<sub>3</sub>(<V of="real">x</V>) − <V of="real">y</V>|
      </Formula>
    ),
    weight: 'distillation',
    symbol: 'weight',
  },
  {
    term: 'distillRef',
    equation: 10,
    says: 'On a clean image with real rain added, the student should return the clean image. φ multiplies the weight above.',
    formula: (
      <Formula spoken="phi times mean absolute difference of F3 of x ref and y g t">
        <V>φ</V> · |F<sub>3</sub>(<V of="ref">x</V>) − <V of="gt">y</V>|
      </Formula>
    ),
    weight: 'phi',
    symbol: 'φ',
  },
  {
    term: 'labelled',
    equation: null,
    says: 'Not in the paper: labelled synthetic rain, shown to the student directly. 0 leaves it out.',
    formula: (
      <Formula spoken="mean absolute difference of F3 of x syn and y g t">
        |F<sub>3</sub>(<V of="syn">x</V>) − <V of="gt">y</V>|
      </Formula>
    ),
    weight: 'labelled',
    symbol: 'weight',
  },
];
