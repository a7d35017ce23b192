// EasyPost by its SDK: trackers of parcels, whatever their carrier. Knows nothing of offboarding.
import { ConnectorError } from '../connector-error.ts';
import { callEasyPost, type EasyPostSettings } from './call.ts';
import { Tracker, TrackerList, WebhookList } from './schema.ts';

export type { Tracker, TrackingStatus } from './schema.ts';

/** Nothing is published but "fair use": ours keeps many parcels from being a flood. */
export const EASYPOST_PACES = {
  /** Writes; the bucket is the vendor's name. */
  easypost: { intervalMs: 200, burst: 20 },
  'easypost.reads': { intervalMs: 200, burst: 50 },
} as const;

export type EasyPost = ReturnType<typeof connectEasyPost>;

export function connectEasyPost(settings: EasyPostSettings) {
  return {
    /**
     * The tracker of this number; within three months the same one however often it is asked for, so that a lost answer may be asked
     * for again. Without a carrier EasyPost guesses it by the number. `rejected`: it knows no such number.
     */
    createTracker: (parcel: { readonly code: string; readonly carrier: string | null }): Promise<Tracker> =>
      callEasyPost(
        settings,
        { operation: 'createTracker', kind: 'write' },
        (client) =>
          client.Tracker.create({
            tracking_code: parcel.code,
            ...(parcel.carrier === null ? {} : { carrier: parcel.carrier }),
          }),
        Tracker.refine((one) => one.code === parcel.code, 'is of another parcel'),
      ),

    /** Null if EasyPost has no tracker with this id. */
    getTracker: async (id: string): Promise<Tracker | null> => {
      if (!/^trk_\w{1,100}$/.test(id)) throw refused('getTracker', 'not the id of a tracker');
      try {
        const call = { operation: 'getTracker', subject: id, kind: 'read' } as const;
        const schema = Tracker.refine((one) => one.id === id, 'is another tracker');
        return await callEasyPost(settings, call, (client) => client.Tracker.retrieve(id), schema);
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'not_found') return null;
        throw error;
      }
    },

    /** The trackers of a number, newest first: several where carriers use it again, or two carriers do. */
    findTrackers: async (code: string): Promise<readonly Tracker[]> => {
      const { trackers } = await callEasyPost(
        settings,
        { operation: 'listTrackers', kind: 'read' },
        (client) => client.Tracker.all({ tracking_code: code, page_size: 100 }),
        TrackerList,
      );
      return trackers.filter((one) => one.code === code);
    },

    /** Where EasyPost sends its events. */
    listWebhooks: (): Promise<readonly { readonly url: string; readonly isEnabled: boolean }[]> =>
      callEasyPost(
        settings,
        { operation: 'listWebhooks', kind: 'read' },
        (client) => client.Webhook.all(),
        WebhookList,
      ),
  };
}

function refused(operation: string, reason: string): ConnectorError {
  return new ConnectorError({ kind: 'rejected', vendor: 'easypost', operation, reason });
}
