import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { readCompaniesNow } from '../../lib/jobs/check-job.ts';
import { newKey } from '../../local/request-guard.ts';
import type { LogEntry } from '../function-output.ts';
import type { ServiceEnvironment } from '../service-environment.ts';
import type { Session } from '../session.ts';
import { openSystems } from '../systems.ts';
import type { Activity } from './activity.ts';
import { createBoardAnswers, reply } from './board-answers.ts';
import { createActions } from './create-actions.ts';
import { readCandidates } from './read-candidates.ts';
import { createSnapshotReader } from './read-snapshot.ts';
import type { BoardSystems } from './systems.ts';

export type BoardOptions = {
  /** 0 takes any free one. */
  port: number;
  session: Session;
  activity: Activity;
  systems: BoardSystems;
  /** Addresses and keys. */
  environment: ServiceEnvironment;
  onLog(entry: LogEntry): void;
};

/** The address ends in the key, which a browser keeps to itself and to the page. */
export type Board = AsyncDisposable & { url: string };

const host = '127.0.0.1';
/** How often the changes that wait are counted for the chart when nobody looks, in milliseconds. */
const countEveryMs = 60_000;

/** The page to look at while it runs, on this machine and for nobody else. Throws a `ConfigurationError` for a port that is taken. */
export async function startBoard(options: BoardOptions): Promise<Board> {
  const { port, session, activity, systems, onLog } = options;
  const snapshots = createSnapshotReader(session, activity, systems);
  const asked = openSystems(options.environment, session);
  const key = newKey();
  const answer = createBoardAnswers(
    snapshots.read,
    createActions(session, systems, asked, onLog),
    (folderId) => readCandidates(folderId, session, () => readCompaniesNow(asked)),
    key,
  );
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Hung up: there is nothing to answer, and nothing failed.
      if (response.destroyed) return;
      onLog({ level: 'ERROR', message: 'board-failed', reason: error instanceof Error ? error.name : '' });
      if (response.headersSent) response.destroy();
      else reply(response, 500, '{}');
    });
  });
  const taken = await listen(server, port);
  const timer = setInterval(() => void snapshots.counts().catch(() => {}), countEveryMs);
  return {
    url: `http://${host}:${taken}/#${key}`,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new ConfigurationError(
          `port ${port}`,
          'another program uses it: choose another port, or 0 for any free port',
          {
            cause,
          },
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
