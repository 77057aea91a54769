import { useId, useState } from 'react';
import { presets } from '../../../core/training/config.ts';
import { problemOfExperiment, variantsOf, type Experiment } from '../../../core/training/experiment.ts';
import { settingsOf } from '../../../core/training/settingsSchema.ts';
import { Button } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import style from './ExperimentsLab.module.css';

export interface OwnExperimentProps {
  readonly isBusy: boolean;
  readonly seeds: readonly number[];
  readonly onStart: (experiment: Experiment) => void;
}

/** Settings of size and time are the budget's. */
const BY_BUDGET = /^(networks|run)\./;
const choices = settingsOf(presets.quick).filter(
  ({ path, kind }) => !BY_BUDGET.test(path) && kind !== 'name' && kind !== 'list',
);

/** Any setting over any values. */
export function OwnExperiment({ isBusy, seeds, onStart }: OwnExperimentProps) {
  const id = useId();
  const [key, setKey] = useState('rate');
  const [text, setText] = useState('4e-4, 8e-4, 1.6e-3');
  const setting = choices.find((choice) => choice.key === key) ?? choices[0]!;
  const values = text.split(/[\s,;]+/).filter(Boolean);
  const experiment: Experiment = {
    kind: 'own',
    title: setting.label,
    base: presets.quick,
    variants: variantsOf(setting.key, values, setting.short ?? setting.label),
    seeds,
  };
  const problem = problemOfExperiment(experiment);
  return (
    <details className={style.own}>
      <summary>Your own</summary>
      <SelectField
        label="Setting"
        value={setting.key}
        options={choices.map(({ key: value, label }) => ({ value, label }))}
        onChange={setKey}
      />
      <label htmlFor={id}>Values, with commas between them</label>
      <input
        id={id}
        className={style.values}
        type="text"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {problem && <p className={style.failure}>{problem}</p>}
      <Button disabled={isBusy || problem !== null} onClick={() => onStart(experiment)}>
        Start {values.length} variants
      </Button>
    </details>
  );
}
