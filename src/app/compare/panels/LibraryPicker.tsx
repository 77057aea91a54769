import { useEffect, useState } from 'react';
import { listRecords } from '../../../browser/library/catalogue.ts';
import type { LibraryRecord } from '../../../protocol/libraryRecord.ts';
import { linkTo } from '../../routing/route.ts';
import { BlobImage } from '../../ui/BlobImage.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { countOf } from '../../ui/format.ts';
import { addRecords } from '../session/images.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** So many are listed: a comparison of more takes days. */
const MOST = 300;

/** Rainy photos and pairs of the library to compare on. */
export function LibraryPicker({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [records, setRecords] = useState<readonly LibraryRecord[] | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!open) return;
    listRecords().then(
      (all) => setRecords(all.filter(({ collection, deletedAt }) => collection !== 'clean' && deletedAt === null)),
      () => setRecords([]),
    );
  }, [open]);

  const close = (): void => {
    setChosen(new Set());
    onClose();
  };
  const take = (): void => {
    void addRecords((records ?? []).filter(({ id }) => chosen.has(id)));
    close();
  };
  const toggle = (id: string): void =>
    setChosen((before) => new Set([...before].filter((one) => one !== id).concat(before.has(id) ? [] : id)));
  const pairs = records?.filter(({ collection }) => collection === 'pairs') ?? [];
  const rainy = records?.filter(({ collection }) => collection === 'rainy') ?? [];

  return (
    <Dialog
      open={open}
      onClose={close}
      title="Images from the Library"
      shape="wide"
      actions={
        records &&
        records.length > 0 && (
          <>
            <Button variant="quiet" onClick={close}>
              Cancel
            </Button>
            <Button variant="primary" disabled={chosen.size === 0} onClick={take}>
              {chosen.size === 0 ? 'Add' : `Add ${countOf(chosen.size, 'image')}`}
            </Button>
          </>
        )
      }
    >
      {records?.length === 0 && (
        <p>
          The Library holds no rainy photos or pairs yet. <a href={linkTo('library')}>Go to the Library</a>
        </p>
      )}
      <RecordList title="Pairs, with ground truth" records={pairs} chosen={chosen} onToggle={toggle} />
      <RecordList title="Rainy photos" records={rainy} chosen={chosen} onToggle={toggle} />
    </Dialog>
  );
}

interface RecordListProps {
  readonly title: string;
  readonly records: readonly LibraryRecord[];
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

function RecordList({ title, records, chosen, onToggle }: RecordListProps) {
  if (records.length === 0) return null;
  return (
    <section className={panel.section}>
      <h3>{title}</h3>
      <ul className={style.records}>
        {records.slice(0, MOST).map(({ id, name, thumbnail }) => (
          <li key={id}>
            <label className={style.record}>
              <input type="checkbox" checked={chosen.has(id)} onChange={() => onToggle(id)} />
              <BlobImage blob={thumbnail} alt="" className={style.recordImage} />
              <span className={style.recordName}>{name}</span>
            </label>
          </li>
        ))}
      </ul>
      {records.length > MOST && (
        <p className={panel.quiet}>
          The first {MOST} of {records.length}.
        </p>
      )}
    </section>
  );
}
