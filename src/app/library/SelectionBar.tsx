import { bytesOf } from '../../browser/library/records.ts';
import type { LibraryRecord } from '../../protocol/libraryRecord.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { formatBytes } from '../ui/format.ts';
import style from './LibraryView.module.css';
import { moveTo } from './libraryActions.ts';
import { countRecords } from './format.ts';

export interface SelectionBarProps {
  readonly chosen: readonly LibraryRecord[];
  readonly onOpen: (id: string) => void;
  readonly onDelete: () => void;
  readonly onClear: () => void;
}

/** What can be done with the chosen images. */
export function SelectionBar({ chosen, onOpen, onDelete, onClear }: SelectionBarProps) {
  const [first] = chosen;
  if (!first) return null;
  const other = first.collection === 'clean' ? 'rainy' : 'clean';
  const move = () => {
    void moveTo(
      chosen.map((record) => record.id),
      other,
    );
    onClear();
  };
  return (
    <div className={style.selection} role="toolbar" aria-label="Selected images">
      <span className={style.quiet}>
        {countRecords(chosen.length, first.collection)},{' '}
        {formatBytes(chosen.reduce((sum, record) => sum + bytesOf(record), 0))}
      </span>
      {chosen.length === 1 && (
        <Button variant="quiet" onClick={() => onOpen(first.id)}>
          Open
        </Button>
      )}
      {first.collection !== 'pairs' && (
        <Button variant="quiet" onClick={move}>
          Move to {other === 'rainy' ? 'Rainy' : 'Clean'}
        </Button>
      )}
      <Button variant="quiet" icon={<Icon name="trash" />} onClick={onDelete}>
        Delete
      </Button>
    </div>
  );
}
