import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { CommandPalette } from './command-palette.tsx';
import { ConsoleProvider, useSite, useUi, type Console } from './console-context.tsx';
import { Frame } from './frame.tsx';
import { useRoute } from './route.ts';
import { cssVariables, theme } from '../theme/mantine-theme.ts';
import { Page } from './page.tsx';
import { useDesktopNotes } from './use-desktop-notes.ts';
import { DemoPanel } from '../features/demo/demo-panel.tsx';

export interface AppProps {
  readonly console: Console;
  /** Nonce of this response, for the one style element that Mantine makes. */
  readonly styleNonce: string;
}

export function App({ console, styleNonce }: AppProps) {
  return (
    <ConsoleProvider console={console}>
      <Themed styleNonce={styleNonce} />
    </ConsoleProvider>
  );
}

function Themed({ styleNonce }: { readonly styleNonce: string }) {
  const choice = useUi((state) => state.theme);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={choice === 'system' ? system : choice}
      getStyleNonce={() => styleNonce}
    >
      <Shell />
    </MantineProvider>
  );
}

function Shell() {
  const route = useRoute();
  const site = useSite();
  useDesktopNotes();
  return (
    <>
      <Frame route={route} site={site}>
        <Page route={route} site={site} />
      </Frame>
      <CommandPalette site={site} />
      {site?.site.demo && <DemoPanel site={site} />}
    </>
  );
}
