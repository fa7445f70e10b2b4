import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { RehearsedCuts } from '../api/rehearsed-cuts.ts';
import { cutStoreLink } from './cut-store-link.ts';
import { openEtcdLink } from './etcd-link.ts';
import type { AnswerListener, LeaseStoreLink } from './lease-store-link.ts';
import { openWitnessLink, type WitnessPorts } from './witness-link.ts';

/** The way to the lease store of this member, whatever its kind. */
export function openStoreLink(
  config: MemberConfig,
  ports: WitnessPorts & { readonly cuts: RehearsedCuts },
  onAnswer: AnswerListener,
  onOpen: () => void,
  note: (sentence: string) => void,
): LeaseStoreLink {
  const { store } = config;
  return 'kind' in store
    ? cutStoreLink((heard) => openEtcdLink(config, store, ports, heard, onOpen), onAnswer, ports.cuts)
    : openWitnessLink(config, store, ports, onAnswer, onOpen, note);
}
