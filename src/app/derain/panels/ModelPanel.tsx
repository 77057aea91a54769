import { useRef, useState } from 'react';
import { linkTo } from '../../routing/route.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { formatModel, formatProvenance } from '../../models/format.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { ModelDialog } from '../../models/ModelDialog.tsx';
import { ModelExportDialog } from '../../models/ModelExportDialog.tsx';
import { MODEL_FILES } from '../../models/modelFileNames.ts';
import { ModelQuestionDialog } from '../../models/ModelQuestionDialog.tsx';
import { useModels } from '../../models/registry.ts';
import { suggestStudent, useStudentSpeeds } from '../../models/suggestion.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { adaptation, choose, chooseForAll, takeModelFiles } from '../session/choice.ts';
import { useQueue } from '../session/derainQueue.ts';
import { setupOf } from '../queue/state.ts';
import type { Photo } from '../queue/photo.ts';
import { STRENGTH, useDerainSettings } from '../session/settings.ts';
import { formatCount, formatEstimate } from '../../ui/format.ts';
import { AdaptPanel } from '../../adapt/AdaptPanel.tsx';
import { ensembleHint } from './format.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** Which student removes the rain, and how much of it goes. */
export function ModelPanel({ photo }: { readonly photo: Photo | null }) {
  const models = useModels((state) => state.models);
  const error = useQueue((state) => state.modelError);
  const speeds = useQueue((state) => state.speeds);
  const settings = useQueue((state) => state.settings);
  const isOneOfMany = useQueue(({ photos }) => photos.length > 1);
  const { model, ensemble, strength } = photo ? setupOf(settings, photo) : settings;
  const current = models?.find(({ id }) => id === model) ?? null;

  return (
    <section className={panel.section} aria-labelledby="derain-model">
      <div className={style.headRow}>
        <h2 id="derain-model" className={panel.heading}>
          {current?.role === 'teacher' ? 'Teacher' : 'Student'}
          {isOneOfMany && <span className={style.scope}> for this photo</span>}
        </h2>
        <ModelButtons current={current} mine={models?.filter(({ stored }) => stored) ?? []} />
      </div>
      {models && models.length > 0 && (
        <SelectField
          label="Student"
          hideLabel
          value={current?.id ?? ''}
          options={[
            ...(current ? [] : [{ value: '', label: 'Choose a student …', disabled: true }]),
            ...models.map((model) => ({ value: model.id, label: formatModel(model) })),
          ]}
          onChange={(id) => choose(photo, { model: id })}
        />
      )}
      {models && <Missing models={models} current={current} />}
      {current && <About model={current} isChosen={settings.isModelChosen} />}
      {photo && photo.state !== 'refused' && (
        <RangeField
          label="Strength"
          value={strength}
          {...STRENGTH}
          unit="%"
          onChange={(value) => choose(photo, { strength: value })}
        />
      )}
      {current && <Adapt photo={photo} model={current} />}
      {error && (
        <p role="alert" className={panel.error}>
          <strong>{error.name}</strong> {error.reason} {error.hint}
        </p>
      )}
      <SwitchField
        label="Best quality"
        hint={
          current?.format === 'onnx'
            ? 'Not for ONNX models.'
            : ensembleHint(photo, ensemble, current ? speeds[current.id] : undefined)
        }
        checked={ensemble && current?.format !== 'onnx'}
        disabled={current?.format === 'onnx'}
        onChange={(checked) => choose(photo, { ensemble: checked })}
      />
    </section>
  );
}

interface ModelButtonsProps {
  readonly current: ModelChoice | null;
  readonly mine: readonly ModelChoice[];
}

/** Opens model files, exports the model in use, and lists one's own where there are any. */
function ModelButtons({ current, mine }: ModelButtonsProps) {
  const [managing, setManaging] = useState(false);
  const [exporting, setExporting] = useState<ModelChoice | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className={style.headButtons}>
      {mine.length > 0 && (
        <IconButton label="Manage my models" icon={<Icon name="settings" />} onClick={() => setManaging(true)} />
      )}
      {current && current.format !== 'onnx' && (
        <IconButton
          label={`Export ${current.title} …`}
          icon={<Icon name="download" />}
          onClick={() => setExporting(current)}
        />
      )}
      <IconButton label="Add a model file …" icon={<Icon name="folder" />} onClick={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        accept={MODEL_FILES}
        multiple
        hidden
        onChange={(event) => open(event.target)}
        aria-label="Model file"
      />
      <ModelQuestionDialog />
      <ModelDialog open={managing} onClose={() => setManaging(false)} models={mine} />
      {exporting && <ModelExportDialog model={exporting} onClose={() => setExporting(null)} />}
    </div>
  );
}

interface MissingProps {
  readonly models: readonly ModelChoice[];
  readonly current: ModelChoice | null;
}

/** Says so where there is no student, or not the one of the address. */
function Missing({ models, current }: MissingProps) {
  const { model: linked } = useDerainSettings();
  return (
    <>
      {!current && (
        <p className={panel.quiet}>
          There is no trained student here yet. <a href={linkTo('train')}>Train one</a>, or open a file.
        </p>
      )}
      {linked && !models.some(({ id }) => id === linked) && (
        <p className={panel.quiet}>The student in this link is not in this browser; another one is used.</p>
      )}
    </>
  );
}

/** What a student is good for, or why a lighter one is preselected; and its history. */
function About({ model, isChosen }: { readonly model: ModelChoice; readonly isChosen: boolean }) {
  const models = useModels((state) => state.models);
  const summaries = useModels((state) => state.summaries);
  const seconds = useStudentSpeeds((state) => state.seconds);
  const backend = useBackendChoice((state) => state.choice);
  const { model: suggested, insteadOf } = suggestStudent(models, backend, seconds);
  const provenance = model.stored?.provenance ?? summaries[model.id]?.provenance;
  const isLighter = !isChosen && insteadOf && suggested?.id === model.id;
  return (
    <>
      {isLighter ? (
        <p className={panel.quiet}>
          Preselected: {insteadOf.model.title} would take {formatEstimate(insteadOf.seconds)} for 12 megapixels on this
          device.{' '}
          <button type="button" className={style.link} onClick={() => chooseForAll({ model: insteadOf.model.id })}>
            Use {insteadOf.model.title}
          </button>
        </p>
      ) : (
        <p className={panel.quiet}>
          {model.about} {formatCount(model.parameters)} parameters.
        </p>
      )}
      {provenance && (
        <details className={panel.quiet}>
          <summary>How it was trained</summary>
          {formatProvenance(provenance)}
        </details>
      )}
    </>
  );
}

function Adapt({ photo, model }: { readonly photo: Photo | null; readonly model: ModelChoice }) {
  const { adaptSeconds } = useDerainSettings();
  const count = useQueue(({ photos }) => photos.filter(({ state }) => state !== 'refused').length);
  return (
    <AdaptPanel
      photo={photo && { id: photo.id, name: photo.name, isDone: photo.state === 'done' }}
      model={model}
      seconds={adaptSeconds}
      count={count}
      adaptation={adaptation}
    />
  );
}

function open(input: HTMLInputElement): void {
  const files = [...(input.files ?? [])];
  input.value = ''; // The same file can be chosen again.
  takeModelFiles(files);
}
