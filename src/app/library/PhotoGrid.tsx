import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  memo,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import type { LibraryRecord } from '../../protocol/libraryRecord.ts';
import { Icon } from '../ui/Icon.tsx';
import { BlobImage } from '../ui/BlobImage.tsx';
import style from './PhotoGrid.module.css';
import { NOTHING, chooseAll, chooseOne, extendTo, moved, toggle, type Selection } from './selection.ts';

const GAP = 12;
const NARROWEST = 132;
const WIDEST = 200;
/** Name and size under each image. */
const CAPTION = 48;

export interface PhotoGridProps {
  readonly label: string;
  readonly records: readonly LibraryRecord[];
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onOpen: (id: string) => void;
  readonly onDelete: () => void;
}

/**
 * Thumbnails of a collection, only those near the screen in the page. Mouse: click, Ctrl or Cmd, Shift, double click opens. Keyboard:
 * arrows, Shift, Space, Ctrl+A, Enter opens, Delete deletes. Touch: a tap adds or takes away.
 */
export function PhotoGrid({ label, records, selection, onSelect, onOpen, onDelete }: PhotoGridProps) {
  const list = useRef<HTMLDivElement>(null);
  const optionId = useId();
  const grid = useGrid(list, records.length);
  const { columns, cell, rowHeight, rows } = grid;
  const ids = useMemo(() => records.map((record) => record.id), [records]);
  const at = selection.active === null ? -1 : ids.indexOf(selection.active);
  const press = (event: KeyboardEvent) => pressed(event, { ids, at, grid, selection, onSelect, onOpen, onDelete });
  const click = (event: MouseEvent, id: string) => {
    list.current?.focus({ preventScroll: true });
    const byTouch = (event.nativeEvent as PointerEvent).pointerType === 'touch';
    if (event.shiftKey) onSelect(extendTo(selection, ids, id));
    else onSelect(byTouch || event.ctrlKey || event.metaKey ? toggle(selection, id) : chooseOne(id));
  };

  return (
    <div
      ref={list}
      className={style.list}
      role="listbox"
      aria-label={label}
      aria-multiselectable="true"
      aria-activedescendant={at >= 0 ? `${optionId}-${at}` : undefined}
      tabIndex={0}
      style={{ height: rows.getTotalSize() }}
      onKeyDown={press}
      onFocus={() => {
        if (at < 0 && ids.length > 0) onSelect({ ...selection, active: ids[0]!, anchor: ids[0]! });
      }}
    >
      {grid.width > 0 &&
        rows.getVirtualItems().flatMap((row) =>
          records.slice(row.index * columns, (row.index + 1) * columns).map((record, column) => {
            const index = row.index * columns + column;
            return (
              <div
                key={record.id}
                id={`${optionId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={selection.chosen.has(record.id)}
                aria-setsize={records.length}
                aria-posinset={index + 1}
                aria-label={spokenName(record)}
                data-active={index === at || undefined}
                className={style.cell}
                style={{
                  width: cell,
                  height: rowHeight - GAP,
                  transform: `translate(${column * (cell + GAP)}px, ${row.start - grid.top}px)`,
                }}
                onClick={(event) => click(event, record.id)}
                onDoubleClick={() => onOpen(record.id)}
              >
                <Thumbnail record={record} />
              </div>
            );
          }),
        )}
    </div>
  );
}

/** Where the cells lie: as many columns as the list has room for, and the rows near the screen. */
function useGrid(list: { readonly current: HTMLElement | null }, count: number) {
  const { width, top } = usePlace(list);
  const columns = Math.max(2, Math.floor((width + GAP) / ((width < 640 ? NARROWEST : WIDEST) + GAP)));
  const cell = (width - GAP * (columns - 1)) / columns;
  const rowHeight = Math.round(cell * 0.75) + CAPTION + GAP;
  // The virtualizer changes inside; nothing it gives is handed to a memoized component.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useWindowVirtualizer({
    count: Math.ceil(count / columns),
    estimateSize: () => rowHeight,
    overscan: 3,
    scrollMargin: top,
    scrollPaddingStart: 136,
    scrollPaddingEnd: 16,
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  return { width, top, columns, cell, rowHeight, rows };
}

interface Pressed extends Pick<PhotoGridProps, 'selection' | 'onSelect' | 'onOpen' | 'onDelete'> {
  readonly ids: readonly string[];
  /** Index of the active image; −1 for none. */
  readonly at: number;
  readonly grid: Pick<ReturnType<typeof useGrid>, 'columns' | 'rowHeight' | 'rows'>;
}

function pressed(event: KeyboardEvent, { ids, at, grid, selection, onSelect, onOpen, onDelete }: Pressed): void {
  const { columns, rowHeight, rows } = grid;
  const page = Math.max(1, Math.floor(window.innerHeight / rowHeight) - 1);
  const next = moved(event.key, Math.max(at, 0), ids.length, columns, page);
  if (next !== null) {
    const id = ids[at < 0 ? 0 : next]!;
    if (event.shiftKey) onSelect(extendTo(selection, ids, id));
    else onSelect(event.ctrlKey || event.metaKey ? { ...selection, active: id, anchor: id } : chooseOne(id));
    rows.scrollToIndex(Math.floor(ids.indexOf(id) / columns));
  } else if (event.key === ' ' && at >= 0) onSelect(toggle(selection, ids[at]!));
  else if (event.key === 'Enter' && at >= 0) onOpen(ids[at]!);
  else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) onSelect(chooseAll(selection, ids));
  else if (event.key === 'Escape') onSelect({ ...NOTHING, active: selection.active });
  else if (event.key === 'Delete' || event.key === 'Backspace') onDelete();
  else return;
  event.preventDefault();
}

const Thumbnail = memo(function Thumbnail({ record }: { readonly record: LibraryRecord }) {
  return (
    <>
      <div className={style.frame}>
        <BlobImage blob={record.thumbnail} alt="" className={style.image} draggable={false} decoding="async" />
        {record.collection === 'pairs' && (
          <span className={style.direction}>
            <svg viewBox="-8 -8 16 16" width={16} height={16} aria-hidden="true">
              <line x1={-6} x2={6} transform={`rotate(${-record.direction.index * 10})`} />
            </svg>
            {record.direction.index * 10}°
          </span>
        )}
        <span className={style.tick}>
          <Icon name="check" size={16} />
        </span>
      </div>
      <span className={style.name}>{record.name}</span>
      <span className={style.size}>{sides(record)}</span>
    </>
  );
});

function sides(record: LibraryRecord): string {
  const { width, height } = record.collection === 'pairs' ? record.rainy : record.photo;
  return `${width} × ${height}`;
}

function spokenName(record: LibraryRecord): string {
  const direction = record.collection === 'pairs' ? `, rain at ${record.direction.index * 10} degrees` : '';
  return `${record.name}, ${sides(record)} pixels${direction}`;
}

/** Width of the list and its distance from the top of the page, followed as the page changes. */
function usePlace(list: { readonly current: HTMLElement | null }): { width: number; top: number } {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = () => {
      const box = element.getBoundingClientRect();
      const next = { width: box.width, top: Math.round(box.top + window.scrollY) };
      setPlace((last) => (last.width === next.width && last.top === next.top ? last : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    observer.observe(element.parentElement!);
    return () => observer.disconnect();
  }, [list]);
  return place;
}
