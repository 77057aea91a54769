import { useState } from 'react';
import { deleteModel, renameModel } from '../../browser/models.ts';
import { IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { notify } from '../ui/notices.ts';
import panel from '../ui/Panel.module.css';
import style from './ModelDialog.module.css';
import type { ModelChoice } from './registry.ts';

export interface ModelDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly models: readonly ModelChoice[];
}

/** The person's own models, to be renamed or deleted. */
export function ModelDialog({ open, onClose, models }: ModelDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="My models">
      <ul className={style.models}>
        {models.map(
          ({ stored }) =>
            stored && <ModelRow key={stored.id} id={stored.id} title={stored.title} savedAt={stored.savedAt} />,
        )}
      </ul>
      {models.length === 0 && <p className={panel.quiet}>No models are left.</p>}
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
