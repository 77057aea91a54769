import type { PresetName } from '../../../core/training/config.ts';
import { basePreset } from '../../../core/training/settingsLink.ts';
import { Button } from '../../ui/Button.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { DataGroup } from './DataGroup.tsx';
import { LossTermRow } from './LossTermRow.tsx';
import { lossTermTexts } from '../run/lossTermTexts.tsx';
import { Group, SettingField } from './Group.tsx';
import { NetworksGroup } from './NetworksGroup.tsx';
import { useTraining } from '../run/trainingStore.ts';
import style from './SettingsPanel.module.css';
import { useSettings } from './useSettings.ts';
import type { Settings } from './useSettings.ts';

const presetSays: Readonly<Record<PresetName, string>> = {
  quick: 'Small networks that show the method in minutes on any machine.',
  small: 'A useful student in an evening on a laptop with a GPU.',
  paper: 'The size of the publication: a strong GPU and many hours.',
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
      <OptimizerGroup settings={settings} />
      <RunGroup settings={settings} />
    </div>
  );
}

function PresetGroup({ settings }: { readonly settings: Settings }) {
  const base = basePreset(settings.config);
  const locked = settings.running;
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
          Customized. The URL includes these settings.{' '}
          {!locked && (
            <Button variant="quiet" className={style.inline} onClick={() => settings.choosePreset(base)}>
              Reset to preset
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

function LossesGroup({ settings }: { readonly settings: Settings }) {
  return (
    <Group title="Losses" open>
      <p className={style.hint}>What training minimizes. All of it can be changed while training runs.</p>
      {lossTermTexts.map((text) => (
        <LossTermRow key={text.term} text={text} settings={settings} />
      ))}
      <SelectField
        label={settings.setting('kernel').label}
        value={String(settings.value('kernel'))}
        options={[
          { value: '3', label: '3 × 3, plain image gradients' },
          { value: '5', label: '5 × 5, as in the paper' },
          { value: '7', label: '7 × 7' },
        ]}
        onChange={(size) => settings.change('kernel', Number(size))}
      />
    </Group>
  );
}

function OptimizerGroup({ settings }: { readonly settings: Settings }) {
  return (
    <Group
      title="Optimizer (Adam)"
      lock={settings.running ? 'Only the learning rate can change while training runs.' : null}
    >
      <SettingField settings={settings} of="rate" />
      <SettingField settings={settings} of="halveEvery" />
      <SettingField settings={settings} of="decaySteps" />
      <SelectField
        label={settings.setting('mode').label}
        value={settings.config.hyperparameters.mode}
        options={[
          { value: 'alternating', label: 'F₁, F₂, F₃ in turn, as in the paper' },
          { value: 'joint', label: 'all at once' },
          { value: 'teacher', label: 'F₁ and F₂ alone: twice as fast, no student' },
          ...(settings.config.teacher === undefined ? [] : [{ value: 'student', label: 'F₃ alone, from its teacher' }]),
          ...(settings.config.hyperparameters.mode === 'supervised'
            ? [{ value: 'supervised', label: 'F₃ alone, from labelled rain' }]
            : []),
        ]}
        onChange={(mode) => settings.change('mode', mode)}
        disabled={settings.running || settings.config.teacher !== undefined}
      />
      <SettingField settings={settings} of="beta1" />
      <SettingField settings={settings} of="beta2" />
      <SettingField settings={settings} of="epsilon" />
      <SettingField settings={settings} of="ema" />
    </Group>
  );
}

function RunGroup({ settings }: { readonly settings: Settings }) {
  const microBatches = useTraining(({ phase, about }) => (phase === 'idle' ? undefined : about?.microBatches));
  return (
    <Group
      title="Run"
      lock={settings.running ? 'Fixed while training runs. Stop, change them, and start a new run.' : null}
    >
      <SettingField settings={settings} of="steps" />
      <SettingField settings={settings} of="batch" />
      <SettingField settings={settings} of="crop" />
      <SettingField
        settings={settings}
        of="microBatches"
        {...(microBatches !== undefined && { hint: `Now ${microBatches}. Same result, less memory.` })}
      />
      <SettingField settings={settings} of="seed" />
      <SettingField settings={settings} of="previewEvery" />
      <SettingField settings={settings} of="validateEvery" />
      <SettingField settings={settings} of="validationCrop" />
      <SettingField settings={settings} of="checkpointEvery" />
    </Group>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
