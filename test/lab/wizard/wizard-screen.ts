import type { Locator, Page } from 'playwright';

/** What a person sees within this time is quick enough for a look at a server. */
const lookMs = 60_000;

/** The setup on the screen, used as a person does: by what it says. */
export class WizardScreen {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Waits for the sentence of a step. */
  async onStep(sentence: string | RegExp, limitMs = lookMs): Promise<void> {
    await this.#page
      .getByRole('heading', { level: 1, name: sentence })
      .waitFor({ timeout: limitMs })
      .catch(async () => {
        throw new Error(`no step says “${sentence}”; the page says: ${await this.words()}`);
      });
  }

  /** Goes on by the button under the step. */
  async goOn(button: string | RegExp): Promise<void> {
    const found = this.#page.locator('footer').getByRole('button', { name: button });
    if ((await found.getAttribute('aria-disabled')) === 'true') {
      throw new Error(`“${button}” cannot be pressed: ${await this.foot()}`);
    }
    await found.click();
  }

  /** What stands beside the buttons under the step. */
  async foot(): Promise<string> {
    return this.#page.locator('footer').innerText();
  }

  async press(button: string | RegExp, within: Page | Locator = this.#page): Promise<void> {
    await within.getByRole('button', { name: button }).first().click();
  }

  async type(label: string, text: string, within: Page | Locator = this.#page): Promise<void> {
    await within.getByLabel(label, { exact: true }).fill(text);
  }

  /** A secret leaves its field as soon as it has arrived. */
  async typeSecret(label: string, text: string, within: Page | Locator = this.#page): Promise<void> {
    const field = within.getByRole('textbox', { name: label, exact: true });
    await field.fill(text);
    await field.press('Enter');
    await this.until(`${label} was taken`, async () => (await field.inputValue()) === '');
  }

  async choose(label: string, option: string, within: Page | Locator = this.#page): Promise<void> {
    await within.getByRole('combobox', { name: label }).click();
    await this.#page.getByRole('option', { name: option }).click();
  }

  async pick(radio: string | RegExp, within: Page | Locator = this.#page): Promise<void> {
    await within.getByRole('radio', { name: radio }).check({ force: true });
  }

  /** The card with that title. */
  card(title: string): Locator {
    return this.#page
      .locator('section')
      .filter({ has: this.#page.getByRole('heading', { level: 2, name: title, exact: true }) });
  }

  async sees(what: string | RegExp, within: Page | Locator = this.#page, limitMs = lookMs): Promise<void> {
    await within
      .getByText(what)
      .first()
      .waitFor({ timeout: limitMs })
      .catch(async () => {
        throw new Error(`nobody says “${what}”; the page says: ${await this.words()}`);
      });
  }

  async until(what: string, ready: () => Promise<boolean>, limitMs = lookMs): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!(await ready())) {
      if (performance.now() > deadline) throw new Error(`${what}: not in time; ${await this.words()}`);
      await this.#page.waitForTimeout(100);
    }
  }

  async words(): Promise<string> {
    return (await this.#page.getByRole('main').innerText()).replaceAll(/\n+/g, ' | ').slice(0, 3_000);
  }
}
