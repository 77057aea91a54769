import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const BACKEND_CHOICES = ['auto', 'webgpu', 'webgpu-half', 'wasm', 'webgl'] as const;
/** What computes, as chosen by hand; 'auto' leaves it to what the machine has. */
export type BackendChoice = (typeof BACKEND_CHOICES)[number];

interface BackendChoiceState {
  readonly choice: BackendChoice;
  readonly choose: (choice: BackendChoice) => void;
}

/** The choice, remembered between visits. Takes effect at the next start of training or deraining. */
export const useBackendChoice = create<BackendChoiceState>()(
  persist((set) => ({ choice: 'auto', choose: (choice) => set({ choice }) }), {
    name: 'backend',
    partialize: ({ choice }) => ({ choice }),
    merge: (stored, initial) => {
      const choice = BACKEND_CHOICES.find((name) => name === (stored as { choice?: unknown } | undefined)?.choice);
      return choice ? { ...initial, choice } : initial;
    },
  }),
);
