import { z } from 'zod';
import { jsonAnswer, type Route } from './answer.ts';

const downloadRequest = z.object({ fileId: z.string().min(1) });

/** `POST /api/downloadFile`, documented on a second page of the guide's repository. The link that it gives leads nowhere. */
export function downloadFileRoute(files: Set<string>): Route {
  return {
    operations: (body) => {
      const fileId = fileIdIn(body);
      const args = fileId === undefined ? {} : { fileId };
      return [{ path: 'downloadFile', operation: 'downloadFile', args }];
    },
    refusal: (status) => refusal(status, `HTTP ${status}`),
    execute(body) {
      const fileId = fileIdIn(body);
      if (fileId === undefined) return refusal(400, 'fileId is required');
      if (!files.has(fileId)) return refusal(404, 'File not found');
      const s3Url = `https://files.invalid/${encodeURIComponent(fileId)}?X-Amz-Expires=900`;
      return jsonAnswer(200, JSON.stringify({ status: 'success', data: { s3Url } }));
    },
  };
}

function refusal(status: number, message: string) {
  return jsonAnswer(status, JSON.stringify({ status: 'error', message }));
}

function fileIdIn(body: string): string | undefined {
  try {
    return downloadRequest.parse(JSON.parse(body)).fileId;
  } catch {
    return undefined;
  }
}
