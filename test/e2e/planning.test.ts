import { describe, expect, test } from 'vitest';
import { DecisionDocument } from '../../shared/advisor/decision-document.ts';
import { toldAnswers } from '../../shared/advisor/told-answers.ts';
import { eventually, goTo, patienceMs, seriousViolations } from './console-page.ts';
import { bothProtected, demoConsole } from './demo-console.ts';
import { saved, squeezed, textOfPdf } from './saved-files.ts';

/**
 * Goal: an administrator is led from five questions to a decision, and reads what happens at each fault. Method: the
 * built console with its demo site in Chromium; what it saves and prints is opened and compared with the page.
 */
const demo = demoConsole();

describe.sequential('the plan of a site', { timeout: 5 * patienceMs }, () => {
  test('has four stages, and each leads to its place', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'welcome');
    const stages = demo.page.getByRole('list', { name: 'Stages of getting started' });
    await eventually('nothing is done', () => demo.page.getByRole('main').innerText(), /0 of 4 done/);
    expect(await stages.getByRole('listitem').count()).toBe(4);
    const places = await stages
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    for (const place of places) {
      await goTo(demo.page, (place ?? '').slice(2));
      await demo.page.getByRole('heading', { level: 1 }).waitFor();
      expect(await demo.page.getByRole('heading', { level: 1 }).innerText()).not.toMatch(
        /not found|no such/i,
      );
    }
    await goTo(demo.page, 'welcome');
    await stages.waitFor();
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  describe('which design', () => {
    const choose = (question: string, answer: string) =>
      demo.page.getByRole('radiogroup', { name: question }).getByText(answer, { exact: true }).click();

    test('is advised from answers, and kept', async () => {
      await goTo(demo.page, 'advisor');
      await choose('Order', 'Within each');
      await choose('Pollers', 'Some');
      await demo.page.getByRole('checkbox', { name: 'Database' }).check();
      await demo.page.getByLabel('How many').fill('3');
      await demo.page.getByLabel('Reading twice does').selectOption('harmful');
      await choose('Priority', 'Throughput');
      await demo.page.getByLabel('Messages/s at the peak').fill('40');
      await demo.page.getByLabel('In two years').fill('60');
      await demo.page.getByLabel('One server carries').fill('50');
      await demo.page.getByLabel(/^One a line/).fill('ADT in; 12\nORM in; 5; ADT in\nLab results; 8');
      await choose('Can they be split?', 'Yes');
      await choose('Effort', 'A lot');
      await demo.page.getByLabel('People on call').fill('4');
      await demo.page.getByLabel('Storage', { exact: true }).selectOption('shared');
      await demo.page.getByLabel('Load balancer').selectOption('by-cluster');
      await demo.page.getByLabel('Tolerated loss').selectOption('none');
      for (const box of [
        'A directory for every cluster',
        'Third machine for the lease',
        'Licence for all on one server',
      ])
        await demo.page.getByRole('checkbox', { name: box }).check();
      const advice = demo.page.getByRole('region', { name: 'Recommendation' });
      await eventually(
        'the recommendation',
        () => advice.innerText(),
        /Recommended[^]*Active–Passive Multi-Cluster/,
      );
      await advice
        .getByRole('button', { name: /^(Accept this and keep the design|Keep this design)$/ })
        .click();
      await eventually('it is kept', () => advice.innerText(), /Kept: Active–Passive Multi-Cluster/);
      expect(await seriousViolations(demo.page)).toEqual([]);
    });

    test('stands in a record, which is saved and printed with the same content', async () => {
      await demo.page.getByRole('button', { name: 'Decision record' }).click();
      await demo.page.getByRole('heading', { name: 'Active–Passive Multi-Cluster was decided' }).waitFor();
      const file = await saved(demo.page, () =>
        demo.page.getByRole('button', { name: 'Save as JSON' }).click(),
      );
      const record = DecisionDocument.parse(JSON.parse(file.content.toString('utf8')));
      expect(record.decision?.design).toBe('multi-cluster');
      const sheet = squeezed(await demo.page.getByRole('article').innerText());
      const printed = squeezed(textOfPdf(demo.folder, await demo.page.pdf({ format: 'A4' })));
      const { reasons, guarantees, traded } = record.recommendation;
      const sentences = [
        ...[...reasons, ...toldAnswers(record.answers)].flatMap(({ says }) => says ?? []),
        ...guarantees.map(({ title, why }) => `${title} ${why}`),
        ...traded,
      ];
      expect(sentences.length).toBeGreaterThan(20);
      for (const says of sentences) {
        expect(sheet).toContain(squeezed(says));
        expect(printed).toContain(squeezed(says));
      }
      // Chromium prints from code only without a window of its own: the button is heard, the sheet was printed above.
      await demo.page.evaluate(() =>
        Object.assign(window, { print: () => document.body.setAttribute('data-printed', '') }),
      );
      await demo.page.getByRole('button', { name: 'Print' }).click();
      await demo.page.locator('body[data-printed]').waitFor();
      expect(await seriousViolations(demo.page)).toEqual([]);
    });

    test('ticks the first stage', async () => {
      await goTo(demo.page, 'welcome');
      await eventually('it is done', () => demo.page.getByRole('main').innerText(), /1 of 4 done/);
    });
  });

  test('tells what happens at another fault by rule and time, and is accepted by owner-1', async () => {
    await goTo(demo.page, 'behaviour');
    await demo.page.getByRole('radio', { name: /freezes and thaws/ }).click();
    await demo.page.getByRole('heading', { name: /freezes and thaws/ }).waitFor();
    const line = demo.page.getByRole('list', { name: 'Time line' });
    expect(await line.innerText()).toMatch(/takes over[^]*R\d\d/);
    await demo.page.getByLabel('Owner').fill('owner-1');
    await demo.page.getByLabel('Note').fill('read with the team');
    await demo.page.getByRole('button', { name: 'Accept as it is now' }).click();
    await eventually(
      'it is accepted',
      () => demo.page.getByRole('main').innerText(),
      /Accepted by owner-1[^]*read with the team/,
    );
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
