import type { SimulatedAction } from './board-action.ts';
import type { BoardCompany, BoardFolder, BoardSnapshot } from './snapshot.ts';

/** Both systems as the page shows them, few records at a time. */
export type BoardSystems = {
  editing: BoardSnapshot['editing'];
  /**
   * Folders and companies that match a search, what changed last first.
   * @param failed folders that somebody has to look at: their names are wanted too
   */
  look(search: string, failed: readonly string[]): Promise<BoardLook>;
  /** What somebody does to simulated systems; absent where they are real. Returns once the connector has looked at it. */
  simulate?(action: SimulatedAction): Promise<void>;
};

type BoardLook = {
  folders: BoardFolder[];
  companies: BoardCompany[];
  /** How many there are of both, where that is known better than by the rows. */
  totals?: { folders: number; companies: number };
  /** Of folders, by id. */
  names: ReadonlyMap<string, string>;
};

/** Folders and companies that the page gets at a time. */
export const shownMax = 40;
