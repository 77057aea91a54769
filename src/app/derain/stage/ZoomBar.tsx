import { IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import style from './Stage.module.css';
import { useStageView } from './stageView.ts';
import { fit, zoomBy, zoomTo } from './useStageGestures.ts';
import { zoomOf } from './viewport.ts';

/** Zoom by hand, and the original while a button is held. */
export function ZoomBar() {
  const view = useStageView((state) => state.view);
  const holding = useStageView((state) => state.holding);
  const hold = (on: boolean) => () => useStageView.setState({ holding: on });
  if (!view) return null;
  return (
    <div className={style.zoomBar} role="group" aria-label="Zoom">
      <IconButton label="Zoom out" icon={<Icon name="minus" />} onClick={() => zoomBy(0.8)} />
      <button
        type="button"
        className={style.percent}
        title="Show at 100 %"
        aria-label={`Zoom ${percent(view)}. Show at 100 %`}
        onClick={() => zoomTo(1)}
      >
        {percent(view)}
      </button>
      <IconButton label="Zoom in" icon={<Icon name="plus" />} onClick={() => zoomBy(1.25)} />
      <button type="button" className={style.percent} onClick={fit}>
        Fit
      </button>
      <button
        type="button"
        className={style.percent}
        aria-pressed={holding}
        aria-label="See original while held"
        title="See the original while this is held"
        onPointerDown={hold(true)}
        onPointerUp={hold(false)}
        onPointerLeave={hold(false)}
        onPointerCancel={hold(false)}
        onBlur={hold(false)}
        onKeyDown={(event) => (event.key === ' ' || event.key === 'Enter') && hold(true)()}
        onKeyUp={hold(false)}
      >
        See original
      </button>
    </div>
  );
}

function percent(view: { readonly scale: number; readonly x: number; readonly y: number }): string {
  return `${Math.round(zoomOf(view, devicePixelRatio) * 100)} %`;
}
