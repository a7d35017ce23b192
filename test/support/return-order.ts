// An order of a return box as tests send it: Dana's laptop, by UPS, to the office.
import type { ReturnOrder } from '../../src/connectors/retriever/client.ts';

export const DANAS_ADDRESS = {
  name: 'Dana Whitfield',
  email: 'dana.private@home.test',
  line1: '12 Elm Street',
  line2: 'Apt 4',
  city: 'Springfield',
  state: 'OR',
  zip: '97477',
  country: 'United States',
} as const;

export function aReturnOrder(over: Partial<ReturnOrder> = {}): ReturnOrder {
  return {
    device: 'laptop',
    withCharger: true,
    serialNumber: 'C02DANA0001',
    ticketId: 'OFF-12/C02DANA0001',
    from: DANAS_ADDRESS,
    to: {
      name: 'IT desk',
      company: 'Acme',
      line1: '1 Main Street',
      city: 'Portland',
      state: 'OR',
      zip: '97201',
      displayName: 'Acme',
      notificationEmail: 'it@acme.test',
    },
    ...over,
  };
}
