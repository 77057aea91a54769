import { useMemo } from 'react';
import { bytesOf } from '../../browser/library/records.ts';
import type { LibraryRecord } from '../../protocol/libraryRecord.ts';
import { keepStorage, useStorage } from '../device/storageStore.ts';
import { Button } from '../ui/Button.tsx';
import { formatBytes } from '../ui/format.ts';
import style from './LibraryView.module.css';
import { countRecords } from './format.ts';

/** How much is stored and whether the browser has promised to keep it. */
export function StorageLine({ records }: { readonly records: ReadonlyMap<string, LibraryRecord> }) {
  const { persistent, asking } = useStorage();
  const all = useMemo(() => [...records.values()], [records]);
  const bytes = useMemo(() => all.reduce((sum, record) => sum + bytesOf(record), 0), [all]);
  return (
    <p className={style.storage}>
      {countRecords(all.length, 'mixed')} in all, {formatBytes(bytes)}, stored in this browser only.{' '}
      {persistent === true && 'The browser keeps them until you delete them.'}
      {persistent === false && 'The browser may clear them when the disk runs low, so keep your own copies.'}
      {persistent === false && (
        <Button variant="quiet" busy={asking} onClick={() => void keepStorage()}>
          {asking ? 'Waiting for the browser …' : 'Make storage persistent'}
        </Button>
      )}
    </p>
  );
}
