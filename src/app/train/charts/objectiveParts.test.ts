import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { paperHyperparameters } from '../../../core/paper/hyperparameters.ts';
import { lossTermNames } from '../../../core/paper/lossTerms.ts';
import { functionSource } from './functionSource.ts';
import { objectiveParts } from './objectiveParts.ts';

it('the parts of the objective are its terms by their weights; what is switched off has none', () => {
  const losses = Object.fromEntries(lossTermNames().map((name) => [name, 0.5]));
  const parts = objectiveParts(losses, { ...paperHyperparameters, disabledTerms: ['tv'] });
  expect(parts.find(({ term }) => term === 'direction')).toEqual({
    term: 'direction',
    weight: 1.2,
    value: 0.5,
    part: 0.6,
  });
  expect(parts.find(({ term }) => term === 'distillRef')?.weight).toBe(10);
  expect(parts.map(({ term }) => term)).not.toContain('tv');
});

it('every term has a function of its name in the losses of the paper', () => {
  const file = readFileSync('src/core/paper/losses.ts', 'utf8');
  for (const name of lossTermNames()) {
    const source = functionSource(file, `${name}Loss`);
    expect(source).toMatch(new RegExp(`^/\\*\\*[^]*\\*/\nexport function ${name}Loss\\([^]*\\n}$`));
    expect(source!.match(/export /g)).toHaveLength(1);
  }
  expect(functionSource(file, 'noLoss')).toBeNull();
});
