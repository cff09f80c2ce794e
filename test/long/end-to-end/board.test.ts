import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDev } from '../../../cli/commands/run-dev.ts';
import { chromiumPath, startChromium } from '../../support/chromium.ts';
import { patience } from '../../support/patience.ts';

if (chromiumPath === undefined)
  console.warn('No Chromium on the PATH: the page of `npm run dev` is not tested in a browser.');

describe.skipIf(chromiumPath === undefined)('the page of npm run dev', () => {
  let browser: Browser;
  let dev: Awaited<ReturnType<typeof startDev>>;

  beforeAll(async () => {
    browser = await startChromium();
    dev = await startDev({ folders: 40, port: 0 }, () => {});
    // Two of them have no name, and two are refused once.
    await vi.waitUntil(() => dev.world.moovago.companies.size === 36, patience);
  });
  afterAll(async () => {
    await browser?.close();
    await dev?.[Symbol.asyncDispose]();
  });

  /** The page in a browser of its own, with what it asked for and complained about. */
  async function open(options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    onTestFinished(() => context.close());
    // Only what hangs ends so: Playwright's own 30 seconds are too short beside other work.
    context.setDefaultTimeout(patience.timeout);
    const requests: string[] = [];
    const complaints: string[] = [];
    context.on('request', (request) => requests.push(request.url()));
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(dev.url);
    await page.locator('#folders li').first().waitFor();
    return { page, requests, complaints };
  }

  const companyOf = (folderId: string) =>
    [...dev.world.moovago.companies.values()].find(({ note }) => note?.includes(`:${folderId}:`));
  const folderNamed = (index: number) => {
    const folder = [...dev.world.clavus.folders.values()][index];
    const text = (column: string) => String(folder?.get(column) ?? '').trim();
    return {
      id: folder?.id ?? '',
      name: text('raison_sociale') || `${text('prenom')} ${text('nom')}`.trim(),
    };
  };
  const companies = (page: Page) => page.getByRole('list', { name: 'Companies in Moovago' });

  it('shows the folders, the companies and what failed, and asks nobody but this machine', async () => {
    const { page, requests, complaints } = await open();
    expect(await page.locator('#clavus-total').textContent()).toBe('40');
    expect(await page.locator('#folders li').count()).toBe(40);
    expect(await page.locator('#companies li').count()).toBe(dev.world.moovago.companies.size);
    expect(await page.locator('#failures li').count()).toBe(4);
    expect(await page.getByRole('img', { name: /^Records in the last hour: 36 delivered/ }).count()).toBe(1);
    expect(complaints).toEqual([]);
    const { origin } = new URL(dev.url);
    expect(requests.filter((address) => !address.startsWith(`${origin}/`))).toEqual([]);
  });

  it('brings an edit that is typed into it to Moovago, and shows text as text', async () => {
    const { page, complaints } = await open();
    const { id, name } = folderNamed(0);
    await page.locator(`#folders [data-key="${id}"] button`).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByLabel('Ville').fill('<b>Villefranche</b>');
    await dialog.getByRole('button', { name: 'Save in Clavus' }).click();
    await companies(page).getByText('<b>Villefranche</b>').waitFor();
    expect(companyOf(id)?.city).toBe('<b>Villefranche</b>');
    expect(complaints).toEqual([]);
  });

  it('sends a folder again that Moovago refused', async () => {
    const { page } = await open();
    const { id, name } = folderNamed(8);
    expect(companyOf(id)).toBeUndefined();
    const failure = page.locator(`#failures [data-key="${id}"]`);
    await failure.getByText('Numéro de téléphone invalide').waitFor();
    await failure.getByRole('button', { name: `Retry ${name}` }).click();
    await failure.waitFor({ state: 'detached' });
    await expect.poll(() => companyOf(id)?.name).toBe(name);
  });

  it('can be used by keyboard alone', async () => {
    const { page } = await open();
    const { id, name } = folderNamed(20);
    const focusedId = () => page.evaluate(() => document.activeElement?.id);
    while ((await focusedId()) !== 'search') await page.keyboard.press('Tab');
    await page.keyboard.type(id);
    await page.locator('#folders li').nth(1).waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name }).waitFor();
    while ((await focusedId()) !== 'column-adresse') await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('7 quai du Levant');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // Where one was before.
    expect(await page.evaluate(() => document.activeElement?.closest('li')?.dataset.key)).toBe(id);
    await expect.poll(() => companyOf(id)?.address).toBe('7 quai du Levant');
  });

  it("speaks the browser's language, and the other one when asked, also the next time", async () => {
    const { page } = await open({ locale: 'fr-FR' });
    const spoken = async () => [
      await page.locator('html').getAttribute('lang'),
      await page.locator('#folders-title').textContent(),
    ];
    expect(await spoken()).toEqual(['fr', 'Dossiers dans Clavus']);
    await page.getByRole('button', { name: 'English' }).click();
    expect(await spoken()).toEqual(['en', 'Folders in Clavus']);
    await page.reload();
    await page.locator('#folders li').first().waitFor();
    expect(await spoken()).toEqual(['en', 'Folders in Clavus']);
  });

  it('shows nobody anything without its key, says so, and goes on once the key is there', async () => {
    const page = await browser.newPage({ locale: 'en-GB' });
    onTestFinished(() => page.close());
    const { origin, hash } = new URL(dev.url);
    await page.goto(`${origin}/#${'0'.repeat(64)}`);
    await page
      .getByText(
        'This address has no key, or an old one. Open the address that the command shows when it starts.',
      )
      .waitFor(patience);
    expect(await page.locator('#folders li').count()).toBe(0);
    await page.goto(`${origin}/${hash}`);
    await page.locator('#folders li').first().waitFor(patience);
  });

  it('fits a telephone, its dialog too', async () => {
    const { page } = await open({ viewport: { width: 360, height: 740 }, locale: 'fr-FR' });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    await page.locator('#folders button').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await overflow()).toBe(0);
    expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });
});
