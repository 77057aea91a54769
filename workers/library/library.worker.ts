import { expose } from 'comlink';
import { browserHost } from './browserHost.ts';
import { createLibraryApi } from './libraryApi.ts';

expose(createLibraryApi(browserHost));
