import { navigate } from '../routing/route.ts';

/** Where the system opens images with the installed app. */
interface LaunchWindow {
  readonly launchQueue?: {
    setConsumer(take: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
  };
}

/** Images that the system opens with the installed app go to the queue. */
export function takeLaunchedFiles(): void {
  (globalThis as LaunchWindow).launchQueue?.setConsumer(({ files = [] }) => {
    if (files.length > 0) void lay(files);
  });
}

async function lay(handles: readonly FileSystemFileHandle[]): Promise<void> {
  navigate('derain');
  const { takeFiles } = await import('../derain/session/openQueue.ts');
  const files = await Promise.all(handles.map((handle) => handle.getFile()));
  takeFiles(files.map((file) => ({ path: file.name, file })));
}
