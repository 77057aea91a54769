import { useMemo } from 'react';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { formatCount } from '../ui/format.ts';
import style from './LibraryView.module.css';
import { deleteForGood, undoDelete } from './libraryActions.ts';
import { deletedRecords, useLibrary } from './libraryStore.ts';
import { countRecords } from './format.ts';

/** The way back from a deletion, for as long as there is one; reloading the page does not take it away. */
export function DeletedBar() {
  const records = useLibrary((state) => state.records);
  const { latest, all } = useMemo(() => deletedRecords(records), [records]);
  const pairsOnly = latest.every((id) => records.get(id)?.collection === 'pairs');
  return (
    <div role="status" className={style.deleted} hidden={all === 0}>
      {all > 0 && (
        <>
          <span>{countRecords(latest.length, pairsOnly ? 'pairs' : 'mixed')} deleted</span>
          <Button variant="quiet" icon={<Icon name="undo" />} onClick={() => void undoDelete()}>
            Undo
          </Button>
          <Button variant="quiet" onClick={() => void deleteForGood()}>
            {all > latest.length ? `Delete all ${formatCount(all)} for good` : 'Delete for good'}
          </Button>
        </>
      )}
    </div>
  );
}
