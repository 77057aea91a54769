import { DeviceChips } from '../device/DeviceChips.tsx';
import type { Measure } from '../device/MeasureSection.tsx';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { linkTo, useRoute, VIEWS, type ViewName } from '../routing/route.ts';
import { switchTheme, useTheme } from '../ui/theme.ts';
import style from './TopBar.module.css';
import { RunStrip } from './RunStrip.tsx';
import { UpdateChip } from './UpdateChip.tsx';

/** Loaded when asked for: only the Derain view needs it otherwise. */
const measureSpeed: Measure = async () => (await import('../derain/session/workerClient.ts')).measureSpeed();

interface Props {
  readonly view: ViewName;
  readonly titleOf: (view: ViewName) => string;
}

/** Name, the views, and on the right what the machine has to give. */
export function TopBar({ view, titleOf }: Props) {
  const settings = useRoute((route) => route.settings);
  const theme = useTheme();
  return (
    <header className={style.bar}>
      <a className={style.name} href={linkTo('derain', settings.derain)}>
        <Icon name="drop" size={20} />
        <span className={style.word}>Petrichor</span>
      </a>
      <nav className={style.views} aria-label="Views">
        {VIEWS.map((name) => (
          <a
            key={name}
            className={style.view}
            href={linkTo(name, settings[name])}
            aria-current={name === view ? 'page' : undefined}
          >
            {titleOf(name)}
          </a>
        ))}
      </nav>
      <div className={style.machine}>
        <RunStrip />
        <UpdateChip />
        <DeviceChips measure={measureSpeed} />
        <IconButton
          label={theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
          icon={<Icon name={theme === 'dark' ? 'sun' : 'moon'} />}
          onClick={switchTheme}
        />
      </div>
    </header>
  );
}
