import * as z from 'zod';

/** The id of a record. Some services write it as a number: everything that is compared is text. */
export const serviceId = z.union([z.string().min(1), z.number().int().transform(String)]);
