import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/ui/tokens.css';
import './app/ui/base.css';
import { takeLaunchedFiles } from './app/shell/launch.ts';
import { Shell } from './app/shell/Shell.tsx';
import { applyTheme } from './app/ui/theme.ts';
import { ensureValidLanguage } from './app/ui/validLanguage.ts';
import { resumeQueue } from './app/shell/unfinished.ts';
import { expectUpdates, keepAppReady } from './app/shell/updates.ts';

ensureValidLanguage(navigator);
applyTheme();
expectUpdates();

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element with the id "app"');
createRoot(root).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);

takeLaunchedFiles();
// What is on screen comes first.
const later = (): void => {
  void resumeQueue();
  void keepAppReady();
};
if (document.readyState === 'complete') later();
else addEventListener('load', later);
