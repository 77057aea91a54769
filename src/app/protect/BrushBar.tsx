import { useEffect } from 'react';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { RangeField } from '../ui/RangeField.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { VisuallyHidden } from '../ui/VisuallyHidden.tsx';
import type { Protecting, ProtectionEdit } from './protecting.ts';
import { BRUSH_SIZE, sizeBrush, toggleBrush, useBrush } from './brush.ts';
import style from './BrushBar.module.css';

export interface BrushBarProps {
  readonly protecting: Protecting;
  readonly onEdit: (edit: ProtectionEdit) => void;
}

/** The brush's own controls, beside the photo while it is out. */
export function BrushBar({ protecting: { done, undone, strokes }, onEdit }: BrushBarProps) {
  const { erases, size, spoken } = useBrush();
  const edit = (what: ProtectionEdit) => () => onEdit(what);
  useUndoKeys(onEdit);
  return (
    <div className={style.bar} role="group" aria-label="Protect">
      <p className={style.words} id="brush-words">
        Paint over lettering or railings to keep them as they are.
        <VisuallyHidden>
          {' '}
          On the photo, arrow keys move the brush, Space puts it down and lifts it, brackets change its size, E erases,
          Escape ends.
        </VisuallyHidden>
      </p>
      <div className={style.tools}>
        <SegmentedControl
          label="Brush"
          hideLabel
          value={erases ? 'erase' : 'paint'}
          options={[
            { value: 'paint', label: 'Paint' },
            { value: 'erase', label: 'Erase' },
          ]}
          onChange={(value) => useBrush.setState({ erases: value === 'erase' })}
        />
        <div className={style.size}>
          <RangeField label="Size" value={size} {...BRUSH_SIZE} unit="px" onChange={sizeBrush} />
        </div>
        <IconButton label="Undo" icon={<Icon name="undo" />} disabled={done.length === 0} onClick={edit('undo')} />
        <IconButton label="Redo" icon={<Icon name="redo" />} disabled={undone.length === 0} onClick={edit('redo')} />
        <Button variant="quiet" disabled={strokes.length === 0} onClick={edit('clear')}>
          Clear
        </Button>
        <Button icon={<Icon name="check" size={16} />} onClick={() => toggleBrush(false)}>
          Done
        </Button>
      </div>
      <VisuallyHidden>
        <span role="status">{spoken}</span>
      </VisuallyHidden>
    </div>
  );
}

/** Ctrl or ⌘ with Z takes a stroke back, with Shift or Y it comes again. */
function useUndoKeys(onEdit: BrushBarProps['onEdit']): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      const isText = event.target instanceof HTMLInputElement && event.target.type === 'text';
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isText || (key !== 'z' && key !== 'y')) return;
      event.preventDefault();
      onEdit(key === 'y' || event.shiftKey ? 'redo' : 'undo');
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [onEdit]);
}
