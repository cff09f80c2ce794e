import { company } from './company.ts';
import { contact } from './contact.ts';
import type { Entity, EntityName } from './entity.ts';
import { turnover } from './turnover.ts';

/** Every kind of record that the connector writes. */
export const entities: Record<EntityName, Entity> = { company, contact, turnover };
