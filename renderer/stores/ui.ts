import { createStore, type StoreApi } from 'zustand/vanilla';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What belongs to this page only. Nothing here is a fact about the site. */
export interface UiState {
  readonly theme: ThemeChoice;
  readonly demoOpen: boolean;
  /** False: the ways to begin are shown on the overview of the demo. */
  readonly welcomed: boolean;
  /** Null: the host has not said so yet. */
  readonly shell: 'electron' | 'browser' | null;
  /** New problems are raised on the desktop. */
  readonly desktopNotes: boolean;
  setShell(shell: 'electron' | 'browser'): void;
  setDesktopNotes(on: boolean): void;
  setWelcomed(welcomed: boolean): void;
  setTheme(theme: ThemeChoice): void;
  setDemoOpen(open: boolean): void;
}

export type Ui = StoreApi<UiState>;

export function createUi(theme: ThemeChoice = 'system'): Ui {
  return createStore<UiState>()((set) => ({
    theme,
    demoOpen: false,
    // Until the host has said so nothing is put before the site.
    welcomed: true,
    shell: null,
    desktopNotes: false,
    setShell: (shell) => set({ shell }),
    setDesktopNotes: (desktopNotes) => set({ desktopNotes }),
    setWelcomed: (welcomed) => set({ welcomed }),
    setTheme: (next) => set({ theme: next }),
    setDemoOpen: (demoOpen) => set({ demoOpen }),
  }));
}
