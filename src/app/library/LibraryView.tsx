import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Collection, LibraryRecord } from '../../protocol/libraryRecord.ts';
import { replaceSettings, useRoute } from '../routing/route.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { formatCount } from '../ui/format.ts';
import { DeletedBar } from './DeletedBar.tsx';
import { EmptyCollection } from './EmptyCollection.tsx';
import { ImportPanel } from './ImportPanel.tsx';
import style from './LibraryView.module.css';
import { PhotoGrid } from './PhotoGrid.tsx';
import { RainStudio } from './RainStudio.tsx';
import { RecordDialog } from './RecordDialog.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { StorageLine } from './StorageLine.tsx';
import { chooseFiles } from '../ui/chooseFiles.ts';
import type { Drop } from '../ui/droppedFiles.ts';
import { addFiles, openLibrary, remove } from './libraryActions.ts';
import { countCollections, inCollection, useLibrary } from './libraryStore.ts';
import { NOTHING, chooseOne } from './selection.ts';
import { useFileDrop } from '../ui/useFileDrop.ts';
import { COLLECTIONS, collectionInAddress, linkOfCollection } from './format.ts';

/** The Library: three collections of images, kept in this browser. */
export function LibraryView() {
  const { status, records, importing } = useLibrary();
  const collection = collectionInAddress(useRoute((route) => route.settings.library));
  const [opened, setOpened] = useState<string | null>(null);
  const [studio, setStudio] = useState(false);
  useEffect(() => void openLibrary(), []);

  const shown = useMemo(() => inCollection(records, collection), [records, collection]);
  const { selection, setSelection, chosen, removeChosen } = useSelection(shown);
  const counts = useMemo(() => countCollections(records), [records]);
  const isEmpty = counts.clean + counts.rainy + counts.pairs === 0;
  const { title } = COLLECTIONS.find((one) => one.collection === collection)!;

  const choose = (kind: 'files' | 'folder') => chooseFiles(kind, (files) => void addFiles(files, collection));
  const show = (next: Collection) => {
    setSelection(NOTHING);
    replaceSettings('library', linkOfCollection(next));
  };
  const step = (by: -1 | 1) => {
    const next = shown[shown.findIndex((record) => record.id === opened) + by];
    if (!next) return;
    setOpened(next.id);
    setSelection(chooseOne(next.id));
  };

  return (
    <section className={style.library} aria-labelledby="library-title">
      <LibraryHead isEmpty={isEmpty} onChoose={choose} onStudio={() => setStudio(true)} />
      <div className={style.collections}>
        <Collections counts={counts} value={collection} onChange={show} />
        <SelectionBar
          chosen={chosen}
          onOpen={setOpened}
          onDelete={removeChosen}
          onClear={() => setSelection(NOTHING)}
        />
        <DeletedBar />
      </div>
      <ImportPanel />
      {status === 'unavailable' && <NoStorage />}
      {status === 'ready' && shown.length === 0 && !importing && (
        <EmptyCollection collection={collection} empty={isEmpty} onChoose={choose} />
      )}
      {shown.length > 0 && (
        <PhotoGrid
          key={collection}
          label={`${title} images`}
          records={shown}
          selection={selection}
          onSelect={setSelection}
          onOpen={setOpened}
          onDelete={removeChosen}
        />
      )}
      {shown.length > 0 && <StorageLine records={records} />}
      <RecordDialog
        record={(opened !== null && records.get(opened)) || null}
        onClose={() => setOpened(null)}
        onStep={step}
      />
      <Studio open={studio} onClose={() => setStudio(false)} onShow={show} />
      <DropHint collection={collection} title={title} />
    </section>
  );
}

interface CollectionsProps {
  readonly counts: Readonly<Record<Collection, number>>;
  readonly value: Collection;
  readonly onChange: (collection: Collection) => void;
}

function Collections({ counts, value, onChange }: CollectionsProps) {
  return (
    <SegmentedControl
      label="Collection"
      hideLabel
      value={value}
      options={COLLECTIONS.map(({ collection, title }) => ({
        value: collection,
        label: `${title} ${formatCount(counts[collection])}`,
      }))}
      onChange={onChange}
    />
  );
}

/** The images that are chosen of those that are shown. */
function useSelection(shown: readonly LibraryRecord[]) {
  const [selection, setSelection] = useState(NOTHING);
  const chosen = useMemo(() => shown.filter((record) => selection.chosen.has(record.id)), [shown, selection]);
  const removeChosen = () => {
    if (chosen.length === 0) return;
    void remove(chosen.map((record) => record.id));
    setSelection(NOTHING);
  };
  return { selection, setSelection, chosen, removeChosen };
}

interface LibraryHeadProps {
  readonly isEmpty: boolean;
  readonly onChoose: (kind: 'files' | 'folder') => void;
  readonly onStudio: () => void;
}

function LibraryHead({ isEmpty, onChoose, onStudio }: LibraryHeadProps) {
  return (
    <header className={style.head}>
      <h1 id="library-title" className={style.title}>
        Library
      </h1>
      <div className={style.add}>
        <Button variant="quiet" icon={<Icon name="drop" />} onClick={onStudio}>
          Rain studio
        </Button>
        <Button variant={isEmpty ? 'plain' : 'primary'} icon={<Icon name="plus" />} onClick={() => onChoose('files')}>
          Add images
        </Button>
        <Button icon={<Icon name="folder" />} onClick={() => onChoose('folder')}>
          Add folder
        </Button>
      </div>
    </header>
  );
}

function NoStorage() {
  return (
    <EmptyState title="This browser stores nothing here" icon="warning">
      The library needs the browser’s storage, which it refused. A private window may be the reason, or settings that
      block the data of this site.
    </EmptyState>
  );
}

interface StudioProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onShow: (collection: Collection) => void;
}

/** Rain on the clean images; what is made of them, or lacks, is shown next. */
function Studio({ open, onClose, onShow }: StudioProps) {
  const records = useLibrary((state) => state.records);
  const clean = useMemo(() => inCollection(records, 'clean'), [records]);
  return (
    <RainStudio
      open={open}
      onClose={onClose}
      clean={clean}
      onMake={() => {
        onClose();
        onShow('pairs');
      }}
      onAdd={() => {
        onClose();
        onShow('clean');
        chooseFiles('files', (files) => void addFiles(files, 'clean'));
      }}
    />
  );
}

/** Takes files that are dropped anywhere, and says where they go while they hover. */
function DropHint({ collection, title }: { readonly collection: Collection; readonly title: string }) {
  const add = useCallback(({ files, unreadable }: Drop) => void addFiles(files, collection, unreadable), [collection]);
  if (!useFileDrop(add)) return null;
  return (
    <div className={style.drop} aria-hidden="true">
      <p>Drop to add to {title}</p>
      <p className={style.quiet}>Folders named “clean”, “rainy” and the like, and zips of them, are sorted for you.</p>
    </div>
  );
}
