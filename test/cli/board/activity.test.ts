import { describe, expect, it } from 'vitest';
import { createActivity } from '../../../cli/board/activity.ts';

const minuteMs = 60_000;
const start = 1_000 * minuteMs;

function setUp() {
  let now = start;
  const activity = createActivity(() => now);
  const pass = (ms: number) => {
    now += ms;
  };
  return { activity, pass };
}

describe('what happened in the last hour', () => {
  it('is counted by the minute, from what the functions log', () => {
    const { activity, pass } = setUp();
    activity.take({ level: 'INFO', message: 'delivered', folderId: 'a' });
    activity.take({ level: 'INFO', message: 'removed', folderId: 'b' });
    activity.take({ level: 'WARN', message: 'record-refused', folderIds: ['c', 'd'] });
    activity.noteDue(7);
    pass(minuteMs);
    activity.take({ level: 'WARN', message: 'folder-unmappable', folderId: 'e' });
    activity.take({ level: 'INFO', message: 'announced', folders: 3 });
    const history = activity.history();
    expect(history.length).toBe(60);
    expect(history.slice(-2)).toEqual([
      { at: start, delivered: 2, failed: 2, due: 7 },
      { at: start + minuteMs, delivered: 0, failed: 1, due: null },
    ]);
    expect(history[0]).toEqual({ at: start - 58 * minuteMs, delivered: 0, failed: 0, due: null });
  });

  it('is forgotten after an hour', () => {
    const { activity, pass } = setUp();
    activity.take({ level: 'INFO', message: 'delivered', folderId: 'a' });
    pass(59 * minuteMs);
    expect(activity.history()[0]).toEqual({ at: start, delivered: 1, failed: 0, due: null });
    pass(minuteMs);
    expect(activity.history().reduce((sum, { delivered }) => sum + delivered, 0)).toBe(0);
  });
});

describe('the folders to which something happened', () => {
  it('come newest first, each once, and no more than 60', () => {
    const { activity } = setUp();
    for (let number = 1; number <= 60; number++) activity.touch(`f${number}`);
    activity.take({ level: 'INFO', message: 'delivered', folderId: 'f2' });
    activity.take({ level: 'WARN', message: 'record-refused', folderIds: ['new'] });
    const recent = activity.recentFolders();
    expect(recent.slice(0, 3)).toEqual(['new', 'f2', 'f60']);
    expect(recent.length).toBe(60);
    expect(recent).not.toContain('f1');
  });
});
