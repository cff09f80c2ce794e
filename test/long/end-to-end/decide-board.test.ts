import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chromiumPath, startChromium } from '../../support/chromium.ts';
import { installation, installedConfig } from '../../support/installation.ts';
import { patience } from '../../support/patience.ts';

const phone = '05 49 12 34 56';

describe.skipIf(chromiumPath === undefined)('the page, where a person has to decide about a folder,', () => {
  let browser: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  /** A folder that may be two companies of reps, and the page that shows it. */
  async function undecided(locale: string, viewport = { width: 1200, height: 900 }) {
    const configuration = { ...installedConfig, settleAfter: 'PT1S' };
    const { clavus, moovago, keepSyncing } = await installation({ folders: 1, configuration });
    const [folderId = ''] = clavus.folders.keys();
    clavus.editFolder(folderId, { raison_sociale: '', nom: 'Dupont', telephone: phone, ville: 'Niort' });
    const first = moovago.addCompany({ name: 'DUPONT', phone: '+33 5 49 12 34 56', city: 'Niort' });
    const second = moovago.addCompany({ name: 'Garage Dupont', phone, city: 'Niort' });
    const { seen, child, finished } = keepSyncing('--board', '0', '--ignore-business-hours');
    const url = await vi.waitUntil(
      () => /http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}/.exec(seen())?.[0],
      patience,
    );
    const context = await browser.newContext({ locale, viewport, reducedMotion: 'reduce' });
    onTestFinished(async () => {
      await context.close();
      child.kill('SIGINT');
      await finished;
    });
    context.setDefaultTimeout(patience.timeout);
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(`#failures [data-key="${folderId}"] .compare`).waitFor();
    return { page, moovago, first, second, folderId };
  }

  it('shows both sides field by field, says what is equal and what is not, and takes "this one" by keyboard', async () => {
    const { page, moovago, first, second } = await undecided('en-GB');
    await page.getByRole('button', { name: 'Compare Dupont' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Dupont' });
    await dialog.getByRole('button', { name: 'This one DUPONT' }).waitFor();
    const row = async (field: string) =>
      (
        await dialog
          .getByRole('row', { name: new RegExp(`^${field} `) })
          .locator('td')
          .allTextContents()
      ).map((cell) => cell.trim());
    expect(await row('name')).toEqual(['Dupont', 'equal: = DUPONT', 'differs: ≠ Garage Dupont']);
    expect(await row('phone')).toEqual([phone, 'equal: = +33 5 49 12 34 56', `equal: = ${phone}`]);
    expect(await row('city')).toEqual(['Niort', 'equal: = Niort', 'equal: = Niort']);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    while ((await focused()) !== 'This one DUPONT') await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('#failures-none').waitFor();
    await expect.poll(() => moovago.companies.get(first.id)?.name, patience).toBe('Dupont');
    expect(moovago.companies.get(second.id)?.name).toBe('Garage Dupont');
    expect(moovago.companies.size).toBe(2);
  });

  it('speaks French, fits a telephone, and makes a company of its own', async () => {
    const { page, moovago } = await undecided('fr-FR', { width: 360, height: 740 });
    await page.getByRole('button', { name: 'Comparer Dupont' }).click();
    const dialog = page.getByRole('dialog', { name: 'Dupont' });
    await dialog.getByText('Quelle société de Moovago est ce client ?').waitFor();
    await dialog.getByRole('button', { name: 'Celle-ci DUPONT' }).waitFor();
    expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    await dialog.getByRole('button', { name: 'Une nouvelle société' }).click();
    await expect.poll(() => moovago.companies.size, patience).toBe(3);
    await page.locator('#failures-none').waitFor();
  });
});
