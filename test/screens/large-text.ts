import type { Page } from 'playwright';

/** Usual sizes of a browser, in pixels. */
const usual = { standard: 16, fixed: 13 };

/** Sets the text to this many percent of its usual size, as a person does in the settings of the browser. */
export async function enlargeText(page: Page, percent: number): Promise<void> {
  if (percent === 100) return;
  const browser = await page.context().newCDPSession(page);
  const grown = (size: number) => Math.round((size * percent) / 100);
  const fontSizes = { standard: grown(usual.standard), fixed: grown(usual.fixed) };
  await browser.send('Page.setFontSizes', { fontSizes });
}

/** Texts that are cut at the right by the window or by what they stand in, and that cannot be scrolled to. */
export function cutTexts(): string[] {
  const cut = [...document.querySelectorAll<HTMLElement>('body *')].flatMap((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    const { right, width, height } = element.getBoundingClientRect();
    if (!own || width < 2 || height < 2 || getComputedStyle(element).visibility === 'hidden') return [];
    return isCut(element, right) ? [element.textContent?.trim().slice(0, 60) ?? ''] : [];
  });
  return [...new Set(cut)].slice(0, 12);

  function isCut(element: HTMLElement, right: number): boolean {
    for (let one: HTMLElement | null = element; one !== null; one = one.parentElement) {
      const { overflowX, textOverflow } = getComputedStyle(one);
      if (overflowX === 'auto' || overflowX === 'scroll' || textOverflow === 'ellipsis') return false;
      if (overflowX !== 'visible' && right > one.getBoundingClientRect().right + 2) return true;
    }
    return right > window.innerWidth + 2;
  }
}
