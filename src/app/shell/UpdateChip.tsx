import { Chip } from '../ui/Chip.tsx';
import { Icon } from '../ui/Icon.tsx';
import style from './UpdateChip.module.css';
import { takeNewVersion, useUpdate } from './updates.ts';

/** Says that a newer version waits; a press uses it. */
export function UpdateChip() {
  const waiting = useUpdate((state) => state.waiting);
  if (!waiting) return null;
  return (
    <div className={style.update}>
      <Chip
        icon={<Icon name="redo" size={16} />}
        label="Update waiting: load the new version"
        onClick={() => void takeNewVersion()}
      >
        Update waiting
      </Chip>
    </div>
  );
}
