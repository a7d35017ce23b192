// Licences an account holds. Google lists them by product only, so each product's list is read and searched.
import { allPages, type Caller, type Mailbox } from './caller.ts';
import { LicencePage } from './schema.ts';

/** Paid for by the seat. @see https://developers.google.com/workspace/admin/licensing/v1/how-tos/products, read 2026-11 */
export const LICENCE_PRODUCTS = [
  'Google-Apps',
  'Google-Vault',
  '101005', // Cloud Identity Premium
  '101031', // Workspace for Education, paid editions
  '101033', // Voice
  '101037', // Workspace for Education, add-ons
  '101038', // AppSheet
  '101047', // Gemini
] as const;

export interface Licence {
  readonly productId: string;
  readonly skuId: string;
  readonly name: string | null;
}

export function licencesOf({ read, write }: Caller) {
  return {
    /** `customerId` as an account has it, such as `C00000000`. Archived User licences, which an archived account needs, are left out. */
    listLicences: async (account: Mailbox, customerId: string): Promise<Licence[]> => {
      const address = account.primaryEmail.toLowerCase();
      const found = await Promise.all(
        LICENCE_PRODUCTS.map((productId) =>
          allPages(
            (page) =>
              read(
                {
                  operation: 'licensing.licenseAssignments.listForProduct',
                  subject: account.id,
                  scope: 'apps.licensing',
                },
                LicencePage,
                (apis, { auth, options }) =>
                  apis.licensing.licenseAssignments.listForProduct(
                    { auth, productId, customerId, maxResults: 1000, ...page },
                    options,
                  ),
              ),
            (page) => page.items,
          ),
        ),
      );
      return found
        .flatMap(({ items }) => items)
        .filter((one) => one.userId.toLowerCase() === address)
        .map(({ productId, skuId, skuName }) => ({ productId, skuId, name: skuName }));
    },
    freeLicence: (account: Mailbox, { productId, skuId }: Pick<Licence, 'productId' | 'skuId'>) =>
      write(
        {
          operation: 'licensing.licenseAssignments.delete',
          subject: `${account.id}/${skuId}`,
          scope: 'apps.licensing',
        },
        (apis, { auth, options }) =>
          apis.licensing.licenseAssignments.delete({ auth, productId, skuId, userId: account.primaryEmail }, options),
      ),
  };
}
