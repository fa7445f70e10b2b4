import {
  Checkbox,
  createTheme,
  Input,
  Radio,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** Mantine wants ten shades; ours is one token that follows the theme, so all ten are the same variable. */
const ink = Array.from({ length: 10 }, () => 'var(--ix-ink)') as unknown as MantineColorsTuple;
const danger = Array.from({ length: 10 }, () => 'var(--ix-danger-solid)') as unknown as MantineColorsTuple;

/**
 * Buttons are ink, never coloured: `filled` the next safe step, `default` everything else, `subtle` the
 * way back; `filled` with colour `danger` only in the dangerous pattern.
 */
const inkVariants: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant === 'filled') {
    const dangerous = input.color === 'danger';
    return {
      ...resolved,
      background: dangerous ? 'var(--ix-danger-solid)' : 'var(--ix-ink)',
      hover: dangerous ? 'var(--ix-danger-solid)' : 'var(--ix-ink2)',
      color: dangerous ? 'var(--ix-on-danger)' : 'var(--ix-on-ink)',
      border: '1px solid transparent',
    };
  }
  if (input.variant === 'default') {
    return {
      ...resolved,
      background: 'var(--ix-surface)',
      hover: 'var(--ix-sunken)',
      color: 'var(--ix-ink)',
      border: '1px solid var(--ix-line-strong)',
    };
  }
  return {
    ...resolved,
    background: 'transparent',
    hover: 'var(--ix-sunken)',
    color: 'var(--ix-ink2)',
    border: '1px solid transparent',
  };
};

export const theme = createTheme({
  fontFamily: "'Inter Variable', 'Inter', system-ui, sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.8125rem', lg: '0.9375rem', xl: '1.125rem' },
  lineHeights: { xs: '1rem', sm: '1.125rem', md: '1.125rem', lg: '1.25rem', xl: '1.5rem' },
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.375rem', lg: '0.5rem', xl: '0.5rem' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  defaultRadius: 'md',
  primaryColor: 'ink',
  colors: { ink, danger },
  variantColorResolver: inkVariants,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Checkbox: Checkbox.extend({ defaultProps: { iconColor: 'var(--ix-on-ink)' } }),
    Radio: Radio.extend({ defaultProps: { iconColor: 'var(--ix-on-ink)' } }),
    Input: Input.extend({
      defaultProps: { size: 'xs' },
      vars: () => ({
        wrapper: {
          '--input-bd': 'var(--ix-ctl)',
          '--input-fz': '0.8125rem',
          '--input-bg': 'var(--ix-surface)',
          '--input-color': 'var(--ix-ink)',
        },
      }),
    }),
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { size: 'xs' },
      styles: {
        label: { fontSize: '0.75rem', fontWeight: 600 },
        description: { fontSize: '0.75rem', color: 'var(--ix-ink2)' },
      },
    }),
  },
});

/** Feeds our tokens into Mantine's own variables, so that inputs, menus and dialogs follow both themes. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--ix-surface)',
    '--mantine-color-text': 'var(--ix-ink)',
    '--mantine-color-bright': 'var(--ix-ink)',
    '--mantine-color-dimmed': 'var(--ix-ink3)',
    '--mantine-color-placeholder': 'var(--ix-ink3)',
    '--mantine-color-anchor': 'var(--ix-ink)',
    '--mantine-color-error': 'var(--ix-danger)',
    '--mantine-color-default': 'var(--ix-surface)',
    '--mantine-color-default-hover': 'var(--ix-sunken)',
    '--mantine-color-default-color': 'var(--ix-ink)',
    '--mantine-color-default-border': 'var(--ix-line)',
    '--mantine-color-disabled': 'var(--ix-sunken)',
    '--mantine-color-disabled-color': 'var(--ix-ink3)',
    '--mantine-color-disabled-border': 'var(--ix-line)',
    '--mantine-primary-color-contrast': 'var(--ix-on-ink)',
    '--menu-item-hover': 'var(--ix-sunken)',
    '--mantine-shadow-md': 'var(--ix-shadow)',
    '--mantine-shadow-lg': 'var(--ix-shadow)',
  };
  // What Mantine takes from its own scale of greys in the dark theme only.
  const dark = {
    ...shared,
    '--mantine-color-dark-1': 'var(--ix-ink2)',
    '--mantine-color-dark-4': 'var(--ix-line-strong)',
    '--mantine-color-dark-5': 'var(--ix-line-strong)',
    '--mantine-color-dark-6': 'var(--ix-surface)',
    '--mantine-color-dark-7': 'var(--ix-sunken)',
    '--mantine-color-dark-8': 'var(--ix-sunken)',
  };
  return { variables: {}, light: shared, dark };
};
