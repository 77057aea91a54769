import { useState } from 'react';
import { formatModel } from '../../models/format.ts';
import { useModels } from '../../models/registry.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { currentPhoto, setupOf } from '../queue/state.ts';
import { chooseForAll, useQueue } from '../session/derainQueue.ts';
import { STRENGTH } from '../session/settings.ts';
import panel from '../../ui/Panel.module.css';

/** Another student or strength for every photo of the queue. */
export function RunAllDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Run all again with …">
      {open && <Choice onClose={onClose} />}
    </Dialog>
  );
}

function Choice({ onClose }: { readonly onClose: () => void }) {
  const models = useModels((state) => state.models) ?? [];
  const settings = useQueue((state) => state.settings);
  const photo = useQueue(currentPhoto);
  const count = useQueue(({ photos }) => photos.filter(({ state }) => state !== 'refused').length);
  const now = photo ? setupOf(settings, photo) : settings;
  const [model, setModel] = useState(now.model ?? '');
  const [strength, setStrength] = useState(now.strength);
  return (
    <form
      className={panel.section}
      onSubmit={(event) => {
        event.preventDefault();
        chooseForAll({ model, strength });
        onClose();
      }}
    >
      <SelectField
        label="Student"
        value={model}
        options={models.map((one) => ({ value: one.id, label: formatModel(one) }))}
        onChange={setModel}
      />
      <RangeField label="Strength" value={strength} {...STRENGTH} unit="%" onChange={setStrength} />
      <p className={panel.quiet}>
        What was chosen for single photos gives way. Photos that are done with this student already are not computed
        anew.
      </p>
      <Button type="submit" variant="primary" icon={<Icon name="redo" size={16} />} disabled={model === ''}>
        Run all {count} again
      </Button>
    </form>
  );
}
