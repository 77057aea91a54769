import { useEffect, useId, useRef, useState } from 'react';
import type { KeptRun } from '../../../protocol/runs.ts';
import { presets } from '../../../core/training/config.ts';
import {
  begunWith,
  networksInWords,
  problemOfExperiment,
  variantsOf,
  type Experiment,
  type Variant,
} from '../../../core/training/experiment.ts';
import { settingsOf } from '../../../core/training/settingsSchema.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { useRuns } from '../runs/runsStore.ts';
import { Button } from '../../ui/Button.tsx';
import { formatCount } from '../../ui/format.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
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

/** The setting of the route that names the run to begin with. */
const START = 'start';
const FRESH = '';

/** Any setting over any values, from fresh weights or from those of a kept run. */
export function OwnExperiment({ isBusy, seeds, onStart }: OwnExperimentProps) {
  const id = useId();
  const [key, setKey] = useState('rate');
  const [text, setText] = useState('4e-4, 8e-4, 1.6e-3');
  const [isCompared, setIsCompared] = useState(false);
  const asked = useRoute((route) => route.settings.lab[START]) ?? FRESH;
  const kept = (useRuns((state) => state.runs) ?? []).filter(({ summary }) => summary !== null);
  const start = kept.find((run) => run.id === asked);
  const details = useRef<HTMLDetailsElement>(null);
  const startId = start?.id;
  useEffect(() => {
    if (startId !== undefined) details.current?.scrollIntoView({ block: 'center' });
  }, [startId]);
  const setting = choices.find((choice) => choice.key === key) ?? choices[0]!;
  const values = text.split(/[\s,;]+/).filter(Boolean);
  const experiment: Experiment = {
    kind: 'own',
    title: setting.label,
    base: presets.quick,
    variants: startedVariants(variantsOf(setting.key, values, setting.short ?? setting.label), start, isCompared),
    seeds,
  };
  const problem = problemOfExperiment(experiment);
  return (
    <details ref={details} className={style.own} open={start !== undefined || undefined}>
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
      <SelectField
        label="Weights at the start"
        value={start?.id ?? FRESH}
        options={[
          { value: FRESH, label: 'Fresh' },
          ...kept.map(({ id: value, label, summary }) => ({
            value,
            label: `${label.name}, step ${formatCount(summary!.step)}`,
          })),
        ]}
        onChange={(value) => replaceSettings('lab', { [START]: value || null })}
      />
      {start && (
        <SwitchField
          label="Compare with fresh weights"
          hint="Each variant also with fresh weights, on networks of the same size."
          checked={isCompared}
          onChange={setIsCompared}
        />
      )}
      {problem && <p className={style.failure}>{problem}</p>}
      <Button disabled={isBusy || problem !== null} onClick={() => onStart(experiment)}>
        Start {experiment.variants.length} variants
      </Button>
    </details>
  );
}

/** The variants begun with a kept run, and beside them the same with fresh weights. */
function startedVariants(variants: readonly Variant[], start: KeptRun | undefined, isCompared: boolean): Variant[] {
  const config = start?.summary?.config;
  if (!start || !config) return [...variants];
  const networks = networksInWords(config);
  const fresh = variants.map(({ name, set }) => ({ name: `${name}, fresh`, set: `${set}+${networks}` }));
  return [...begunWith(variants, start.id, config), ...(isCompared ? fresh : [])];
}
