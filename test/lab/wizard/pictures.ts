import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';

const small = { width: 1280, height: 720 };
const wide = { width: 1920, height: 1080 };

/**
 * Pictures of a real run in both themes, judged for sideways scrolling, and by the accessibility checker in one theme:
 * the other one is judged on the same pages by the pictures of all states.
 */
export class Pictures {
  readonly #page: Page;
  readonly #folder: string;
  readonly findings: string[] = [];
  #count = 0;

  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** `alsoWide`: once more at 1920 × 1080. */
  async take(name: string, { alsoWide = false } = {}): Promise<void> {
    this.#count += 1;
    const numbered = `${String(this.#count).padStart(2, '0')}-${name}`;
    for (const theme of ['light', 'dark'] as const) {
      await this.#page.emulateMedia({ colorScheme: theme });
      await this.#save(`${numbered}-${theme}`);
    }
    await this.#page.emulateMedia({ colorScheme: 'light' });
    await this.#judge(numbered);
    if (!alsoWide) return;
    await this.#page.setViewportSize(wide);
    await this.#save(`${numbered}-light-1920`);
    await this.#page.setViewportSize(small);
  }

  async #save(name: string): Promise<void> {
    await this.#page.evaluate(() => document.fonts.ready);
    await this.#page.screenshot({ path: join(this.#folder, `${name}.png`) });
  }

  async #judge(where: string): Promise<void> {
    const sideways = await this.#page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    if (sideways) this.findings.push(`${where}: scrolls sideways`);
    const { violations } = await new AxeBuilder({ page: this.#page }).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      this.findings.push(`${where}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    }
  }
}
