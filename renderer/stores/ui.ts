import { createStore, type StoreApi } from 'zustand/vanilla';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What belongs to this page only. Nothing here is a fact about the site. */
export interface UiState {
  readonly theme: ThemeChoice;
  readonly demoOpen: boolean;
  setTheme(theme: ThemeChoice): void;
  setDemoOpen(open: boolean): void;
}

export type Ui = StoreApi<UiState>;

export function createUi(theme: ThemeChoice = 'system'): Ui {
  return createStore<UiState>()((set) => ({
    theme,
    demoOpen: false,
    setTheme: (next) => set({ theme: next }),
    setDemoOpen: (demoOpen) => set({ demoOpen }),
  }));
}
