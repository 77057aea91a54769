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
import { resolveModel, useModels } from '../../models/registry.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { takeModelFile, useQueue } from '../session/derainQueue.ts';
import { ENSEMBLE_SIZE } from '../queue/run.ts';
import type { Photo } from '../queue/state.ts';
import { changeSettings, STRENGTH, useDerainSettings } from '../session/settings.ts';
import { formatCount } from '../../ui/format.ts';
import { AdaptPanel } from './AdaptPanel.tsx';
import { duration } from './format.ts';
import style from './panels.module.css';

/** Which student removes the rain, and how much of it goes. */
export function ModelPanel({ photo }: { readonly photo: Photo | null }) {
  const models = useModels((state) => state.models);
  const error = useQueue((state) => state.modelError);
  const summaries = useModels((state) => state.summaries);
  const speeds = useQueue((state) => state.speeds);
  const { model: chosen, ensemble, strength } = useDerainSettings();
  const [managing, setManaging] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const current = resolveModel(models, chosen);
  const provenance = current && (current.stored?.provenance ?? summaries[current.id]?.provenance);
  const mine = models?.filter(({ stored }) => stored) ?? [];

  return (
    <section className={style.section} aria-labelledby="derain-model">
      <div className={style.headRow}>
        <h2 id="derain-model" className={style.heading}>
          Student
        </h2>
        <div className={style.headButtons}>
          {mine.length > 0 && (
            <IconButton label="Manage my models" icon={<Icon name="settings" />} onClick={() => setManaging(true)} />
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
          onChange={(id) => changeSettings({ model: id })}
        />
      )}
      {models && !current && (
        <p className={style.quiet}>
          There is no trained student here yet. <a href={linkTo('train')}>Train one</a>, or open a file.
        </p>
      )}
      {models && chosen && current && current.id !== chosen && (
        <p className={style.quiet}>The student in this link is not in this browser; another one is used.</p>
      )}
      {current && (
        <p className={style.quiet}>
          {current.about} {formatCount(current.parameters)} parameters.
        </p>
      )}
      {provenance && (
        <details className={style.quiet}>
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
          onChange={(value) => changeSettings({ strength: value })}
        />
      )}
      {current && <AdaptPanel photo={photo} model={current} />}
      <input
        ref={picker}
        type="file"
        accept=".safetensors"
        hidden
        onChange={(event) => void open(event.target)}
        aria-label="Model file"
      />
      {error && (
        <p role="alert" className={style.error}>
          <strong>{error.name}</strong> {error.reason} {error.hint}
        </p>
      )}
      <SwitchField
        label="Best quality"
        hint={priceOf(photo, ensemble, current ? speeds[current.id] : undefined)}
        checked={ensemble}
        onChange={(checked) => changeSettings({ ensemble: checked })}
      />
      <ModelDialog open={managing} onClose={() => setManaging(false)} models={mine} />
    </section>
  );
}

async function open(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = '';
  if (file) await takeModelFile(file);
}

/** What the eightfold work costs on this photo, from the time per pixel that the model took here. */
function priceOf(photo: Photo | null, ensemble: boolean, msPerPixel: number | undefined): string {
  const what = 'Averages eight passes';
  if (ensemble && photo?.ms) return `${what}. Took ${duration(photo.ms)}.`;
  if (!photo?.size || msPerPixel === undefined) return `${what}; 8× slower.`;
  const once = msPerPixel * photo.size.width * photo.size.height;
  return `${what}: ${duration(ENSEMBLE_SIZE * once)}, not ${duration(once)}.`;
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
      {models.length === 0 && <p className={style.quiet}>There are none left.</p>}
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
        className={style.text}
        aria-label={`Name of ${title}`}
        value={draft}
        maxLength={80}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => void renameModel(id, draft)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <span className={style.quiet}>{new Date(savedAt).toLocaleDateString('en', { dateStyle: 'medium' })}</span>
      <IconButton label={`Delete ${title}`} icon={<Icon name="trash" />} onClick={() => void remove()} />
    </li>
  );
}
