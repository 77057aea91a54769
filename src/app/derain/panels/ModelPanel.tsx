import { useRef, useState } from 'react';
import { deleteModel, renameModel } from '../../../browser/models.ts';
import { linkTo } from '../../routing/route.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { notify } from '../../ui/notices.ts';
import { RangeField } from '../../ui/RangeField.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { formatModel, formatProvenance } from '../../models/format.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { ModelExportDialog } from '../../models/ModelExportDialog.tsx';
import { MODEL_FILES } from '../../models/modelFileNames.ts';
import { ModelQuestionDialog } from '../../models/ModelQuestionDialog.tsx';
import { useModels } from '../../models/registry.ts';
import { suggestStudent, useStudentSpeeds } from '../../models/suggestion.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { adaptation } from '../session/adaptation.ts';
import { choose, chooseForAll, takeModelFiles, useQueue } from '../session/derainQueue.ts';
import { ENSEMBLE_SIZE } from '../queue/run.ts';
import { setupOf } from '../queue/state.ts';
import type { Photo } from '../queue/state.ts';
import { STRENGTH, useDerainSettings } from '../session/settings.ts';
import { formatCount, formatEstimate, formatShortDuration } from '../../ui/format.ts';
import { AdaptPanel } from '../../adapt/AdaptPanel.tsx';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** Which student removes the rain, and how much of it goes. */
export function ModelPanel({ photo }: { readonly photo: Photo | null }) {
  const models = useModels((state) => state.models);
  const error = useQueue((state) => state.modelError);
  const summaries = useModels((state) => state.summaries);
  const speeds = useQueue((state) => state.speeds);
  const { model: linked } = useDerainSettings();
  const settings = useQueue((state) => state.settings);
  const isOneOfMany = useQueue(({ photos }) => photos.length > 1);
  const { model, ensemble, strength } = photo ? setupOf(settings, photo) : settings;
  const [managing, setManaging] = useState(false);
  const [exporting, setExporting] = useState<ModelChoice | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const current = models?.find(({ id }) => id === model) ?? null;
  const provenance = current && (current.stored?.provenance ?? summaries[current.id]?.provenance);
  const mine = models?.filter(({ stored }) => stored) ?? [];

  return (
    <section className={panel.section} aria-labelledby="derain-model">
      <div className={style.headRow}>
        <h2 id="derain-model" className={panel.heading}>
          Student
          {isOneOfMany && <span className={style.scope}> for this photo</span>}
        </h2>
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
          <IconButton
            label="Add a model file …"
            icon={<Icon name="folder" />}
            onClick={() => picker.current?.click()}
          />
        </div>
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
      {models && !current && (
        <p className={panel.quiet}>
          There is no trained student here yet. <a href={linkTo('train')}>Train one</a>, or open a file.
        </p>
      )}
      {models && linked && !models.some(({ id }) => id === linked) && (
        <p className={panel.quiet}>The student in this link is not in this browser; another one is used.</p>
      )}
      {current && <About model={current} isChosen={settings.isModelChosen} />}
      {provenance && (
        <details className={panel.quiet}>
          <summary>How it was trained</summary>
          {formatProvenance(provenance)}
        </details>
      )}
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
            : priceOf(photo, ensemble, current ? speeds[current.id] : undefined)
        }
        checked={ensemble && current?.format !== 'onnx'}
        disabled={current?.format === 'onnx'}
        onChange={(checked) => choose(photo, { ensemble: checked })}
      />
      {exporting && <ModelExportDialog model={exporting} onClose={() => setExporting(null)} />}
      <ModelDialog open={managing} onClose={() => setManaging(false)} models={mine} />
    </section>
  );
}

/** What a student is good for, or why a lighter one is preselected. */
function About({ model, isChosen }: { readonly model: ModelChoice; readonly isChosen: boolean }) {
  const models = useModels((state) => state.models);
  const seconds = useStudentSpeeds((state) => state.seconds);
  const backend = useBackendChoice((state) => state.choice);
  const { model: suggested, insteadOf } = suggestStudent(models, backend, seconds);
  if (isChosen || !insteadOf || suggested?.id !== model.id)
    return (
      <p className={panel.quiet}>
        {model.about} {formatCount(model.parameters)} parameters.
      </p>
    );
  const { model: better, seconds: took } = insteadOf;
  return (
    <p className={panel.quiet}>
      Preselected: {better.title} would take {formatEstimate(took)} for 12 megapixels on this device.{' '}
      <button type="button" className={style.link} onClick={() => chooseForAll({ model: better.id })}>
        Use {better.title}
      </button>
    </p>
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

/** What the eightfold work costs on this photo, from the time per pixel that the model took here. */
function priceOf(photo: Photo | null, ensemble: boolean, msPerPixel: number | undefined): string {
  const what = 'Averages eight passes';
  if (ensemble && photo?.ms) return `${what}. Took ${formatShortDuration(photo.ms)}.`;
  if (!photo?.size || msPerPixel === undefined) return `${what}; 8× slower.`;
  const once = msPerPixel * photo.size.width * photo.size.height;
  return `${what}: ${formatShortDuration(ENSEMBLE_SIZE * once)}, not ${formatShortDuration(once)}.`;
}

function ModelDialog({
  open,
  onClose,
  models,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly models: readonly ModelChoice[];
}) {
  return (
    <Dialog open={open} onClose={onClose} title="My models">
      <ul className={style.models}>
        {models.map(
          ({ stored }) =>
            stored && <ModelRow key={stored.id} id={stored.id} title={stored.title} savedAt={stored.savedAt} />,
        )}
      </ul>
      {models.length === 0 && <p className={panel.quiet}>There are none left.</p>}
    </Dialog>
  );
}

function ModelRow({ id, title, savedAt }: { readonly id: string; readonly title: string; readonly savedAt: number }) {
  const [draft, setDraft] = useState(title);
  const remove = async (): Promise<void> => {
    const restore = await deleteModel(id);
    notify({ text: `“${title}” was deleted.`, action: { label: 'Undo', run: () => void restore() } });
  };
  return (
    <li className={style.model}>
      <input
        type="text"
        className={panel.text}
        aria-label={`Name of ${title}`}
        value={draft}
        maxLength={80}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => void renameModel(id, draft)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <span className={panel.quiet}>{new Date(savedAt).toLocaleDateString('en', { dateStyle: 'medium' })}</span>
      <IconButton label={`Delete ${title}`} icon={<Icon name="trash" />} onClick={() => void remove()} />
    </li>
  );
}
