import { useEffect } from 'react';
import { architectureList } from '../../../core/architectures/architectureList.ts';
import { presets } from '../../../core/training/config.ts';
import type { TrainingConfig } from '../../../core/training/config.ts';
import { basePreset } from '../../../core/training/settingsLink.ts';
import { formatModel } from '../../models/format.ts';
import { MODEL_FILES } from '../../models/modelFileNames.ts';
import { ModelQuestionDialog } from '../../models/ModelQuestionDialog.tsx';
import { modelWorker } from '../../models/modelWorker.ts';
import { openModels, useModels } from '../../models/registry.ts';
import { FileButton } from '../../ui/FileButton.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { replaceConfig } from '../run/currentSettings.ts';
import { chooseTeacher, importTeacher, openedTeacher, useTeacherFiles } from '../run/teacherChoice.ts';
import { useTraining } from '../run/trainingStore.ts';
import { Group, SettingField } from './Group.tsx';
import style from './SettingsPanel.module.css';
import type { Settings } from './useSettings.ts';

/** The architecture of settings that name none. */
const USUAL = 'edsr';

/** Who teaches, and what the networks that are trained look like. */
export function NetworksGroup({ settings }: { readonly settings: Settings }) {
  const parameters = useTraining(({ about }) => about?.parameters);
  const hintOf = (name: 'f1' | 'f2' | 'f3'): { hint?: string } =>
    settings.running && parameters
      ? { hint: `${settings.setting(name).hint}. ${formatCount(parameters[name])} parameters` }
      : {};
  const trainsTeacher = settings.config.teacher === undefined;
  return (
    <Group
      title="Networks"
      lock={settings.running ? 'Fixed while training runs: the weights would not fit another size.' : null}
    >
      <TeacherField settings={settings} />
      <SelectField
        label={trainsTeacher ? 'Architecture of F₁ and F₃' : 'Architecture of F₃'}
        value={settings.config.networks.architecture ?? USUAL}
        options={architectureList.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={(id) => replaceConfig(withArchitecture(settings.config, id))}
        disabled={settings.running}
        hint="EDSR is the paper’s network; the others start at their published sizes."
      />
      <SettingField settings={settings} of="blocks" />
      {trainsTeacher && (
        <>
          <SettingField settings={settings} of="f1" {...hintOf('f1')} />
          <SettingField settings={settings} of="f2" {...hintOf('f2')} />
        </>
      )}
      <SettingField settings={settings} of="f3" {...hintOf('f3')} />
      <SettingField settings={settings} of="imageSkip" />
    </Group>
  );
}

function TeacherField({ settings }: { readonly settings: Settings }) {
  const models = (useModels((state) => state.models) ?? []).filter(({ format }) => format !== 'onnx');
  const opened = openedTeacher(useTeacherFiles(({ files }) => files));
  useEffect(() => void openModels(), []);
  const { teacher } = settings.config;
  const listed = [
    { value: '', label: 'Trained here: F₁ and F₂' },
    ...models.map((model) => ({ value: model.id, label: formatModel(model) })),
    ...(opened === null ? [] : [{ value: opened, label: nameOf(opened) }]),
  ];
  const isListed = teacher === undefined || listed.some(({ value }) => value === teacher);
  return (
    <>
      <SelectField
        label={settings.setting('teacher').label}
        value={teacher ?? ''}
        options={isListed ? listed : [...listed, { value: teacher, label: `${nameOf(teacher)} (not here)` }]}
        onChange={(id) => chooseTeacher(id === '' ? null : id)}
        disabled={settings.running}
        hint={
          teacher === undefined
            ? settings.setting('teacher').hint!
            : 'It stays as it is, so only the student is trained. Rainy and clean images that belong to no pair are enough.'
        }
      />
      <FileButton
        chooses="Teacher file"
        accept={MODEL_FILES.replace('.onnx,', '')}
        multiple
        icon={<Icon name="folder" />}
        className={style.start}
        disabled={settings.running}
        onFiles={(files) => void importTeacher(modelWorker, [...files])}
      >
        Open a model file …
      </FileButton>
      <ModelQuestionDialog />
    </>
  );
}

/** 'PReNet.pth' of 'opened:PReNet.pth'. */
function nameOf(teacher: string): string {
  return teacher.slice(teacher.indexOf(':') + 1);
}

/** The networks of an architecture in its published size; EDSR's in that of the preset. */
function withArchitecture(config: TrainingConfig, id: string): TrainingConfig {
  const { architecture: _, blocks: __, ...networks } = config.networks;
  const { blocks, filters } = presets[basePreset(config)].networks;
  if (id === USUAL) return { ...config, networks: { ...networks, blocks, filters } };
  const listed = architectureList.find((entry) => entry.id === id)!;
  return {
    ...config,
    networks: {
      ...networks,
      architecture: id,
      blocks: listed.blocks,
      filters: { ...config.networks.filters, f1: listed.filters, f3: listed.filters },
      f2Blocks: networks.f2Blocks ?? blocks,
    },
  };
}
