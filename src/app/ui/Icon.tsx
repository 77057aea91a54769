const PATHS = {
  brush: 'M14.5 4.500 20 10l-7 6.500-5-5zM8 11.500c-2 .5-3 2-3 4 0 1.500-.8 2.500-2 3 3 1.500 7.500 1 9-2.500',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevronDown: 'm6 9.5 6 6 6-6',
  chevronRight: 'm9.5 6 6 6-6 6',
  close: 'm6 6 12 12M18 6 6 18',
  compare: 'M12 3v18M8 6H4v12h4M16 6h4v12h-4',
  device: 'M8 8h8v8H8zM5 5h14v14H5zM9 2v3M15 2v3M9 19v3M15 19v3M2 9h3M2 15h3M19 9h3M19 15h3',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14',
  drop: 'M12 3.5c3.6 4.4 5.5 7.4 5.5 10a5.5 5.5 0 0 1-11 0c0-2.6 1.9-5.6 5.5-10z',
  folder: 'M3.5 6.500h6l2 2.500h9v9.500h-17z',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.500h.01',
  info: 'M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 11v5.500M12 7.800h.01',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  minus: 'M5 12h14',
  moon: 'M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z',
  offline: 'M3 3l18 18M8.5 15.500a5 5 0 0 1 5.5-1M5 12a10 10 0 0 1 4.5-2.500M14 9.200a10 10 0 0 1 5 2.800M12 19h.01',
  pause: 'M8 5.500h2.500v13H8zM13.500 5.500H16v13h-2.500z',
  play: 'M7.5 5v14l11-7z',
  plus: 'M12 5v14M5 12h14',
  present: 'M3.5 4.500h17v11.500h-17zM12 16v4M8 20h8M10 7.500v5.500l4.500-2.750z',
  redo: 'M19 5v5h-5M19 10a7.5 7.5 0 1 0 .5 4.5',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 20 20',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  stop: 'M6.5 6.500h11v11h-11z',
  storage:
    'M4.5 6.500c0-1.7 3.4-3 7.5-3s7.5 1.3 7.5 3-3.4 3-7.5 3-7.5-1.3-7.5-3zM4.5 6.500v11c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3v-11M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4',
  trash: 'M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5',
  undo: 'M5 5v5h5M5 10a7.5 7.5 0 1 1-.5 4.5',
  upload: 'M12 15V4m-4.5 4.500L12 4l4.5 4.500M5 20h14',
  warning: 'M12 4 2.8 20h18.400zM12 10v4.500M12 17.300h.01',
} as const;

export type IconName = keyof typeof PATHS;

/** A line icon in the colour of the text around it; decorative, so always beside a word or inside a labelled button. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
