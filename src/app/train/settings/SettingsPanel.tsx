import type { PresetName } from '../../../core/training/config.ts';
import { Button } from '../../ui/Button.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { formatCount } from '../../ui/format.ts';
import { useTraining } from '../run/trainingStore.ts';
import { DataGroup } from './DataGroup.tsx';
import { LossTermRow } from './LossTermRow.tsx';
import { lossTermTexts } from './lossTermTexts.tsx';
import { Figure, Group } from './Group.tsx';
import { basePreset, numberPaths } from '../run/settingKeys.ts';
import style from './SettingsPanel.module.css';
import { useSettings } from './useSettings.ts';
import type { Settings } from './useSettings.ts';

const presetSays: Readonly<Record<PresetName, string>> = {
  quick: 'Small networks that show the method in minutes on any machine.',
  small: 'A useful student in an evening on a laptop with a graphics processor.',
  paper: 'The size of the publication: a strong graphics processor and many hours.',
};

/** Everything that can be set, in the paper's order. */
export function SettingsPanel() {
  const settings = useSettings();
  return (
    <div className={style.panel}>
      <PresetGroup settings={settings} />
      <DataGroup settings={settings} />
      <NetworksGroup settings={settings} />
      <LossesGroup settings={settings} />
      <OptimiserGroup settings={settings} />
      <RunGroup settings={settings} />
    </div>
  );
}

function PresetGroup({ settings }: { readonly settings: Settings }) {
  const base = basePreset(settings.config);
  const locked = settings.locked('preset');
  return (
    <section className={style.preset} aria-label="Preset">
      <SegmentedControl
        label="Preset"
        value={base}
        options={(['quick', 'small', 'paper'] as const).map((value) => ({
          value,
          label: capital(value),
          disabled: locked,
        }))}
        onChange={settings.choosePreset}
      />
      <p className={style.hint}>{presetSays[base]}</p>
      {settings.config.preset === 'custom' && (
        <p className={style.hint}>
          Some settings differ from it; they are in this page’s address, so a link reproduces them.{' '}
          {!locked && (
            <Button variant="quiet" className={style.inline} onClick={() => settings.choosePreset(base)}>
              Back to the preset
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

function NetworksGroup({ settings }: { readonly settings: Settings }) {
  const parameters = useTraining(({ about }) => about?.parameters);
  const locked = settings.locked('networks.blocks');
  const hint = (name: 'f1' | 'f2' | 'f3', what: string): string =>
    locked && parameters ? `${what}: ${formatCount(parameters[name])} weights` : what;
  return (
    <Group
      title="Networks"
      lock={locked ? 'Their size is fixed while training runs: the weights would not fit another.' : null}
    >
      <Figure settings={settings} of="blocks" label="Residual blocks B" />
      <Figure settings={settings} of="f1" label="Filters of F₁" hint={hint('f1', 'Teacher, finds the rain')} />
      <Figure settings={settings} of="f2" label="Filters of F₂" hint={hint('f2', 'Teacher, rebuilds the picture')} />
      <Figure settings={settings} of="f3" label="Filters of F₃" hint={hint('f3', 'Student, the one that is kept')} />
      <SwitchField
        label="Add the input to the output"
        hint="F₂ and F₃ then only learn the correction."
        checked={settings.config.networks.imageSkip}
        onChange={(on) => settings.set('networks.imageSkip', on)}
        disabled={locked}
      />
    </Group>
  );
}

function LossesGroup({ settings }: { readonly settings: Settings }) {
  const { off, kernelSize } = settings.config.hyperparameters;
  return (
    <Group title="Losses" open>
      <p className={style.hint}>All of these can be changed while training runs.</p>
      {lossTermTexts.map((text) => (
        <LossTermRow
          key={text.term}
          text={text}
          on={!off.includes(text.term)}
          weight={settings.number(text.weight)}
          onSwitch={(on) => settings.switchTerm(text.term, on)}
          onWeight={(weight) => settings.setNumber(text.weight, weight)}
          problem={settings.problemAt(numberPaths[text.weight])}
        />
      ))}
      <SelectField
        label="Size of the kernels k"
        value={String(kernelSize)}
        options={[
          { value: '3', label: '3 × 3, plain image gradients' },
          { value: '5', label: '5 × 5, as in the paper' },
          { value: '7', label: '7 × 7' },
        ]}
        onChange={(size) => settings.setNumber('kernel', Number(size))}
      />
    </Group>
  );
}

function OptimiserGroup({ settings }: { readonly settings: Settings }) {
  const locked = settings.locked('hyperparameters.beta1');
  return (
    <Group
      title="Optimiser (Adam)"
      lock={locked ? 'Only the learning rate can change while training runs; the rest is part of Adam’s memory.' : null}
    >
      <Figure settings={settings} of="rate" label="Learning rate" />
      <Figure settings={settings} of="halveEvery" label="Halve it every" unit="epochs" />
      <Figure
        settings={settings}
        of="coolDown"
        label="Cool down over the last"
        unit="steps"
        hint="The rate falls to 0 in a straight line; 0 leaves it as published."
      />
      <SelectField
        label="Update"
        value={settings.config.hyperparameters.mode}
        options={[
          { value: 'alternating', label: 'F₁, F₂, F₃ in turn, as in the paper' },
          { value: 'joint', label: 'all at once' },
          { value: 'teacher', label: 'F₁ and F₂ alone: twice as fast, no student' },
        ]}
        onChange={(mode) => settings.set('hyperparameters.mode', mode)}
        disabled={locked}
      />
      <Figure settings={settings} of="beta1" label="β₁" />
      <Figure settings={settings} of="beta2" label="β₂" />
      <Figure settings={settings} of="epsilon" label="ε" />
      <Figure
        settings={settings}
        of="ema"
        label="Averaging of the weights"
        hint="Share of the average kept at every step; the average is judged and exported."
      />
    </Group>
  );
}

function RunGroup({ settings }: { readonly settings: Settings }) {
  const parts = useTraining(({ phase, about }) => (phase === 'idle' ? undefined : about?.parts));
  const partsHint =
    parts === undefined
      ? 'Saves memory: a step takes its pictures in so many turns, with the same result. 0 chooses.'
      : `Now: ${parts}. The result is the same, the memory less.`;
  return (
    <Group
      title="Run"
      lock={settings.locked('run.seed') ? 'Fixed while training runs. Stop, change them, and start fresh.' : null}
    >
      <Figure settings={settings} of="steps" label="Steps" />
      <Figure settings={settings} of="batch" label="Pictures a step" />
      <Figure settings={settings} of="crop" label="Side of the crops" unit="px" />
      <Figure settings={settings} of="parts" label="Parts of a step" hint={partsHint} />
      <Figure
        settings={settings}
        of="seed"
        label="Seed"
        hint="The same seed, pictures and settings give the same run."
      />
      <Figure settings={settings} of="previewEvery" label="Preview every" unit="steps" />
      <Figure settings={settings} of="validateEvery" label="Validate every" unit="steps" />
      <Figure settings={settings} of="checkpointEvery" label="Save every" unit="steps" />
    </Group>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
