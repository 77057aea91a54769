import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/ui/tokens.css';
import './app/ui/base.css';
import { Shell } from './app/shell/Shell.tsx';
import { applyTheme } from './app/shell/theme.ts';

applyTheme();

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element with the id "app"');
createRoot(root).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);
