import { describe, expect, it } from 'vitest';
import { presets } from './config.ts';
import {
  axisOf,
  begunWith,
  decodeExperiment,
  encodeExperiment,
  experimentOfLink,
  linkOfExperiment,
  plannedRuns,
  problemOfExperiment,
} from './experiment.ts';
import type { Experiment } from './experiment.ts';
import { ExperimentError } from './settingWords.ts';
import { withinBudget, estimatedMs } from './experimentBudget.ts';
import { measures, resultRows, resultTable } from './experimentResults.ts';
import { experimentOf, firstMeasure, readyExperiments } from './readyExperiments.ts';
import { stepOperations } from './stepTime.ts';

const base = presets.quick;
const lambda: Experiment = {
  kind: 'own',
  title: 'λ, two of them',
  base,
  variants: [
    { name: 'none', set: 'lambda=0' },
    { name: 'much & wide', set: 'lambda=2+kernel=7' },
  ],
  seeds: [3, 4],
};

describe('an experiment', () => {
  it('plans a run for every variant and seed, on the base with the settings of the variant', () => {
    const runs = plannedRuns(lambda);
    expect(runs.map(({ key }) => key)).toEqual([
      'none, seed 3',
      'much & wide, seed 3',
      'none, seed 4',
      'much & wide, seed 4',
    ]);
    expect(runs[3]!.config).toEqual({
      ...base,
      preset: 'custom',
      hyperparameters: { ...base.hyperparameters, lambda: 2, kernelSize: 7 },
      run: { ...base.run, seed: 4 },
    });
  });

  it.each(readyExperiments.map((ready) => [ready.kind, ready] as const))(
    'that is ready-made can be run: %s',
    (_, ready) => {
      const experiment = experimentOf(ready, base, [1]);
      expect(problemOfExperiment(experiment)).toBeNull();
      const configs = plannedRuns(experiment).map(({ config }) => JSON.stringify({ ...config, preset: '' }));
      expect(new Set(configs).size).toBe(configs.length);
    },
  );

  it('opens on what shows its effect: those of (5) on the rain map, others on the student', () => {
    const ofMap = ['lambda', 'kernel', 'regularizer', 'labelError'];
    for (const { kind } of readyExperiments)
      expect([kind, firstMeasure(kind)]).toEqual([kind, ofMap.includes(kind) ? 'rainMapPsnr' : 'studentPsnr']);
    expect(firstMeasure(lambda.kind)).toBe('studentPsnr');
  });

  it('comes back from its file and from its link', () => {
    expect(decodeExperiment(encodeExperiment(lambda))).toEqual(lambda);
    expect(experimentOfLink(linkOfExperiment(lambda))).toEqual(lambda);
    expect(experimentOfLink({ patch: '1' })).toBeNull();
    const changed: Experiment = {
      ...lambda,
      changes: [{ step: 4, set: 'lambda=3+disabledTerms=tv,cycle' }],
      images: { clean: ['0123abcd', '89abcdef'], rainy: ['00000000'], pairs: [] },
    };
    expect(decodeExperiment(encodeExperiment(changed))).toEqual(changed);
    expect(experimentOfLink(linkOfExperiment(changed))).toEqual(changed);
    const begun = { ...lambda, variants: begunWith(lambda.variants, 'train-7-1', base) };
    expect(decodeExperiment(encodeExperiment(begun))).toEqual(begun);
    expect(experimentOfLink(linkOfExperiment(begun))).toEqual(begun);
  });

  it('is refused with a reason when it cannot be run', () => {
    const reason = (changes: Partial<Experiment>): string | null => problemOfExperiment({ ...lambda, ...changes });
    expect(reason({ seeds: [1, 1] })).toMatch(/twice/);
    expect(reason({ variants: [{ name: 'a', set: 'lamda=1' }] })).toMatch(/no setting 'lamda'/);
    expect(reason({ variants: [{ name: 'a', set: 'lambda=-1' }] })).toMatch(/hyperparameters.lambda must be/);
    expect(reason({ variants: [] })).toMatch(/needs a variant/);
    expect(reason({ changes: [{ step: 2, set: 'seed=2' }] })).toMatch(/cannot be changed/);
    expect(reason({ changes: [{ step: 2, set: 'lambda=-1' }] })).toMatch(/^Step 2: hyperparameters.lambda must be/);
    expect(() => decodeExperiment('{"format":"petrichor-experiment","version":9}')).toThrow(ExperimentError);
    expect(() => decodeExperiment('[')).toThrow(/not JSON/);
  });

  it('has an axis when one number differs', () => {
    const of = (...sets: string[]) => axisOf({ base, variants: sets.map((set) => ({ name: set, set })) });
    expect(of('lambda=0', 'lambda=2')).toMatchObject({ label: 'λ', values: [0, 2] });
    expect(of('disabledTerms=direction', 'kernel=3', 'kernel=7')?.values).toEqual([null, 3, 7]);
    expect(of('lambda=0', 'phi=1')).toBeNull();
  });
});

describe('a budget', () => {
  it('gives the largest networks that still get some hundred steps, and its estimate fits it', () => {
    const small = withinBudget(lambda, 1, 40);
    const large = withinBudget(lambda, 60, 40);
    expect(stepOperations(large.base)).toBeGreaterThan(stepOperations(small.base));
    expect(problemOfExperiment(small)).toBeNull();
    for (const [experiment, minutes] of [
      [small, 1],
      [large, 60],
    ] as const) {
      const ms = estimatedMs(experiment, 40);
      expect(ms).toBeLessThanOrEqual(minutes * 60e3);
      expect(ms).toBeGreaterThan(minutes * 60e3 * 0.9);
    }
  });
});

describe('results', () => {
  const validated = (student: number) => ({
    type: 'validated' as const,
    step: 12,
    images: 2,
    psnr: { rainy: 20, teacher: 25, student, rainMap: 24 },
    ssim: { rainy: 0.8, teacher: 0.85, student: 0.9 },
    scores: { rainy: {}, teacher: { mapSsimY: 0.7 }, student: {} },
  });
  const rows = resultRows([
    { variant: 'λ 0', seed: 1, result: validated(30) },
    { variant: 'a,"b"', seed: 1, result: validated(20) },
    { variant: 'λ 0', seed: 2, result: validated(32) },
  ]);

  it('are means over the seeds with the sample standard deviation', () => {
    expect(rows[0]).toMatchObject({ variant: 'λ 0', seeds: [1, 2], step: 12 });
    expect(rows[0]!.spreads['studentPsnr']!.mean).toBe(31);
    expect(rows[0]!.spreads['studentPsnr']!.deviation).toBeCloseTo(Math.SQRT2, 12);
  });

  it('leave out what a run of an earlier version did not measure', () => {
    const { scores: _, ...earlier } = validated(30);
    const old = resultRows([{ variant: 'λ 0', seed: 1, result: earlier }]);
    expect(resultTable(old, 'csv').split('\n')[1]).toMatch(/,24,0,,$/);
    expect(resultTable(old, 'markdown')).toContain('| 24.00 | – |');
  });

  it('are written as CSV, Markdown and LaTeX', () => {
    const [head, first, second] = resultTable(rows, 'csv').split('\n');
    expect(head!.split(',').length).toBe(3 + 2 * measures.length);
    expect(first).toMatch(/^λ 0,1 2,12,31,1\.41/);
    expect(head).toMatch(/rainMapPsnr,rainMapPsnr_sd,rainMapSsim,rainMapSsim_sd$/);
    expect(second).toMatch(/^"a,""b""",1,12,20,0,.*,24,0,0\.7,0$/);
    expect(resultTable(rows, 'markdown')).toContain('| 24.00 ± 0.00 | 0.7000 ± 0.0000 |');
    expect(resultTable(rows, 'markdown')).toContain('| λ 0 | 12 | 31.00 ± 1.41 | 0.9000 ± 0.0000 |');
    expect(resultTable(rows, 'latex')).toContain('$\\lambda$ 0 & 12 & 31.00 $\\pm$ 1.41 &');
  });
});
