import { describe, expect, test } from 'vitest';
import { isPageAddress } from '../../../electron/shell/page-address.ts';
import { isOurPage } from '../../../electron/shell/sender-check.ts';

describe('the sender of a call', () => {
  test('is accepted as the main frame of the page', () => {
    expect(isOurPage({ senderFrame: { url: 'app://console/', parent: null } })).toBe(true);
    expect(isOurPage({ senderFrame: { url: 'app://console/index.html#/overview', parent: null } })).toBe(
      true,
    );
  });

  test('is refused when its frame is gone', () => {
    expect(isOurPage({ senderFrame: null })).toBe(false);
  });

  test('is refused as a frame within a frame', () => {
    expect(isOurPage({ senderFrame: { url: 'app://console/', parent: {} } })).toBe(false);
  });

  test.each([
    'app://other/',
    'app://console.example/',
    'app://console@other/',
    'app://user@console/',
    'app:/console/',
    'app:console',
    'file:///console/index.html',
    'http://console/',
    'https://console/',
    'data:text/html,app://console/',
    'about:blank',
    'null',
    '',
  ])('is refused at %j', (url) => {
    expect(isPageAddress(url)).toBe(false);
    expect(isOurPage({ senderFrame: { url, parent: null } })).toBe(false);
  });
});
